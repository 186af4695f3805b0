import Harness
import Measurement
import RunRecords

/// One rung of the ladder: trials at one offered rate, and whether the promise was kept there.
struct Probe: Codable, Sendable {
  enum Verdict: String, Codable, Sendable {
    case keeps
    case breaks
    /// Operations came faster than they were finished.
    case fallsBehind
    /// Too few operations for the percentile that was promised.
    case tooFew
    case died
  }

  var purpose: Purpose
  var rate: Double
  var trials: Int
  var achieved: Double?
  var p50: Estimate?
  var p99: Estimate?
  var recall: Estimate?
  var readings: [TermReading]
  var verdict: Verdict
  /// Half of the operations take longer than promised even when nobody waits.
  var isHopelessAtAnyRate: Bool
  var problem: String?

  enum Purpose: String, Codable, Sendable { case search, confirmation }

  /// What trials at one rate say; `kind` is the operation whose latency is shown.
  init(
    _ purpose: Purpose, _ rate: Double, _ trials: [TrialMerge.Finished],
    _ settings: WorkloadSettings, _ promise: Promise, kind: String
  ) {
    let results = TrialMerge(trials, settings).results()
    func estimate(_ name: String) -> Estimate? { results.first { $0.name == name }?.estimate }
    self.purpose = purpose
    self.rate = rate
    self.trials = trials.count
    achieved = estimate("throughput.achieved")?.value
    p50 = estimate("\(kind).response.p50")
    p99 = estimate("\(kind).response.p99")
    recall = estimate("search.recall")
    let operations = trials.reduce(0) { $0 + $1.outcome.trial.operations.values.reduce(0, +) }
    readings = promise.terms.map { $0.reading(results, operations: operations) }
    verdict = Self.verdict(trials, settings, readings)
    isHopelessAtAnyRate = promise.terms.contains { term in
      if term.isFloor { return Self.isRecallOutOfReach(term, estimate("search.recall"), settings) }
      // The median without waiting is below every percentile of the response.
      let service = term.result.split(separator: ".").dropLast(2).joined() + ".service.p50"
      return term.unit == .seconds && (estimate(service)?.value ?? 0) > term.limit
    }
  }

  /// A rung that cannot be judged, because its trials died.
  init(_ purpose: Purpose, _ rate: Double, died problem: String) {
    self.purpose = purpose
    self.rate = rate
    trials = 0
    readings = []
    verdict = .died
    isHopelessAtAnyRate = false
    self.problem = problem
  }

  private static func verdict(
    _ trials: [TrialMerge.Finished], _ settings: WorkloadSettings, _ readings: [TermReading]
  ) -> Verdict {
    let late = trials.map { $0.outcome.trial.measuredSeconds - settings.measuredSeconds }
    let limit = readings.filter { $0.result.contains(".response.") }.map(\.limit).max() ?? 0
    // What is due at the end may take its time; a backlog takes longer than that.
    let allowed = max(0.05 * settings.measuredSeconds, 2 * limit)
    if late.contains(where: { $0 > allowed }) { return .fallsBehind }
    if readings.contains(where: { !$0.isKept && $0.value != nil }) { return .breaks }
    return readings.contains { $0.value == nil } ? .tooFew : .keeps
  }

  /// Without writes, offering less does not find more; one trial alone must be far off.
  private static func isRecallOutOfReach(
    _ term: Promise.Term, _ recall: Estimate?, _ settings: WorkloadSettings
  ) -> Bool {
    guard let recall, settings.readRatio == 1 else { return false }
    return (recall.interval?.high ?? recall.value + 0.05) < term.limit
  }
}
