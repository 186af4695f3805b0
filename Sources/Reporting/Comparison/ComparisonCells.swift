import Comparison
import Measurement
import RunRecords
import Vocabulary

/// What stands in the cells of a comparison's tables, the same in every format.
enum ComparisonCells {
  static func delta(_ change: Change) -> String {
    guard let ratio = change.ratio else {
      if change.base == change.new { return "0 %" }
      return change.base == 0 ? "new" : change.new == 0 ? "gone" : "–"
    }
    return NumberText.change(ratio - 1)
  }

  static func interval(_ change: Change) -> String {
    guard let interval = change.interval else { return "–" }
    return "\(NumberText.change(interval.low - 1)) … \(NumberText.change(interval.high - 1))"
  }

  /// The corrected chance, for that is the one the verdict was made from.
  static func p(_ change: Change) -> String {
    guard let p = change.correctedP else { return "–" }
    return p < 0.001 ? "<0.001" : NumberText.fixed(p, digits: 3)
  }

  static func detectable(_ change: Change) -> String {
    guard let least = change.smallestDetectable else { return "–" }
    return "±" + (least >= 10 ? ">1000 %" : NumberText.percent(least))
  }

  static func verdict(_ change: Change) -> String {
    switch change.verdict {
    case .better: "better"
    case .worse: "worse"
    case .noDifferenceSeen: "~"
    case .equivalent: "same"
    case .inconclusive:
      change.pairsNeeded.map { "open: +\($0) pairs" } ?? "open: >1000 pairs"
    case .cannotTell: "UNKNOWN"
    }
  }

  static func value(_ value: Double, _ row: FunctionRow) -> String {
    value == 0 ? "--" : NumberText.text(value, row.unit)
  }

  static func basis(_ table: FunctionTable) -> String {
    switch table.basis {
    case .perOperation: "own cost per operation"
    case .perSecond: "own cost per second (no operations were counted)"
    case .share:
      "share of the profile (neither operations nor durations are known; when one shrinks, all others seem to grow)"
    }
  }

  static func side(_ side: RunComparison.Side) -> String {
    "\(side.name) (n=\(side.trials))"
  }

  /// What every row stands on, in one sentence.
  static func method(_ procedure: Procedure) -> String {
    "Tests: Welch's t on logarithms, functions as quasi-Poisson over trials; runs may differ by "
      + "\(NumberText.percent(procedure.headlineAllowance.floor)) on their own; corrected by Holm "
      + "within headline rows (level \(NumberText.ratio(procedure.alphaHeadline * 100)) %), other "
      + "results (\(NumberText.ratio(procedure.alphaResults * 100)) %) and functions "
      + "(\(NumberText.ratio(procedure.alphaFunctions * 100)) %). "
      + "~ means no difference seen, not that there is none: see the least change that would show."
  }

  /// Whether a row deserves a line when there are many.
  static func isShown(_ row: FunctionRow) -> Bool {
    row.change.verdict != .noDifferenceSeen || row.presence != .both
      || max(row.baseShare, row.newShare) >= 0.02
  }
}
