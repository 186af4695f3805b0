/// Escapes, and the lists of letters in square brackets.
extension PatternParser {
  mutating func escaped() throws(PatternProblem) -> Part {
    guard let letter = next else { throw PatternProblem("it ends with a backslash") }
    if let place = Self.place(letter) {
      position += 1
      return .place(place)
    }
    if let set = try namedClass() { return .letter(set) }
    return .letter(LetterSet(try escapedLetter(), ignoresCase: flags.ignoresCase))
  }

  private static func place(_ letter: Unicode.Scalar) -> PatternProgram.Place? {
    switch letter {
    case "A": .textStart
    case "z": .textEnd
    case "b": .wordEdge
    case "B": .noWordEdge
    default: nil
    }
  }

  /// `\d`, `\pL` and their opposites, behind the backslash; nil where something else stands.
  private mutating func namedClass() throws(PatternProblem) -> LetterSet? {
    guard let letter = next else { return nil }
    if letter == "p" || letter == "P" {
      position += 1
      return try unicodeClass(isNegated: letter == "P")
    }
    let isNegated = ("A"..."Z").contains(letter)
    guard let small = Unicode.Scalar(letter.value | 32), let ranges = LetterSet.perl(small) else {
      return nil
    }
    position += 1
    return LetterSet(ranges, isNegated: isNegated, ignoresCase: flags.ignoresCase)
  }

  private mutating func unicodeClass(isNegated: Bool) throws(PatternProblem) -> LetterSet {
    var name = String(try take())
    var isNegated = isNegated
    if name == "{" {
      if take("^") { isNegated.toggle() }
      let inside = letters[position...].prefix { $0 != "}" }
      position += inside.count
      guard take("}") else { throw PatternProblem("a class of letters is not closed") }
      name = String(String.UnicodeScalarView(inside))
    }
    if name == "Any" { return LetterSet(isNegated: !isNegated) }
    let categories = LetterSet.categories(named: name)
    if categories.isEmpty {
      throw PatternProblem("\\p{\(name)} is no category of letters such as \\pL, \\p{Lu}, \\p{Nd}")
    }
    return LetterSet(
      categories: categories, isNegated: isNegated, ignoresCase: flags.ignoresCase)
  }

  private mutating func escapedLetter() throws(PatternProblem) -> UInt32 {
    let letter = try take()
    switch letter {
    case "a": return 7
    case "f": return 12
    case "n": return 10
    case "r": return 13
    case "t": return 9
    case "v": return 11
    case "x": return try hexadecimal()
    case "0"..."7":
      // One digit alone, but for zero, would be a back reference.
      let more = letters[position...].prefix(2).prefix { ("0"..."7").contains($0) }
      if letter != "0", more.isEmpty { break }
      position += more.count
      return more.reduce(letter.value - 48) { $0 * 8 + $1.value - 48 }
    default:
      if letter.isASCII, !LetterSet(LetterSet.posix["alnum"] ?? []).contains(letter.value) {
        return letter.value
      }
    }
    throw PatternProblem("`\\\(letter)` is not a part of RE2")
  }

  private mutating func hexadecimal() throws(PatternProblem) -> UInt32 {
    let isLong = take("{")
    let digits = letters[position...].prefix(isLong ? 8 : 2).prefix {
      $0.properties.isASCIIHexDigit
    }
    position += digits.count
    guard let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
      value <= 0x10_FFFF, isLong ? take("}") : digits.count == 2
    else { throw PatternProblem("`\\x` wants two hexadecimal digits, or some in braces") }
    return value
  }

  // MARK: - Lists of letters

  /// What stands between `[` and `]`.
  mutating func list() throws(PatternProblem) -> LetterSet {
    var (ranges, parts): ([ClosedRange<UInt32>], [LetterSet]) = ([], [])
    let isNegated = take("^")
    var isFirst = true
    while isFirst || next != "]" {
      guard let letter = next else { throw PatternProblem("a [ is not closed") }
      isFirst = false
      if letter == "[", let part = try posixClass() {
        parts.append(part)
      } else if letter == "\\", let part = try classInList() {
        parts.append(part)
      } else {
        ranges.append(try range())
      }
    }
    position += 1
    return LetterSet(ranges, parts: parts, isNegated: isNegated, ignoresCase: flags.ignoresCase)
  }

  private mutating func classInList() throws(PatternProblem) -> LetterSet? {
    position += 1
    if let part = try namedClass() { return part }
    position -= 1
    return nil
  }

  private mutating func posixClass() throws(PatternProblem) -> LetterSet? {
    let start = position
    guard take("[:") else { return nil }
    let isNegated = take("^")
    var name = ""
    while !take(":]") {
      // No name is longer; looking on to the end each time would take long.
      guard let letter = next, name.utf8.count < 16 else {
        position = start
        return nil
      }
      name.unicodeScalars.append(letter)
      position += 1
    }
    guard let ranges = LetterSet.posix[name] else {
      throw PatternProblem("[:\(name):] is no class of letters")
    }
    return LetterSet(ranges, isNegated: isNegated, ignoresCase: flags.ignoresCase)
  }

  private mutating func range() throws(PatternProblem) -> ClosedRange<UInt32> {
    let low = try letterInList()
    guard next == "-", position + 1 < letters.count, letters[position + 1] != "]" else {
      return low...low
    }
    position += 1
    let high = try letterInList()
    guard low <= high else { throw PatternProblem("a range of letters runs backwards") }
    return low...high
  }

  private mutating func letterInList() throws(PatternProblem) -> UInt32 {
    let letter = try take()
    return letter == "\\" ? try escapedLetter() : letter.value
  }
}
