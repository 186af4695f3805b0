/// Regular expressions as RE2 writes them, in the words of Swift's `Regex`.
///
/// pprof's users type RE2. Where the two differ in spelling the pattern is rewritten: `\pL` is
/// `\p{L}`, and `(?P<name>` is `(?<name>`. Swift's word boundaries know no end of the text, so a
/// pattern that has some is kept a second time, for texts that end within a word.
struct PatternDialect {
  private(set) var pattern = ""
  /// The same for texts whose last letter is of a word; nil where nothing differs.
  var patternAtWordEnd: String? { hasBoundary ? atWordEnd : nil }
  private var atWordEnd = ""
  private var hasBoundary = false

  init(_ source: String) {
    var rest = source.unicodeScalars[...]
    while let letter = rest.popFirst() {
      if letter == "\\", let next = rest.popFirst() {
        escape(next, &rest)
      } else if letter == "(", rest.starts(with: "?P<".unicodeScalars) {
        rest = rest.dropFirst(3)
        add("(?<")
      } else {
        add(String(letter))
      }
    }
  }

  /// Whether a text ends within a word.
  static func endsInWord(_ text: String) -> Bool {
    guard let last = text.utf8.last else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(last | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) || last == UInt8(ascii: "_")
  }

  private mutating func escape(
    _ letter: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
  ) {
    switch letter {
    case "p", "P":
      guard let name = rest.first, name != "{" else { return add("\\\(letter)") }
      rest = rest.dropFirst()
      add("\\\(letter){\(name)}")
    case "b": add("\\b", atWordEnd: #"(?:\b|\z)"#)
    case "B": add("\\B", atWordEnd: #"(?:(?!\z)\B)"#)
    default: add("\\\(letter)")
    }
  }

  private mutating func add(_ text: String, atWordEnd other: String? = nil) {
    pattern += text
    atWordEnd += other ?? text
    if other != nil { hasBoundary = true }
  }
}
