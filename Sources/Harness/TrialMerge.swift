import Basics
package import Measurement
package import RunRecords
import VectorIndex
import Vocabulary
import Workloads

/// Trials → results: one value a trial, and what the values say together.
package struct TrialMerge {
  /// A trial that came back, with its latencies by tag.
  package struct Finished: Sendable {
    package let outcome: TrialOutcome
    package let latencies: [String: LatencyHistogram]

    package init(outcome: TrialOutcome, latencies: [String: LatencyHistogram]) {
      self.outcome = outcome
      self.latencies = latencies
    }
  }

  let trials: [Finished]
  private let settings: WorkloadSettings

  package init(_ trials: [Finished], _ settings: WorkloadSettings) {
    self.trials = trials.sorted { $0.outcome.trial.number < $1.outcome.trial.number }
    self.settings = settings
  }

  package func results() -> [RunRecord.Result] {
    if trials.isEmpty { return [] }
    return throughput() + OperationKind.allCases.flatMap(latency)
      + ["search.first.service", "search.warm.service"].flatMap { latency(.search, $0) }
      + latency(.insert, "insert.searchable_lag") + latency(.insert, "wal.sync") + quality()
      + concurrency() + warmUp()
      + coldStart() + cost() + work()
  }

  /// What the index counts of its own work, for each of its operations: exact, so that a change of
  /// the walk shows in them whatever the machine does.
  private func work() -> [RunRecord.Result] {
    let words: [(GraphWork.Kind, String, OperationKind)] = [
      (.search, "search", .search), (.insert, "inserted", .insert), (.remove, "removed", .delete),
    ]
    return words.flatMap { kind, word, operation -> [RunRecord.Result] in
      guard trials.allSatisfy({ ($0.outcome.work[kind.rawValue]?.operations ?? 0) > 0 }) else {
        return []
      }
      func each(_ name: String, _ value: @escaping (GraphWork) -> UInt64) -> RunRecord.Result {
        one("\(name).per.\(word)", .count, .lowerIsBetter, operation) { trial in
          trial.outcome.work[kind.rawValue].map { Double(value($0)) / Double($0.operations) } ?? 0
        }
      }
      // A removal reconnects neighbors and walks nowhere.
      return [each("distances", \.distances)] + (kind == .remove ? [] : [each("hops", \.hops)])
    }
  }

  // MARK: - Groups

  private func throughput() -> [RunRecord.Result] {
    var results: [RunRecord.Result] = []
    if settings.arrival != .closed, let rate = settings.rate {
      results.append(
        one("throughput.offered", .perSecond, .neutral) { _ in rate })
    }
    results.append(
      one("throughput.achieved", .perSecond, .higherIsBetter) { trial in
        Double(trial.outcome.arrivals) / seconds(trial)
      })
    results.append(
      one("capacity", .perSecond, .higherIsBetter) { $0.outcome.capacity })
    results.append(one("capacity.cores", .count, .neutral) { $0.outcome.capacityCores })
    for kind in OperationMix.kinds where operations(kind) > 0 {
      results.append(
        one("\(kind.rawValue).rate", .perSecond, .higherIsBetter, kind) { trial in
          Double(trial.outcome.trial.operations[kind.rawValue] ?? 0) / seconds(trial)
        })
    }
    for kind in [OperationKind.insert, .upsert] where operations(kind) > 0 {
      results.append(
        one("\(kind.rawValue).vectors", .perSecond, .higherIsBetter, kind) { trial in
          Double(trial.outcome.vectors[kind.rawValue] ?? 0) / seconds(trial)
        })
    }
    if trials.contains(where: { $0.outcome.liveBefore != $0.outcome.liveAfter }) {
      results.append(
        one("live.change", .count, .neutral) {
          Double($0.outcome.liveAfter - $0.outcome.liveBefore)
        })
    }
    if trials.contains(where: { !$0.outcome.skipped.isEmpty }) {
      results.append(
        one("skipped", .count, .neutral) { Double($0.outcome.skipped.values.reduce(0, +)) })
    }
    return results
  }

  private func latency(_ kind: OperationKind) -> [RunRecord.Result] {
    let filters = settings.selectivities.map { WorkerLog.Part(selectivity: $0) }
    let parts = [WorkerLog.Part(), .init(isHot: true), .init(isHot: false)] + filters
    return (kind == .search ? parts.map(\.name) : [""]).flatMap { part in
      ["response", "service"].flatMap { latency(kind, "\(kind.rawValue)\(part).\($0)") }
    }
  }

  private func latency(_ kind: OperationKind, _ tag: String) -> [RunRecord.Result] {
    let histograms = trials.compactMap { $0.latencies[tag] }
    let count = histograms.reduce(0) { $0 + Int($1.count) }
    guard count > 0, histograms.count == trials.count else { return [] }
    var results = [
      timed("\(tag).mean", kind, count) { $0.latencies[tag]?.mean ?? 0 }
    ]
    // A percentile is printed when enough lies beyond it: ten observations in all trials together,
    // and one in each, for it is the mean of theirs.
    let least = histograms.map { Int($0.count) }.min() ?? 0
    for (name, p, needed) in [
      ("p50", 50.0, 20), ("p90", 90, 100), ("p95", 95, 200), ("p99", 99, 1_000),
      ("p999", 99.9, 10_000),
    ] where count >= needed && 10 * least >= needed {
      results.append(
        timed("\(tag).\(name)", kind, count) { Double($0.latencies[tag]?.percentile(p) ?? 0) })
    }
    results.append(timed("\(tag).max", kind, count) { Double($0.latencies[tag]?.max ?? 0) })
    return results
  }

  private func quality() -> [RunRecord.Result] {
    var results: [RunRecord.Result] = []
    if trials.allSatisfy({ $0.outcome.recall != nil }) {
      let samples = trials.reduce(0) { $0 + ($1.outcome.recall?.samples ?? 0) }
      results.append(
        one("search.recall", .ratio, .higherIsBetter, .search, samples) {
          $0.outcome.recall?.lower ?? 0
        })
      results.append(
        one("search.recall.upper", .ratio, .neutral, .search, samples) {
          $0.outcome.recall?.upper ?? 0
        })
    }
    results += bySelectivity() + atRest()
    results.append(one("errors", .count, .lowerIsBetter) { Double($0.outcome.trial.errors) })
    if settings.arrival != .closed {
      results.append(
        one("generator.lag.p99", .seconds, .neutral) { $0.outcome.generatorLagP99 })
    }
    return results
  }

  private func bySelectivity() -> [RunRecord.Result] {
    settings.selectivities.compactMap { selectivity in
      let name = WorkerLog.Part(selectivity: selectivity).name
      let all = trials.compactMap { $0.outcome.recallByPart[name] }
      guard all.count == trials.count else { return nil }
      return one(
        "search\(name).recall", .ratio, .higherIsBetter, .search,
        all.reduce(0) { $0 + $1.samples }
      ) { $0.outcome.recallByPart[name]?.lower ?? 0 }
    }
  }

  /// Recall of the set as loaded, and as the writes left it, by the same queries.
  ///
  /// All trials open copies of one store: where they agree to the last digit that is one value, and
  /// not as many. Two programs whose graphs were built apart would differ surely by it.
  private func atRest() -> [RunRecord.Result] {
    let both: [(String, KeyPath<TrialOutcome, Double?>)] = [
      ("recall.before", \.recallBefore), ("recall.after", \.recallAfter),
    ]
    return both.compactMap { name, value in
      guard trials.allSatisfy({ $0.outcome[keyPath: value] != nil }) else { return nil }
      var result = one(
        name, .ratio, .higherIsBetter, .search, settings.churnSamples * trials.count
      ) { $0.outcome[keyPath: value] ?? 0 }
      if let first = result.trials.first, result.trials.allSatisfy({ $0 == first }) {
        (result.estimate, result.trials) = (Estimate(value: first, count: 1), [first])
        result.observations = settings.churnSamples
      }
      return result
    }
  }

  /// How many operations were under way, by two witnesses.
  private func concurrency() -> [RunRecord.Result] {
    guard trials.allSatisfy({ $0.outcome.concurrency != nil }) else { return [] }
    let looks = trials.reduce(0) { $0 + ($1.outcome.concurrency?.count ?? 0) }
    return [
      one("concurrency.seen", .count, .neutral, nil, looks) { $0.outcome.concurrency?.mean ?? 0 },
      one("concurrency.expected", .count, .neutral) { $0.outcome.expectedConcurrency },
    ]
  }

  private func warmUp() -> [RunRecord.Result] {
    guard trials.allSatisfy({ $0.outcome.warmUp?.steadyAfter != nil }) else { return [] }
    return [
      one("warmup.steady.after", .seconds, .neutral) { $0.outcome.warmUp?.steadyAfter ?? 0 }
    ]
  }

  /// Opening a store whose pages were dropped, and how far that went.
  private func coldStart() -> [RunRecord.Result] {
    guard trials.allSatisfy({ $0.outcome.coldStart != nil }) else { return [] }
    var results = [
      one("cold.open", .seconds, .lowerIsBetter) { $0.outcome.openSeconds },
      one("cold.pages.kept", .ratio, .neutral) { $0.outcome.coldStart?.keptShare ?? 0 },
    ]
    if trials.allSatisfy({ $0.outcome.coldStart?.deviceBytes != nil }) {
      results.append(
        one("cold.open.device", .bytes, .neutral) {
          Double($0.outcome.coldStart?.deviceBytes ?? 0)
        })
    }
    return results
  }

  private func cost() -> [RunRecord.Result] {
    var results = [
      one("cpu.per.operation", .seconds, .lowerIsBetter) { trial in
        let operations = trial.outcome.trial.operations.values.reduce(0, +)
        return engineCPU(trial) / Double(max(1, operations))
      }
    ]
    for kind in OperationMix.kinds where operations(kind) > 0 {
      results.append(
        one("cpu.per.\(kind.rawValue)", .seconds, .lowerIsBetter, kind) { trial in
          (trial.outcome.engineCPUSeconds[kind.rawValue] ?? 0)
            / Double(max(1, trial.outcome.trial.operations[kind.rawValue] ?? 0))
        })
    }
    results.append(
      one("client.cpu.share", .ratio, .neutral) { trial in
        let all = trial.outcome.trial.cpuSeconds
        return all > 0 ? 1 - engineCPU(trial) / all : 0
      })
    if trials.contains(where: { $0.outcome.trial.vectorsWritten > 0 && $0.outcome.walBytes > 0 }) {
      results.append(
        one("wal.bytes.per.vector", .bytes, .lowerIsBetter, .insert) { trial in
          Double(trial.outcome.walBytes) / Double(max(1, trial.outcome.trial.vectorsWritten))
        })
    }
    if trials.allSatisfy({ $0.outcome.syncs > 0 }) {
      results.append(
        one("wal.bytes.per.sync", .bytes, .neutral, .insert) { trial in
          Double(trial.outcome.walBytes) / Double(trial.outcome.syncs)
        })
    }
    return results
  }

  // MARK: - Parts

  private func operations(_ kind: OperationKind) -> Int {
    trials.reduce(0) { $0 + ($1.outcome.trial.operations[kind.rawValue] ?? 0) }
  }

  private func seconds(_ trial: Finished) -> Double {
    max(1e-9, trial.outcome.trial.measuredSeconds)
  }

  private func engineCPU(_ trial: Finished) -> Double {
    trial.outcome.engineCPUSeconds.values.reduce(0, +)
  }

  private func timed(
    _ name: String, _ kind: OperationKind, _ count: Int, _ nanoseconds: (Finished) -> Double
  ) -> RunRecord.Result {
    one(name, .seconds, .lowerIsBetter, kind, count) { nanoseconds($0) / 1e9 }
  }

  private func one(
    _ name: String, _ unit: MetricUnit, _ direction: Direction, _ kind: OperationKind? = nil,
    _ observations: Int? = nil, _ value: (Finished) -> Double
  ) -> RunRecord.Result {
    let values = trials.map(value)
    var estimate = Estimate.mean(ofTrials: values)
    // A share cannot pass one; the interval of few trials may think otherwise.
    if unit == .ratio, let high = estimate.interval?.high { estimate.interval?.high = min(1, high) }
    // Nor can time run backwards.
    if unit == .seconds, let low = estimate.interval?.low { estimate.interval?.low = max(0, low) }
    return RunRecord.Result(
      name: name, unit: unit, direction: direction, operation: kind, estimate: estimate,
      trials: values, observations: observations)
  }
}
