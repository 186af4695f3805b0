/// A pattern that names are searched for: a regular expression, or plain text found faster.
package struct NamePattern: Sendable {
  package let source: String
  private let search: Search

  private enum Search {
    case plain([UInt8])
    case expression(PatternProgram)
  }

  package struct Invalid: Error, Equatable, CustomStringConvertible {
    package let source: String
    package let reason: String

    package var description: String { "`\(source)` is not a regular expression: \(reason)" }
  }

  package init(_ source: String) throws(Invalid) {
    self.source = source
    if source.utf8.allSatisfy({ !Self.special.contains($0) }) {
      search = .plain(Array(source.utf8))
      return
    }
    do throws(PatternProblem) {
      search = .expression(try PatternProgram(try PatternParser.parse(source)))
    } catch {
      throw Invalid(source: source, reason: error.reason)
    }
  }

  private static let special = Set(#"\.+*?()|[]{}^$"#.utf8)

  package func matches(_ text: String) -> Bool {
    switch search {
    case .plain(let wanted): Self.contains(text, wanted)
    case .expression(let program): program.matches(text)
    }
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
