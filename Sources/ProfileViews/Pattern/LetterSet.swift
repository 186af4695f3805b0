/// Which letters a part of a pattern stands for: ranges, classes of Unicode, or all but those.
///
/// Letters are scalars, as in RE2. Those of ASCII, of which nearly all names consist, are looked up
/// in a table of bits.
struct LetterSet: Sendable {
  private let ranges: [ClosedRange<UInt32>]
  private let categories: [Unicode.GeneralCategory]
  private let parts: [LetterSet]
  private let isNegated: Bool
  private let ignoresCase: Bool
  private var ascii: (low: UInt64, high: UInt64) = (0, 0)

  init(
    _ ranges: [ClosedRange<UInt32>] = [], categories: [Unicode.GeneralCategory] = [],
    parts: [LetterSet] = [], isNegated: Bool = false, ignoresCase: Bool = false
  ) {
    (self.ranges, self.categories, self.parts) = (ranges, categories, parts)
    (self.isNegated, self.ignoresCase) = (isNegated, ignoresCase)
    for letter: UInt32 in 0..<128 where decides(letter) {
      if letter < 64 { ascii.low |= 1 << letter } else { ascii.high |= 1 << (letter - 64) }
    }
  }

  /// One letter, in either case if case does not matter.
  init(_ letter: UInt32, ignoresCase: Bool) {
    let cases = ignoresCase ? [letter] + Self.otherCases(of: letter) : [letter]
    self.init(cases.map { $0...$0 })
  }

  static let all = LetterSet(isNegated: true)
  static let allInLine = LetterSet([10...10], isNegated: true)

  func contains(_ letter: UInt32) -> Bool {
    if letter < 64 { return ascii.low >> letter & 1 == 1 }
    if letter < 128 { return ascii.high >> (letter - 64) & 1 == 1 }
    return decides(letter)
  }

  private func decides(_ letter: UInt32) -> Bool {
    let isListed =
      lists(letter) || ignoresCase && Self.otherCases(of: letter).contains { lists($0) }
    return isListed != isNegated
  }

  private func lists(_ letter: UInt32) -> Bool {
    if ranges.contains(where: { $0.contains(letter) }) { return true }
    if parts.contains(where: { $0.decides(letter) }) { return true }
    guard !categories.isEmpty, let scalar = Unicode.Scalar(letter) else { return false }
    return categories.contains(scalar.properties.generalCategory)
  }

  private static func otherCases(of letter: UInt32) -> [UInt32] {
    guard let properties = Unicode.Scalar(letter)?.properties else { return [] }
    // Through the capital to every small letter that has it, such as both small sigmas.
    let capital = single(properties.uppercaseMapping)
    let small = capital.flatMap(Unicode.Scalar.init).map(\.properties.lowercaseMapping)
    return [capital, single(properties.lowercaseMapping), small.flatMap(single)].compactMap { $0 }
  }

  private static func single(_ text: String) -> UInt32? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first?.value : nil
  }

  // MARK: - Names

  /// What `\d`, `\s` or `\w` stands for; nil for another letter.
  static func perl(_ letter: Unicode.Scalar) -> [ClosedRange<UInt32>]? {
    switch letter {
    case "d": [48...57]
    case "s": [9...10, 12...13, 32...32]
    case "w": [48...57, 65...90, 95...95, 97...122]
    default: nil
    }
  }

  /// What `[:alpha:]` and its like stand for.
  static let posix: [String: [ClosedRange<UInt32>]] = [
    "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127],
    "blank": [9...9, 32...32], "cntrl": [0...31, 127...127], "digit": [48...57],
    "graph": [33...126], "lower": [97...122], "print": [32...126],
    "punct": [33...47, 58...64, 91...96, 123...126], "space": [9...13, 32...32],
    "upper": [65...90], "word": [48...57, 65...90, 95...95, 97...122],
    "xdigit": [48...57, 65...70, 97...102],
  ]

  /// The general categories of Unicode whose short names begin so: `L`, `Lu`.
  static func categories(named name: String) -> [Unicode.GeneralCategory] {
    name.isEmpty ? [] : categoryNames.filter { $0.name.hasPrefix(name) }.map(\.category)
  }

  private static let categoryNames: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter),
    ("Lm", .modifierLetter), ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark),
    ("Me", .enclosingMark), ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber),
    ("Pc", .connectorPunctuation), ("Pd", .dashPunctuation), ("Ps", .openPunctuation),
    ("Pe", .closePunctuation), ("Pi", .initialPunctuation), ("Pf", .finalPunctuation),
    ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
    ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator),
    ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ("Cs", .surrogate), ("Co", .privateUse),
  ]
}
