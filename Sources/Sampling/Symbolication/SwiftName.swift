/// Makes the runtime's long Swift names fit a table: what and where, without types.
///
/// `generic specialization <A> of Mod.Type.method(label: Swift.Int) throws -> B` becomes
/// `Mod.Type.method(label:)`'s base name `Mod.Type.method`; a closure keeps the function it is in.
/// The full name is one click away in the profile, as the linker's name.
enum SwiftName {
  static func short(_ full: String) -> String {
    var text = full
    for marker in [" suspend resume partial function for ", " await resume partial function for "] {
      if let range = text.range(marker) { text = String(text[range...]) }
    }
    while let range = wrapper(of: text) { text = String(text[range...]) }
    let parts = split(text).map(base).filter { !$0.isEmpty }
    return parts.isEmpty ? full : parts.joined(separator: " in ")
  }

  /// Behind words such as "generic specialization <…> of" stands the function itself.
  private static func wrapper(of text: String) -> String.Index? {
    let starts = [
      "generic specialization", "function signature specialization", "generic not re-abstracted",
      "specialized ", "merged ", "outlined ", "protocol witness for ",
      "partial apply forwarder for ",
      "reabstraction thunk helper ", "lazy protocol witness table accessor for ",
    ]
    guard let start = starts.first(where: { text.hasPrefix($0) }) else { return nil }
    for marker in ["> of ", " of ", " for "] {
      if start.hasSuffix(" of ") || start.hasSuffix(" for ") { break }
      if let end = text.range(marker) { return end }
    }
    return start.hasSuffix(" ") && !start.hasPrefix("reabstraction")
      ? text.index(text.startIndex, offsetBy: start.count) : nil
  }

  /// Splits at " in " outside of parentheses: a closure and what it is in.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    var rest = Substring(text)
    while let letter = rest.first {
      if depth == 0, rest.hasPrefix(" in ") {
        parts.append("")
        rest = rest.dropFirst(4)
        continue
      }
      if letter == "(" || letter == "<" { depth += 1 }
      if letter == ")" || letter == ">" && !parts[parts.count - 1].hasSuffix("-") { depth -= 1 }
      parts[parts.count - 1].append(letter)
      rest = rest.dropFirst()
    }
    return parts
  }

  /// A name up to its parameters; `(name in _4F2A)` is just `name`.
  private static func base(_ part: String) -> String {
    if part.hasPrefix("closure #") {
      return part.split(separator: " ").prefix(2).joined(separator: " ")
    }
    var result = ""
    var rest = Substring(part)
    while let letter = rest.first {
      if letter == "(" {
        guard let end = rest.firstIndex(of: ")") else { break }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        // A private name carries its file; anything else in parentheses is the parameters.
        guard let mark = inside.firstRange(of: " in _") else { break }
        result += inside[..<mark.lowerBound]
        rest = rest[rest.index(after: end)...]
        continue
      }
      if letter == "<" || letter == " " { break }
      result.append(letter)
      rest = rest.dropFirst()
    }
    return result
  }
}

extension String {
  /// The place behind the first occurrence of a text.
  fileprivate func range(_ text: String) -> String.Index? { firstRange(of: text)?.upperBound }
}
