/// What is wrong with a regular expression, in half a sentence.
struct PatternProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Reads regular expressions as RE2 and Go write them, which is how pprof's users type them.
///
/// There are no back references and no looking around, as there are none in RE2. Scripts, such as
/// `\p{Greek}`, are not known here; categories are, such as `\pL` and `\p{Lu}`.
struct PatternParser {
  indirect enum Part: Sendable {
    case letter(LetterSet)
    case place(PatternProgram.Place)
    case sequence([Part])
    case choice([Part])
    case repeated(Part, least: Int, most: Int?)
  }

  struct Flags {
    var ignoresCase = false
    /// `^` and `$` hold at line ends too.
    var hasLines = false
    var dotTakesLineEnd = false
  }

  private static let deepest = 200
  private static let mostRepetitions = 1_000

  let letters: [Unicode.Scalar]
  var position = 0
  var flags = Flags()
  private var depth = 0

  private init(_ source: String) { letters = Array(source.unicodeScalars) }

  static func parse(_ source: String) throws(PatternProblem) -> Part {
    var parser = PatternParser(source)
    let part = try parser.choice()
    if !parser.isAtEnd { throw PatternProblem("a ) has no ( before it") }
    return part
  }

  var isAtEnd: Bool { position >= letters.count }
  var next: Unicode.Scalar? { isAtEnd ? nil : letters[position] }

  mutating func take() throws(PatternProblem) -> Unicode.Scalar {
    guard let letter = next else { throw PatternProblem("it ends too early") }
    position += 1
    return letter
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard letters[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  // MARK: - Parts

  private mutating func choice() throws(PatternProblem) -> Part {
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(PatternProblem) -> Part {
    var parts: [Part] = []
    while let letter = next, letter != "|", letter != ")" {
      if take("\\Q") {
        quoted(&parts)
      } else if let counts = try counts() {
        guard let last = parts.popLast() else {
          throw PatternProblem("there is nothing to repeat before `\(letter)`")
        }
        parts.append(.repeated(last, least: counts.least, most: counts.most))
      } else if let part = try single() {
        parts.append(part)
      }
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func quoted(_ parts: inout [Part]) {
    while !isAtEnd, !take("\\E") {
      parts.append(.letter(LetterSet(letters[position].value, ignoresCase: flags.ignoresCase)))
      position += 1
    }
  }

  /// One part without what repeats it; nil for flags alone, which only change what follows.
  private mutating func single() throws(PatternProblem) -> Part? {
    let letter = try take()
    switch letter {
    case "(": return try group()
    case "[": return .letter(try list())
    case ".": return .letter(flags.dotTakesLineEnd ? .all : .allInLine)
    case "^": return .place(flags.hasLines ? .lineStart : .textStart)
    case "$": return .place(flags.hasLines ? .lineEnd : .textEnd)
    case "\\": return try escaped()
    default: return .letter(LetterSet(letter.value, ignoresCase: flags.ignoresCase))
    }
  }

  // MARK: - Repetition

  private mutating func counts() throws(PatternProblem) -> (least: Int, most: Int?)? {
    guard let counts = try readCounts() else { return nil }
    // How much is taken first makes no difference to whether there is a match.
    _ = take("?")
    let end = position
    if try readCounts() != nil {
      position = end
      throw PatternProblem("one repetition stands behind another")
    }
    return counts
  }

  private mutating func readCounts() throws(PatternProblem) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{"), let least = number() else {
      position = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      position = start
      return nil
    }
    if max(least, most ?? 0) > Self.mostRepetitions || least > most ?? least {
      throw PatternProblem(
        "it repeats \(least) to \(most.map { "\($0)" } ?? "any number of") times")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let digits = letters[position...].prefix { ("0"..."9").contains($0) }
    if digits.isEmpty || digits.count > 1 && digits.first == "0" { return nil }
    position += digits.count
    return Int(String(String.UnicodeScalarView(digits.prefix(9)))).map {
      digits.count > 9 ? Int(Int32.max) : $0
    }
  }

  // MARK: - Groups and flags

  private mutating func group() throws(PatternProblem) -> Part? {
    let outer = flags
    if take("?") {
      if take("P<") || take("<") {
        try name()
      } else if try !changeFlags() {
        return nil
      }
    }
    depth += 1
    if depth > Self.deepest { throw PatternProblem("its groups lie too deep in each other") }
    let part = try choice()
    depth -= 1
    guard take(")") else { throw PatternProblem("a ( is not closed") }
    flags = outer
    return part
  }

  private mutating func name() throws(PatternProblem) {
    let name = letters[position...].prefix { $0 != ">" }
    position += name.count
    let isWord = name.allSatisfy { LetterSet(LetterSet.perl("w") ?? []).contains($0.value) }
    guard take(">"), !name.isEmpty, isWord else {
      throw PatternProblem("the name of a group is not closed, or no word")
    }
  }

  /// Reads flags up to a colon, or up to the closing bracket: then false, and no group follows.
  private mutating func changeFlags() throws(PatternProblem) -> Bool {
    var isOn = true
    var isEmpty = true
    while true {
      let letter = try take()
      switch letter {
      case "i": flags.ignoresCase = isOn
      case "m": flags.hasLines = isOn
      case "s": flags.dotTakesLineEnd = isOn
      case "U": break
      case "-" where isOn:
        isOn = false
        isEmpty = true
        continue
      case ":" where isOn || !isEmpty: return true
      case ")" where isOn || !isEmpty: return false
      default: throw PatternProblem("`(?\(letter)` is not a part of RE2")
      }
      isEmpty = false
    }
  }
}
