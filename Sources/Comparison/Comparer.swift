import Measurement
import Pprof
import ProfileViews
package import RunRecords
import Vocabulary

/// Compares two run directories, trial by trial.
///
/// A row is called better or worse only when Welch's test on logarithms says so after Holm's
/// correction for all rows, and the change is larger than `minimum`. Trials of one run share that
/// run's luck, so a spread between runs is added to both sides; it is a constant chosen from
/// repeated runs on a shared two-core machine, and the reader can widen it.
package enum Comparer {
  package struct Options: Sendable {
    /// Standard deviation of the logarithm between runs of one program.
    package var betweenRuns = 0.03
    package var minimum = 0.02
    package var alpha = 0.05
    /// Fewer trials on a side, and nothing can be told.
    package var trialsNeeded = 5

    package init() {}
  }

  package static func compare(
    base: RunFolder, new: RunFolder, _ options: Options = Options()
  ) -> RunComparison {
    var comparison = RunComparison(
      base: side(base), new: side(new), refusals: [], changes: [], rows: [])
    guard let left = base.record, let right = new.record else {
      comparison.refusals = ["One side has no run.json, so its windows cannot be verified."]
      return comparison
    }
    (comparison.refusals, comparison.changes) = differences(left, right)
    guard comparison.refusals.isEmpty else { return comparison }
    let rows = results(left, right, options) + functions(base, new, left, right, options)
    comparison.rows = judge(rows, options)
    return comparison
  }

  private static func side(_ run: RunFolder) -> RunComparison.Side {
    RunComparison.Side(
      name: run.name,
      trials: run.record?.trials.count { $0.status == .complete } ?? 0)
  }

  // MARK: - Whether they may be compared

  /// Settings that make two runs measure different things.
  private static let identity = [
    "dims", "dataset", "data", "queries", "metric", "top-k", "ef", "concurrency", "read-ratio",
    "hot-ratio", "hot-query-ratio", "write-batch", "arrival", "duration", "max-live", "durability",
  ]

  private static func differences(
    _ left: RunRecord, _ right: RunRecord
  ) -> (refusals: [String], changes: [String]) {
    var refusals: [String] = []
    if left.command != right.command {
      refusals.append("The workloads differ: \(left.command) against \(right.command).")
    }
    if left.dataset?.digest != right.dataset?.digest { refusals.append("The data differs.") }
    var changes: [String] = []
    for setting in left.settings {
      guard let other = right.setting(setting.name), other != setting.value else { continue }
      let text = "\(setting.name): \(setting.value) against \(other)"
      if identity.contains(setting.name) {
        refusals.append("\(text).")
      } else {
        changes.append(text)
      }
    }
    return (refusals, changes)
  }

  // MARK: - Rows

  /// A row before judgment, with the trials of both sides.
  private struct Candidate {
    var row: RunComparison.Row
    var test: RatioTest?
    let direction: Direction
  }

  private static func results(
    _ left: RunRecord, _ right: RunRecord, _ options: Options
  ) -> [Candidate] {
    // Latencies under different load are not the same quantity.
    let sameRate =
      abs((Double(left.setting("rate") ?? "") ?? 0) - (Double(right.setting("rate") ?? "") ?? 0))
      < 1e-9
    return left.results.compactMap { base in
      guard let new = right.result(base.name), base.direction != .neutral else { return nil }
      let dependsOnLoad =
        base.name.contains(".response.") || base.name.contains(".service.")
        || base.name.hasSuffix(".rate") || base.name.hasPrefix("throughput")
        || base.name == "insert.vectors"
      let reason = !sameRate && dependsOnLoad ? "the offered rates differ" : nil
      return candidate(
        base.name, .result, base.unit, base.direction, base.trials, new.trials, reason, options)
    }
  }

  private static func functions(
    _ base: RunFolder, _ new: RunFolder, _ left: RunRecord, _ right: RunRecord,
    _ options: Options
  ) -> [Candidate] {
    let before = FunctionTrials(base, left)
    let after = FunctionTrials(new, right)
    let names = Set(before.costly).union(after.costly).sorted()
    return names.map { name in
      candidate(
        name, .function, .seconds, .lowerIsBetter, before.perOperation(name),
        after.perOperation(name), nil, options)
    }
  }

  private static func candidate(
    _ name: String, _ kind: RunComparison.Row.Kind, _ unit: MetricUnit, _ direction: Direction,
    _ base: [Double], _ new: [Double], _ reason: String?, _ options: Options
  ) -> Candidate {
    var row = RunComparison.Row(
      name: name, kind: kind, unit: unit, base: base.isEmpty ? nil : Summary(base).mean,
      new: new.isEmpty ? nil : Summary(new).mean, verdict: .cannotTell, reason: reason)
    guard reason == nil else { return Candidate(row: row, test: nil, direction: direction) }
    guard min(base.count, new.count) >= options.trialsNeeded else {
      row.reason = "fewer than \(options.trialsNeeded) trials on a side"
      return Candidate(row: row, test: nil, direction: direction)
    }
    guard let test = RatioTest(base: base, new: new, betweenRuns: options.betweenRuns) else {
      if base == new {
        row.verdict = .noDifferenceSeen
      } else {
        row.reason = "it is zero in a trial"
      }
      return Candidate(row: row, test: nil, direction: direction)
    }
    (row.ratio, row.low, row.high) = (test.ratio, test.low, test.high)
    return Candidate(row: row, test: test, direction: direction)
  }

  private static func judge(
    _ candidates: [Candidate], _ options: Options
  ) -> [RunComparison.Row] {
    let tested = candidates.indices.filter { candidates[$0].test != nil }
    let corrected = MultipleTests.holm(tested.map { candidates[$0].test?.p ?? 1 })
    var rows = candidates.map(\.row)
    let alpha = options.alpha / Double(max(1, tested.count))
    for (index, p) in zip(tested, corrected) {
      guard let test = candidates[index].test else { continue }
      rows[index].p = p
      rows[index].smallestDetectable = max(
        options.minimum, test.smallestDetectable(alpha: alpha))
      let isChange = p < options.alpha && abs(test.ratio - 1) >= options.minimum
      let isUp = test.ratio > 1
      rows[index].verdict =
        !isChange
        ? .noDifferenceSeen
        : isUp == (candidates[index].direction == .higherIsBetter) ? .better : .worse
    }
    return rows
  }
}
