package import Measurement

/// Whether a change may pass, for scripts that must decide.
///
/// A row fails the gate when its verdict is worse, which takes a change of at least the limit that
/// survives the correction for all rows, and when that is surer than a verdict need be: a gate
/// stops people, and is asked again and again. A headline row whose interval still reaches beyond
/// the limit is *open*: no regression was confirmed, and none was ruled out.
package struct Gate: Codable, Sendable, Equatable {
  /// As a share: 0.03 for three percent.
  package var limit: Double
  package var outcome: Outcome
  /// Names of the rows that are worse.
  package var failed: [String]
  /// Headline rows that could still be worse by more than the limit.
  package var open: [Open]
  /// What a second measurement said of the rows that failed; nil where none was made.
  package var confirmation: Confirmation? = nil

  package enum Outcome: String, Codable, Sendable {
    case passed, failed, open
    /// The two sides may not be compared.
    case refused
  }

  package struct Open: Codable, Sendable, Equatable {
    package var name: String
    /// The worst that the interval leaves room for; nil where there is none.
    package var worst: Double?
    /// Why there is no interval, where it is more than that.
    package var reason: String? = nil

    fileprivate var words: String {
      if let reason { return "\(name) \(reason)" }
      return worst.map { "\(name) by up to \(NumberText.percent($0))" } ?? name
    }
  }

  /// A row that failed, seen again.
  package struct Confirmation: Codable, Sendable, Equatable {
    package var base: String
    package var new: String
    package var rows: [Row]

    package struct Row: Codable, Sendable, Equatable {
      package var name: String
      package var interval: Estimate.Interval?
      package var isConfirmed: Bool
    }

    /// What became of the rows that failed once.
    fileprivate var doubt: String {
      let seen = rows.filter { !$0.isConfirmed }.map { row in
        let change = row.interval.map {
          ": \(NumberText.change($0.low - 1)) to \(NumberText.change($0.high - 1))"
        }
        return row.name + (change ?? "")
      }
      return
        "Worse at first, and not again in \(base) against \(new) (\(seen.joined(separator: ", ")))."
    }
  }

  init(_ comparison: RunComparison, limit: Double) {
    self.limit = limit
    let rows = Self.rows(comparison)
    failed = rows.filter(\.isSurelyWorse).map(\.name)
    open = rows.compactMap { row in
      guard row.decides, !row.isSurelyWorse, row.change.verdict != .better else { return nil }
      // A row that is known to be the same leaves no room, whatever its interval lacks.
      if row.change.verdict == .equivalent { return nil }
      let worst = Self.worst(row)
      return worst.map { $0 >= limit } ?? true ? Open(name: row.name, worst: worst) : nil
    }
    open += Self.unseen(comparison)
    if comparison.outcome == .notComparable {
      outcome = .refused
    } else if !failed.isEmpty {
      outcome = .failed
    } else {
      outcome = open.isEmpty && !rows.isEmpty ? .passed : .open
    }
  }

  /// Holds what failed against a second measurement, made because of the first.
  ///
  /// Chance that makes one comparison in a hundred fail makes the next one fail as well once in
  /// thousands; a real loss is there again. What the second one does not see is open.
  package mutating func confirm(by second: RunComparison) {
    let rows = failed.map { name in
      let row = second.results.first { $0.name == name }
      return Confirmation.Row(
        name: name, interval: row?.change.interval, isConfirmed: row.map(Self.isWorse) ?? true)
    }
    confirmation = Confirmation(base: second.base.name, new: second.new.name, rows: rows)
    failed = rows.filter(\.isConfirmed).map(\.name)
    let left = rows.filter { !$0.isConfirmed }.map { Open(name: $0.name, worst: nil) }
    open = left + open
    if failed.isEmpty { outcome = .open }
  }

  /// Whether all that the row may be is a loss; where that cannot be told, the first word stands.
  private static func isWorse(_ row: ResultRow) -> Bool {
    guard let interval = row.change.interval else { return true }
    return row.direction == .higherIsBetter ? interval.high < 1 : interval.low > 1
  }

  private struct Row {
    let name: String
    let change: Change
    let direction: Direction
    let decides: Bool

    var isSurelyWorse: Bool {
      change.verdict == .worse && change.correctedP ?? 0 <= Gate.alpha
    }
  }

  /// Of 60 comparisons of equal programs on a machine that was busy with others, one had a verdict
  /// at 0.016.
  private static let alpha = 0.01

  /// Functions stand in only where nobody measured results: one that grew is a cause, not an effect.
  private static func rows(_ comparison: RunComparison) -> [Row] {
    if comparison.results.isEmpty {
      return (comparison.functions?.rows ?? []).map {
        Row(name: $0.name, change: $0.change, direction: .lowerIsBetter, decides: true)
      }
    }
    let hasHeadline = comparison.results.contains(where: \.isHeadline)
    return comparison.results.map {
      Row(
        name: $0.name, change: $0.change, direction: $0.direction,
        decides: $0.isHeadline || !hasHeadline)
    }
  }

  /// What no row can tell: a result that is gone may have been lost with what it measured, and a
  /// run that did not end well has not done all its work.
  private static func unseen(_ comparison: RunComparison) -> [Open] {
    let hasHeadline = comparison.results.contains(where: \.isHeadline)
    let gone = comparison.unmatched.inBase.filter { Procedure.isHeadline($0) || !hasHeadline }
      .map { Open(name: $0, worst: nil, reason: "is gone") }
    let sides = [comparison.base, comparison.new]
    return gone
      + sides.flatMap(\.unfinished).map { Open(name: $0, worst: nil, reason: "did not end well") }
  }

  private static func worst(_ row: Row) -> Double? {
    guard row.change.verdict != .cannotTell else { return nil }
    guard let interval = row.change.interval else {
      // Nothing on either side is no room for a loss.
      return row.change.base == row.change.new ? 0 : nil
    }
    return row.direction == .higherIsBetter ? 1 - interval.low : interval.high - 1
  }

  /// The first rows that failed, and how many more: one slow kernel is behind thirty of them.
  package var failedWords: String {
    let most = 5
    let shown = failed.prefix(most).joined(separator: ", ")
    return failed.count > most ? "\(shown) and \(failed.count - most) more" : shown
  }

  /// One sentence.
  package var sentence: String {
    let name = "GATE \(NumberText.percent(limit))"
    switch outcome {
    case .passed: return "\(name) PASSED: no headline result can have lost that much."
    case .failed:
      let again = confirmation.map { ", and again in \($0.base) against \($0.new)" } ?? ""
      return "\(name) FAILED: worse in \(failedWords)\(again)."
    case .refused: return "\(name) REFUSED: the two sides do not measure the same thing."
    case .open:
      let what =
        open.isEmpty ? "nothing was tested" : open.map(\.words).joined(separator: ", ")
      let doubt = confirmation.map { " \($0.doubt)" } ?? ""
      return "\(name) OPEN: no regression confirmed, and none ruled out (\(what)).\(doubt)"
    }
  }
}
