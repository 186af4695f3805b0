package import Measurement
import RunRecords

/// What was expected of a metric against what was measured.
package struct TargetRow: Codable, Sendable, Equatable {
  package var metric: String
  package var unit: MetricUnit
  package var bound: Bound
  package var target: Double
  package var stretch: Double?
  package var horizon: String?
  /// Who says so, as the file has it.
  package var source: String
  package var current: Estimate?
  package var status: Status
  package var stretchStatus: Status?
  /// How many times the value is off: above 1 is on the wrong side; nil where that means nothing.
  package var factor: Double?
  /// So many trials, where each of them is on the wrong side although the interval holds the target.
  package var trialsMissed: Int? = nil
  package var remark: Prose

  package enum Bound: String, Codable, Sendable {
    case atMost = "at most"
    case atLeast = "at least"
  }

  package enum Status: String, Codable, Sendable {
    case missed
    case cannotTell = "cannot tell"
    case met
    case notMeasured = "not measured"
  }
}

/// The gaps between a run and a file of targets.
package struct TargetGaps: Codable, Sendable, Equatable {
  /// The file's own name, without its folders.
  package var file: String
  package var rows: [TargetRow]
}

/// Holds a run against its targets; a unit that does not fit is an error and not a gap.
struct TargetReader {
  let evidence: Evidence
  let file: TargetsFile

  func gaps() throws(FindingsError) -> TargetGaps {
    var rows: [TargetRow] = []
    for target in file.targets { rows.append(try row(target)) }
    // What is missed most comes first; equal rows stay as they were written.
    let order = rows.indices.sorted { left, right in
      let (a, b) = (key(rows[left]), key(rows[right]))
      return a != b ? a < b : left < right
    }
    return TargetGaps(
      file: file.name.split(separator: "/").last.map(String.init) ?? file.name,
      rows: order.map { rows[$0] })
  }

  private struct Key: Comparable {
    let group: Int
    let factor: Double

    static func < (left: Key, right: Key) -> Bool {
      left.group != right.group ? left.group < right.group : left.factor > right.factor
    }
  }

  private func key(_ row: TargetRow) -> Key {
    let order: [TargetRow.Status] = [.missed, .cannotTell, .met, .notMeasured]
    return Key(group: order.firstIndex(of: row.status) ?? 4, factor: row.factor ?? 0)
  }

  private func row(_ target: TargetsFile.Target) throws(FindingsError) -> TargetRow {
    guard let result = evidence.record?.result(target.metric.text) else {
      return unmeasured(target)
    }
    try check(target.value, against: result, target)
    if let stretch = target.stretch { try check(stretch, against: result, target) }
    let wrong: TargetRow.Bound? =
      switch result.direction {
      case .lowerIsBetter: .atLeast
      case .higherIsBetter: .atMost
      case .neutral: nil
      }
    if target.bound == wrong {
      throw error(
        target, target.metric,
        "of \(target.metric.text), \(wrong == .atLeast ? "less" : "more") is better; write `\(wrong == .atLeast ? "at most" : "at least")`"
      )
    }
    let estimate = result.estimate
    let missed = trialsMissing(result, target)
    var row = TargetRow(
      metric: result.name, unit: result.unit, bound: target.bound, target: target.value.value,
      stretch: target.stretch?.value, horizon: target.horizon, source: target.source,
      current: estimate,
      status: missed == nil ? status(estimate, target.bound, target.value.value) : .missed,
      stretchStatus: target.stretch.map { status(estimate, target.bound, $0.value) },
      factor: factor(estimate.value, target.bound, target.value.value),
      remark: remark(estimate))
    row.trialsMissed = missed
    return row
  }

  /// How many trials miss a target that the interval holds, if it is all of enough of them.
  ///
  /// An interval of a mean is wide where one trial is far off. But five of five on the wrong side
  /// come about by chance once in 32 times if half of all trials would meet the target.
  private func trialsMissing(
    _ result: RunRecord.Result, _ target: TargetsFile.Target
  ) -> Int? {
    let wanted = target.value.value
    guard status(result.estimate, target.bound, wanted) == .cannotTell,
      result.trials.count >= evidence.thresholds.trialsForVerdict,
      result.trials.allSatisfy({ target.bound == .atMost ? $0 > wanted : $0 < wanted })
    else { return nil }
    return result.trials.count
  }

  private func status(
    _ estimate: Estimate, _ bound: TargetRow.Bound, _ target: Double
  ) -> TargetRow.Status {
    let low = estimate.interval?.low ?? estimate.value
    let high = estimate.interval?.high ?? estimate.value
    switch bound {
    case .atMost: return high <= target ? .met : low > target ? .missed : .cannotTell
    case .atLeast: return low >= target ? .met : high < target ? .missed : .cannotTell
    }
  }

  private func factor(_ value: Double, _ bound: TargetRow.Bound, _ target: Double) -> Double? {
    guard value > 0, target > 0 else { return nil }
    return bound == .atMost ? value / target : target / value
  }

  private func remark(_ estimate: Estimate) -> Prose {
    guard let interval = estimate.interval else {
      return "one value without an interval: another run may say otherwise"
    }
    return
      "\(Wording.counted(estimate.count, "trial")), \(Wording.number(interval.confidence * 100)) % interval"
  }

  private func unmeasured(_ target: TargetsFile.Target) -> TargetRow {
    let stem = target.metric.text.split(separator: ".").prefix(2).joined(separator: ".")
    let near = (evidence.record?.results ?? []).map(\.name).filter { $0.hasPrefix(stem) }.prefix(3)
    let hint: Prose =
      near.isEmpty ? "" : "; it has " + Prose.list(near.map { "\(name: $0)" as Prose })
    let reason: Prose =
      evidence.record == nil
      ? "the folder has no run.json" : "the run has no result of this name" + hint
    return TargetRow(
      metric: target.metric.text, unit: target.value.unit ?? .ratio, bound: target.bound,
      target: target.value.value, stretch: target.stretch?.value, horizon: target.horizon,
      source: target.source, current: nil, status: .notMeasured, stretchStatus: nil, factor: nil,
      remark: reason)
  }

  private func check(
    _ quantity: TargetsFile.Quantity, against result: RunRecord.Result,
    _ target: TargetsFile.Target
  ) throws(FindingsError) {
    let isBareNumber = quantity.unit == nil && [.ratio, .count].contains(result.unit)
    if quantity.unit == result.unit || isBareNumber { return }
    let wanted = TargetUnit.kind(result.unit)
    let found = quantity.unit.map { TargetUnit.kind($0).noun } ?? "a number without a unit"
    throw error(
      target, quantity.word,
      "\(result.name) is \(wanted.noun), and \(quantity.word.text) is \(found); write it in \(wanted.units)"
    )
  }

  private func error(
    _ target: TargetsFile.Target, _ word: TargetsFile.Word, _ sentence: String
  ) -> FindingsError {
    .badTargets(file: file.name, line: target.line, column: word.column, sentence: sentence)
  }
}
