/// Makes the runtime's long Swift names fit a table: what and where, without types.
///
/// `generic specialization <A> of Mod.Type.method(label: Swift.Int) throws -> B` becomes
/// `Mod.Type.method(label:)`'s base name `Mod.Type.method`; a closure keeps the function it is in.
/// The full name is one click away in the profile, as the linker's name.
enum SwiftName {
  static func short(_ full: String) -> String {
    // Behind "in conformance" stands a type that has nothing to do with where the code is.
    let parts = split(unwrapped(full)).prefix { !$0.hasPrefix("conformance ") }
    let names = parts.map { base(unwrapped($0)) }.filter { !$0.isEmpty }
    return names.isEmpty ? full : names.joined(separator: " in ")
  }

  /// Words that say how the code came about or how it is called, not what it is.
  private static let words = [
    "static ", "class ", "implicit ", "@objc ", "merged ", "specialized ", "protocol witness for ",
    "partial apply forwarder for ", "dispatch thunk of ",
  ]

  /// The same, followed by details that end where the function begins.
  private static let phrases = [
    ("generic specialization", "> of "), ("inlined generic function", "> of "),
    ("function signature specialization", "> of "),
    ("generic not re-abstracted specialization", "> of "), ("(extension in ", "):"),
    ("(", ") suspend resume partial function for "),
    ("(", ") await resume partial function for "),
  ]

  private static func unwrapped(_ text: String) -> String {
    var rest = Substring(text)
    while let start = wrapper(of: rest) { rest = rest[start...] }
    return String(rest)
  }

  private static func wrapper(of text: Substring) -> Substring.Index? {
    for word in words where text.hasPrefix(word) {
      return text.index(text.startIndex, offsetBy: word.count)
    }
    for (start, end) in phrases where text.hasPrefix(start) {
      if let found = text.firstRange(of: end)?.upperBound { return found }
    }
    return nil
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

  /// What the compiler made for a name: "outlined copy of ", "type metadata accessor for ".
  private static func phrase(of part: String) -> (String, Substring) {
    for end in [" of ", " for ", " to "] {
      guard let found = part.firstRange(of: end) else { continue }
      let start = part[..<found.lowerBound]
      if start.utf8.allSatisfy({ (97...122).contains($0) || $0 == 32 || $0 == 45 }) {
        return (start + end, part[found.upperBound...])
      }
    }
    return ("", Substring(part))
  }

  /// A name up to its parameters; `(name in _4F2A)` is just `name`.
  private static func base(_ part: String) -> String {
    if part.hasPrefix("closure #") {
      return part.split(separator: " ").prefix(2).joined(separator: " ")
    }
    var (result, rest) = phrase(of: part)
    while let letter = rest.first {
      if letter == "(" {
        guard let end = rest.firstIndex(of: ")") else { break }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        // A private name carries its file; anything else in parentheses is the parameters.
        guard let mark = inside.firstRange(of: " in _"),
          !inside[..<mark.lowerBound].contains(where: { "( ,:".contains($0) })
        else { break }
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
