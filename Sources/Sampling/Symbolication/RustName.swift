/// Rust's two ways to write a path into a linker's name.
///
/// The old one dresses up as C++: `_ZN4core3fmt5write17h0123456789abcdefE` is `core::fmt::write`
/// and a hash, and what C++ has no letter for stands between dollars. The new one begins with `_R`.
enum RustName {
  /// The path, or nil when it is not a name that rustc made.
  static func demangled(_ mangled: String) -> String? {
    if mangled.hasPrefix("_R") { return RustPath.demangled(mangled) }
    return mangled.hasPrefix("_ZN") ? old(mangled) : nil
  }

  private static func old(_ mangled: String) -> String? {
    var parts: [Substring.UTF8View] = []
    var rest = mangled.dropFirst(3).utf8[...]
    while let first = rest.first, first != UInt8(ascii: "E") {
      let digits = rest.prefix { (48...57).contains($0) }
      guard let count = Int(Substring(digits)), count > 0 else { return nil }
      let part = rest.dropFirst(digits.count).prefix(count)
      if part.count < count { return nil }
      parts.append(part)
      rest = rest.dropFirst(digits.count + count)
    }
    guard rest.first == UInt8(ascii: "E"), parts.count > 1, let hash = parts.popLast(),
      isHash(hash)
    else { return nil }
    return parts.map { undressed(Substring($0)) }.joined(separator: "::")
  }

  private static func isHash(_ part: Substring.UTF8View) -> Bool {
    part.count == 17 && part.first == UInt8(ascii: "h")
      && part.dropFirst().allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static let letters: [Substring: String] = [
    "SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ",",
  ]

  /// `_$LT$A$u20$as$u20$B$GT$` is `<A as B>`, and two dots are two colons.
  private static func undressed(_ part: Substring) -> String {
    var result = ""
    var rest = part.hasPrefix("_$") ? part.dropFirst() : part
    while let letter = rest.first {
      if letter == "$", let end = rest.dropFirst().firstIndex(of: "$"),
        let meant = meaning(rest[rest.index(after: rest.startIndex)..<end])
      {
        result += meant
        rest = rest[rest.index(after: end)...]
      } else if rest.hasPrefix("..") {
        result += "::"
        rest = rest.dropFirst(2)
      } else {
        result.append(letter)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static func meaning(_ name: Substring) -> String? {
    if let letter = letters[name] { return letter }
    guard name.first == "u", let code = UInt32(name.dropFirst(), radix: 16),
      let scalar = Unicode.Scalar(code)
    else { return nil }
    return String(Character(scalar))
  }
}
