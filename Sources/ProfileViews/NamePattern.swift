/// A pattern that names are searched for: a regular expression, or plain text found faster.
package struct NamePattern: @unchecked Sendable {
  package let source: String
  private let plain: [UInt8]?
  private let expression: Regex<AnyRegexOutput>?
  /// For texts that end within a word, where the two would differ.
  private let expressionAtWordEnd: Regex<AnyRegexOutput>?

  package struct Invalid: Error, CustomStringConvertible {
    package let source: String
    package let reason: String

    package var description: String { "`\(source)` is not a regular expression: \(reason)" }
  }

  package init(_ source: String) throws(Invalid) {
    self.source = source
    if source.utf8.allSatisfy({ !Self.special.contains($0) }) {
      plain = Array(source.utf8)
      expression = nil
      expressionAtWordEnd = nil
      return
    }
    plain = nil
    let dialect = PatternDialect(source)
    do {
      expression = try Self.expression(dialect.pattern)
      expressionAtWordEnd = try dialect.patternAtWordEnd.map { try Self.expression($0) }
    } catch {
      throw Invalid(source: source, reason: "\(error)")
    }
  }

  /// As RE2 reads it: scalars and not what people take for one letter, classes of ASCII, and words
  /// that end at a dot.
  private static func expression(_ pattern: String) throws -> Regex<AnyRegexOutput> {
    try Regex(pattern).matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
      .wordBoundaryKind(.simple)
  }

  private static let special = Set(#"\.+*?()|[]{}^$"#.utf8)

  package func matches(_ text: String) -> Bool {
    if let plain { return Self.contains(text, plain) }
    guard var expression else { return false }
    if let expressionAtWordEnd, PatternDialect.endsInWord(text) { expression = expressionAtWordEnd }
    return (try? expression.firstMatch(in: text)) != nil
  }

  private static func contains(_ text: String, _ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    let bytes = Array(text.utf8)
    guard bytes.count >= wanted.count else { return false }
    for start in 0...(bytes.count - wanted.count)
    where bytes[start] == first && bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      return true
    }
    return false
  }
}
