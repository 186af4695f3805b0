import Measurement
import RunRecords
import Vocabulary

/// One side of a comparison: a run, or several of one and the same program.
struct ComparisonSide {
  let runs: [RunFolder]

  /// What people call it.
  var name: String {
    runs.count == 1 ? runs[0].name : "\(runs[0].name) and \(runs.count - 1) more"
  }

  /// The runs as one record; nil when a run has none.
  ///
  /// By runs, each run is one value of every quantity; otherwise the trials stand one after the
  /// other.
  func record(_ design: Procedure.Design) -> RunRecord? {
    let records = runs.compactMap(\.record)
    guard let first = records.first, records.count == runs.count else { return nil }
    if records.count == 1, design != .runs { return first }
    return design == .runs ? PooledRecord.byRun(records) : PooledRecord.byTrial(records)
  }

  func summary(_ groups: [RoleGroup]) -> RunComparison.Side {
    let records = runs.compactMap(\.record)
    let numbered = runs.map { max(1, Set($0.profileFiles.compactMap(\.trial)).count) }
    let counted = records.map { $0.trials.filter { $0.status == .complete }.count }
    let replicas = groups.filter(\.isPooled).map { group in
      "\(group.role.rawValue): \(group.members(of: runs).map(\.rawValue).joined(separator: ", "))"
    }
    return RunComparison.Side(
      name: name, runs: runs.map(\.name), command: records.first?.command,
      label: runs.count == 1 ? records.first?.label : nil, startedAt: records.first?.startedAt,
      trials: (records.count == runs.count ? counted : numbered).reduce(0, +),
      replicas: replicas, hasRecord: records.count == runs.count,
      unfinished: runs.filter { $0.record.map { $0.status != .complete } ?? false }.map(\.name))
  }
}

/// Several records as one.
enum PooledRecord {
  /// Each run is a trial: its operations added up, its results as they stand for the whole run.
  static func byRun(_ records: [RunRecord]) -> RunRecord {
    var pooled = records[0]
    pooled.trials = records.enumerated().map { whole($1.trials, number: $0 + 1) }
    pooled.results = shared(records) { results in results.map(\.estimate.value) }
    return pooled
  }

  /// The trials of all runs, one after the other.
  static func byTrial(_ records: [RunRecord]) -> RunRecord {
    var pooled = records[0]
    pooled.trials = records.flatMap(\.trials)
    pooled.results = shared(records) { results in results.flatMap(\.trials) }
    return pooled
  }

  /// All trials that count as one.
  static func whole(_ trials: [RunRecord.Trial], number: Int) -> RunRecord.Trial {
    var whole = RunRecord.Trial(number: number, status: .complete)
    for trial in trials where trial.status == .complete {
      whole.operations.merge(trial.operations) { $0 &+ $1 }
      whole.measuredSeconds += trial.measuredSeconds
    }
    return whole
  }

  /// What every run has, as a number and in the same unit.
  private static func shared(
    _ records: [RunRecord], _ values: ([RunRecord.Result]) -> [Double]
  ) -> [RunRecord.Result] {
    records[0].results.compactMap { first in
      let all = records.compactMap { $0.result(first.name) }
      guard all.count == records.count,
        all.allSatisfy({ $0.unit == first.unit && $0.estimate.value.isFinite })
      else { return nil }
      var pooled = first
      pooled.trials = values(all)
      pooled.estimate = Estimate.mean(ofTrials: pooled.trials)
      return pooled
    }
  }
}
