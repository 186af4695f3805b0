package import Measurement
import RunRecords

/// How far the values of one metric lie apart, over the trials of a run or over several runs.
package struct StabilityRow: Codable, Sendable, Equatable {
  package var metric: String
  package var unit: MetricUnit
  /// One value for each trial, or for each run.
  package var values: [Double]
  /// Largest less smallest, as a share of their mean; nil where the mean is not positive.
  package var range: Double?
  /// Deviation as a share of the mean.
  package var deviation: Double?
  package var judgment: Prose
}

/// A table of such rows with what its columns are.
package struct Stability: Codable, Sendable, Equatable {
  package var columns: [String]
  package var rows: [StabilityRow]
  package var note: Prose
}

/// Lays trials, or runs, side by side.
struct StabilityReader {
  let evidence: Evidence
  /// The floor of noise that was measured on this machine before, if it was.
  private var floors: [String: NoiseRecord.Spread] {
    evidence.run.environment?.noise?.spreads ?? [:]
  }

  /// What a reader asks about first; further metrics are in the results.
  private static let wanted = [
    "capacity", "throughput.achieved", "load.rate", "search.response.mean", "search.response.p50",
    "search.response.p99", "search.service.mean", "insert.response.mean", "insert.response.p99",
    "insert.service.mean", "delete.response.mean", "search.recall", "cpu.per.operation",
    "cpu.per.search", "cpu.per.insert", "store.bytes",
  ]

  init(evidence: Evidence) { self.evidence = evidence }

  func overTrials() -> Stability? {
    guard let record = evidence.record, evidence.trials.count > 0 else { return nil }
    // What was measured once for all trials has no place beside them.
    let rows = results(of: record).filter { $0.trials.count == evidence.trials.count }
      .map { row($0.name, $0.unit, $0.trials, "trial") }
    guard !rows.isEmpty else { return nil }
    let noise =
      floors.isEmpty
      ? "How far equal runs lie apart on this machine was not measured before (`vbench doctor --aa 6`), so nothing here is called noise."
      : "The floor is how far equal runs lay apart on this machine before."
    return Stability(
      columns: evidence.trials.map { "trial \($0.number)" }, rows: rows, note: Prose(noise))
  }

  func overRuns(_ others: [RunFolder]) -> Stability? {
    let records = ([evidence.run] + others).compactMap { run in
      run.record.map { (run.name, $0) }
    }
    guard let first = records.first, records.count > 1 else { return nil }
    let rows = results(of: first.1).compactMap { result -> StabilityRow? in
      let values = records.compactMap { $0.1.result(result.name)?.estimate.value }
      return values.count == records.count ? row(result.name, result.unit, values, "run") : nil
    }
    return Stability(
      columns: records.map(\.0), rows: rows,
      note:
        "Whether runs differ is asked with `vbench compare`; a range of \(Wording.counted(records.count, "run")) only shows how far they lie apart."
    )
  }

  private func results(of record: RunRecord) -> [RunRecord.Result] {
    Self.wanted.compactMap(record.result).filter {
      PercentileSupport.isSupported($0, evidence.thresholds)
    }
  }

  private func row(
    _ name: String, _ unit: MetricUnit, _ values: [Double], _ noun: String
  ) -> StabilityRow {
    let summary = Summary(values)
    let range =
      summary.mean > 0
      ? ((values.max() ?? 0) - (values.min() ?? 0)) / summary.mean : nil
    return StabilityRow(
      metric: name, unit: unit, values: values, range: range, deviation: summary.share,
      judgment: judgment(name, values, summary, noun))
  }

  private func judgment(
    _ name: String, _ values: [Double], _ summary: Summary, _ noun: String
  ) -> Prose {
    let needed = evidence.thresholds.trialsForVerdict
    guard values.count >= needed else {
      return "cannot tell: \(Wording.counted(values.count, noun)), \(needed) needed"
    }
    guard let deviation = summary.share else { return "all alike" }
    let trend = Trend(values)
    if abs(trend.change) > evidence.thresholds.driftBetweenTrials, trend.p < 0.05 {
      return "drifts by \(Wording.percent(trend.change)) from the first to the last"
    }
    guard let floor = floors[name]?.betweenTrials, floor > 0 else {
      return "± \(Wording.percent(deviation)), no drift seen"
    }
    return deviation <= 2 * floor
      ? "± \(Wording.percent(deviation)), as before (\(Wording.percent(floor)))"
      : "± \(Wording.percent(deviation)), more than before (\(Wording.percent(floor)))"
  }
}
