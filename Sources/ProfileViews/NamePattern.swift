/// A pattern that names are searched for: a regular expression, or plain text found faster.
package struct NamePattern: @unchecked Sendable {
  package let source: String
  private let plain: [UInt8]?
  private let expression: Regex<AnyRegexOutput>?

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
      return
    }
    plain = nil
    // By scalars, as RE2 counts, and not by what people take for one letter.
    do { expression = try Regex(source).matchingSemantics(.unicodeScalar) } catch {
      throw Invalid(source: source, reason: "\(error)")
    }
  }

  private static let special = Set(#"\.+*?()|[]{}^$"#.utf8)

  package func matches(_ text: String) -> Bool {
    if let plain { return Self.contains(text, plain) }
    guard let expression else { return false }
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
