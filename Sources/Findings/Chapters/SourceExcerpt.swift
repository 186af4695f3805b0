package import FoundationEssentials
import RunRecords

/// A source file as somebody found it who may read files.
package struct SourceFile: Sendable {
  package let lines: [String]
  /// When it was written last.
  package let changed: Date

  package init(lines: [String], changed: Date) { (self.lines, self.changed) = (lines, changed) }
}

/// Gives the file that a profile names by the path it was built at; nil where it is not there.
package typealias SourceFinder = @Sendable (_ builtAt: String) -> SourceFile?

/// The lines around the one that costs most, each with what it costs.
package struct SourceExcerpt: Codable, Sendable, Equatable {
  package var lines: [Line]

  package struct Line: Codable, Sendable, Equatable {
    package var number: Int
    package var text: String
    /// Of what the finding is about; nil for a line that costs nothing.
    package var share: Double?
  }
}

/// Cuts excerpts from files that are as old as the run.
///
/// A profile has no digest of its sources, so a file that was written after the run began may no
/// longer be what was measured: of that one nothing is shown, for a cost beside the wrong line is
/// worse than none.
struct SourceExcerpts: Sendable {
  let find: SourceFinder
  /// When the run began; without that no file can be trusted.
  let began: Date

  /// Lines before and behind the hottest one.
  private static let reach = 3
  /// What is longer is cut.
  private static let width = 96

  init?(_ find: SourceFinder?, _ evidence: Evidence) {
    guard let find, let began = Self.beginning(evidence) else { return nil }
    (self.find, self.began) = (find, began)
  }

  /// By its record; a folder of foreign profiles began with the first of them.
  private static func beginning(_ evidence: Evidence) -> Date? {
    if let record = evidence.record { return try? Date(record.startedAt, strategy: .iso8601) }
    let starts = evidence.roles.flatMap(\.windows).map(\.start).filter { $0 > 0 }
    return starts.min().map { Date(timeIntervalSince1970: $0) }
  }

  func excerpt(_ path: String, around line: Int, shares: [Int: Double]) -> SourceExcerpt? {
    guard let file = find(path), file.changed <= began, line >= 1, line <= file.lines.count else {
      return nil
    }
    let numbers = max(1, line - Self.reach)...min(file.lines.count, line + Self.reach)
    let texts = Self.shifted(numbers.map { Self.expanded(file.lines[$0 - 1]) })
    return SourceExcerpt(
      lines: zip(numbers, texts).map { number, text in
        SourceExcerpt.Line(number: number, text: text, share: shares[number])
      })
  }

  /// Tabs are as wide as the reader's renderer likes; here they are two blanks.
  private static func expanded(_ line: String) -> String {
    line.replacing("\t", with: "  ")
  }

  /// Without the indentation that all lines share.
  private static func shifted(_ lines: [String]) -> [String] {
    let depth =
      lines.filter { $0.contains { $0 != " " } }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { line in
      let text = line.dropFirst(depth)
      return text.count > width ? text.prefix(width) + "…" : String(text)
    }
  }
}
