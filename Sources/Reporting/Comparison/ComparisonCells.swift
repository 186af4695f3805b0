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

  /// How far trials (or replicas, or runs) lie apart on each side.
  static func spread(_ base: Double?, _ new: Double?) -> String {
    if base == nil, new == nil { return "–" }
    return [base, new].map { $0.map { NumberText.significant($0 * 100) } ?? "–" }
      .joined(separator: " / ")
  }

  static func shares(_ row: FunctionRow) -> String {
    "\(NumberText.percent(row.baseShare)) → \(NumberText.percent(row.newShare))"
  }

  static func showsShares(_ table: FunctionTable) -> Bool { table.basis == .perSecond }

  static func basis(_ table: FunctionTable) -> String {
    switch table.basis {
    case .perOperation: "own cost per operation"
    case .perSecond: "own cost per second, with its share (no operations were counted)"
    case .share:
      "share of the profile (neither operations nor durations are known; when one shrinks, all others seem to grow)"
    }
  }

  static func side(_ side: RunComparison.Side, _ design: Procedure.Design) -> String {
    var counts: [String] = []
    if side.runs.count > 1 { counts.append("\(side.runs.count) runs") }
    switch design {
    case .paired: counts.append("\(side.trials) trials in turns")
    case .blocked, .runs: counts.append("\(side.trials) trial\(side.trials == 1 ? "" : "s")")
    }
    let names = side.runs.count > 1 ? side.runs.joined(separator: ", ") : side.name
    return "\(names) (\((counts + side.replicas).joined(separator: "; ")))"
  }

  /// What every row stands on, in sentences.
  static func method(_ comparison: RunComparison) -> [String] {
    let procedure = comparison.procedure
    let levels =
      "corrected by Holm within headline rows (level "
      + "\(NumberText.ratio(procedure.alphaHeadline * 100)) %), other results "
      + "(\(NumberText.ratio(procedure.alphaResults * 100)) %) and functions "
      + "(\(NumberText.ratio(procedure.alphaFunctions * 100)) %)"
    let test =
      switch procedure.design {
      case .blocked: "Welch's t on logarithms, functions as quasi-Poisson over trials"
      case .runs: "Student's t on logarithms of runs, functions as quasi-Poisson over runs"
      case .paired: "Student's t on logarithms of pairs, functions as quasi-Poisson over trials"
      }
    let legend =
      procedure.design == .paired
      ? "\"same\" means that any change is below the minimum, \"open\" that more pairs are needed."
      : "~ means no difference seen, not that there is none: see the least change that would show."
    return [
      "Tests: \(test); \(levels). \(legend)", yardstick(comparison),
      "Spreads are standard deviations in percent, base / new.",
    ]
  }

  /// What equal runs were taken to differ by.
  static func yardstick(_ comparison: RunComparison) -> String {
    let procedure = comparison.procedure
    switch procedure.design {
    case .runs: return "Yardstick: the spread between the runs of this comparison."
    case .paired: return "Yardstick: the spread between the pairs of this comparison."
    case .blocked:
      if let noise = procedure.noise { return measured(noise, comparison) }
      return "Yardstick: an assumed spread between equal runs of "
        + "\(NumberText.percent(procedure.headlineAllowance.floor)) for headline results and "
        + "\(NumberText.percent(procedure.otherAllowance.floor)) for the rest; "
        + "`vbench doctor --aa 6` measures this machine's own."
    }
  }

  private static func measured(_ noise: MeasuredNoise, _ comparison: RunComparison) -> String {
    let rows = comparison.results.map(\.name)
    let missing = rows.filter { noise.allowances[$0] == nil }.count
    let shown = rows.compactMap { name in
      noise.allowances[name].map { "\(name) \(NumberText.percent($0.floor))" }
    }.prefix(4)
    let rest = missing > 0 ? "; \(missing) results it does not cover keep the assumption" : ""
    return "Yardstick: the spread between \(noise.runs) equal runs measured here on "
      + "\(noise.measuredAt) (\(shown.joined(separator: ", ")) …)\(rest)."
  }

  /// Whether a row deserves a line when there are many.
  static func isShown(_ row: FunctionRow) -> Bool {
    row.change.verdict != .noDifferenceSeen || row.presence != .both
      || max(row.baseShare, row.newShare) >= 0.02
  }
}
