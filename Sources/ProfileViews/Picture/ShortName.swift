/// Function names without packages, namespaces and arguments, as they fit into a box.
///
/// The four rules are pprof's, read here as what they take away from the front.
struct ShortName {
  private let java: Regex<AnyRegexOutput>?
  private let cPlusPlus: Regex<AnyRegexOutput>?

  init() {
    let word = "[A-Za-z0-9_]"
    java = try? Regex(
      "^(?:[a-z]\(word)*\\.)*([A-Z][A-Za-z0-9_$]*\\.(?:<init>|[a-z][A-Za-z0-9_$]*(?:\\$[0-9]+)?))(?:(?:\\()|$)"
    )
    cPlusPlus = try? Regex(
      "^(?:[_a-zA-Z]\(word)*::)+(_*[A-Z]\(word)*::~?[_a-zA-Z]\(word)*(?:<.*>)?)")
  }

  func of(_ name: String) -> String {
    let anonymous = "(anonymous namespace)::"
    var text = name.hasPrefix(anonymous) ? String(name.dropFirst(anonymous.count)) : name
    text = Self.withoutVersion(text)
    if let rest = Self.behindPackage(text) { return rest }
    for rule in [java, cPlusPlus] {
      guard let rule, let match = try? rule.firstMatch(in: text), match.output.count > 1,
        let part = match.output[1].substring
      else { continue }
      return String(part)
    }
    return text
  }

  /// `a/v2/b.F` as `a/b.F`: the number of a Go module, from two on.
  private static func withoutVersion(_ name: String) -> String {
    let letters = Array(name.utf8)
    for start in letters.indices.dropLast(2)
    where letters[start] == UInt8(ascii: "/") && letters[start + 1] == UInt8(ascii: "v") {
      let digits = letters[(start + 2)...].prefix { isDigit($0) }
      let end = start + 2 + digits.count
      guard end < letters.count, [UInt8(ascii: "."), UInt8(ascii: "/")].contains(letters[end]),
        let first = digits.first, first != UInt8(ascii: "0"),
        digits.count > 1 || first != UInt8(ascii: "1")
      else { continue }
      return String(decoding: letters[..<start] + letters[end...], as: UTF8.self)
    }
    return name
  }

  /// What follows the folders of a Go package, if it has any.
  private static func behindPackage(_ name: String) -> String? {
    let letters = Array(name.utf8)
    var (rest, position): (Int?, Int) = (nil, 0)
    while true {
      let folder = letters[position...].prefix { isOfFolder($0) }
      let end = position + folder.count
      guard !folder.isEmpty, end < letters.count - 1, letters[end] == UInt8(ascii: "/") else {
        break
      }
      position = end + 1
      rest = position
    }
    return rest.map { String(decoding: letters[$0...], as: UTF8.self) }
  }

  private static func isDigit(_ letter: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter)
  }

  private static func isOfFolder(_ letter: UInt8) -> Bool {
    isDigit(letter) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter | 0x20)
      || "_-.".utf8.contains(letter)
  }
}
