/// Words and sentences as they stand on a line of the tracker file.
///
/// A word is bare, or in quotes with `\"`, `\\` and `\u{1F}` inside. A sentence is the rest of its
/// line. Nothing that comes from a profile or a flag can end the line it stands in.
package enum TrackerText {
  /// The longest title, reason or name that is kept.
  static let longest = 400

  static func word(_ text: String) -> String {
    let isBare = text.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "\\" && !isInvisible($0)
    }
    if isBare, !text.isEmpty { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || isInvisible(scalar):
        quoted += "\\u{\(String(scalar.value, radix: 16))}"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// One line without control characters and doubled spaces, and not longer than `longest`.
  package static func sentence(_ text: String) -> String { harmless(text, upTo: longest) }

  /// The same without a limit, for terminals.
  package static func harmless(_ text: String, upTo longest: Int = .max) -> String {
    var line = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      let isSpace =
        scalar.value <= 0x20 || (0x7F...0xA0).contains(scalar.value) || isInvisible(scalar)
      if isSpace, line.isEmpty || line.last == " " { continue }
      line.append(isSpace ? " " : scalar)
      count += 1
      if count == longest { break }
    }
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// Marks that turn the direction of text, join it or break its line.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x85, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// For a shell: quoted unless it is harmless.
  package static func shellWord(_ text: String) -> String {
    let isHarmless = text.unicodeScalars.allSatisfy {
      ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
        || "-_./:,+".unicodeScalars.contains($0)
    }
    if isHarmless, !text.isEmpty { return text }
    return "'"
      + sentence(text).split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

/// Takes a line apart from left to right, and knows where it is.
///
/// It goes by scalars: a mark that joins the quotation mark before it must not hide it.
struct TrackerLine {
  let number: Int
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String, number: Int) {
    scalars = Array(text.unicodeScalars)
    self.number = number
  }

  /// Counted from 1, as editors do.
  var column: Int { position + 1 }

  func problem(_ what: String) -> TrackerProblem {
    TrackerProblem(line: number, column: column, what: what)
  }

  private var isAtSpace: Bool { scalars[position] == " " || scalars[position] == "\t" }

  private var isAtEnd: Bool { position >= scalars.count }

  private mutating func skipSpace() { while !isAtEnd, isAtSpace { position += 1 } }

  /// The next word; nil at the end of the line.
  mutating func word() throws(TrackerProblem) -> String? {
    skipSpace()
    if isAtEnd { return nil }
    if scalars[position] == "\"" { return try quoted() }
    let start = position
    while !isAtEnd, !isAtSpace { position += 1 }
    return text(scalars[start..<position])
  }

  mutating func word(_ name: String) throws(TrackerProblem) -> String {
    guard let word = try word(), !word.isEmpty else { throw problem("\(name) is missing") }
    return word
  }

  /// The rest of the line, which must be something.
  mutating func sentence(_ name: String) throws(TrackerProblem) -> String {
    skipSpace()
    let sentence = TrackerText.sentence(text(scalars[position...]))
    if sentence.isEmpty { throw problem("\(name) is missing") }
    position = scalars.count
    return sentence
  }

  mutating func end() throws(TrackerProblem) {
    skipSpace()
    if !isAtEnd { throw problem("there is more on this line than it takes") }
  }

  private func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(part))
  }

  private mutating func quoted() throws(TrackerProblem) -> String {
    let opening = problem("the quotation mark has no partner")
    position += 1
    var word = String.UnicodeScalarView()
    while !isAtEnd {
      let next = scalars[position]
      position += 1
      if next == "\"" { return String(word) }
      word.append(next == "\\" ? try escaped() : next)
    }
    throw opening
  }

  private mutating func escaped() throws(TrackerProblem) -> Unicode.Scalar {
    let wrong = problem("a backslash stands before \", \\ or u{…} only")
    guard !isAtEnd else { throw wrong }
    let next = scalars[position]
    position += 1
    if next == "\"" || next == "\\" { return next }
    guard next == "u", !isAtEnd, scalars[position] == "{" else { throw wrong }
    let digits = scalars[(position + 1)...].prefix { $0 != "}" }
    position += digits.count + 1
    guard !isAtEnd, digits.count <= 6,
      let scalar = UInt32(text(digits), radix: 16).flatMap(Unicode.Scalar.init)
    else { throw wrong }
    position += 1
    return scalar
  }
}
