package import Measurement
package import Vocabulary
package import Workloads

/// What one worker wrote down during one phase.
///
/// Each has its own; they are merged after joining.
package struct WorkerLog: Sendable {
  package var latencies: [Tag: LatencyHistogram] = [:]
  package var generatorLag = LatencyHistogram()
  package var operations: [OperationKind: Int] = [:]
  package var engineCPU: [OperationKind: UInt64] = [:]
  package var arrivals = 0
  package var errors = 0
  package var firstError: String?
  package var vectorsWritten = 0
  package var observations: [RecallScorer.Observation] = []
  package var lives: [VectorID: RecallScorer.Life] = [:]
  /// Arrivals finished in each second of the phase, and the sum of their response times.
  package var seconds: [Second] = []
  package var lateBatches = 0
  /// Each search by its time, where that is asked for.
  package var searches: [TrialOutcome.SearchMoment] = []
  var keepsSearches = false

  package struct Second: Codable, Sendable, Equatable {
    package var operations: [String: Int] = [:]
    package var responseNanoseconds: UInt64 = 0
    package var longestNanoseconds: UInt64 = 0
  }

  package struct Tag: Hashable, Sendable {
    package let operation: OperationKind
    package let measure: Measure

    /// Response counts from when the operation was due, service from when it was begun.
    package enum Measure: String, Sendable, CaseIterable { case response, service }

    package var name: String { "\(operation.rawValue).\(measure.rawValue)" }
  }

  package init() {}

  mutating func record(
    _ operation: OperationKind, due: UInt64, start: UInt64, end: UInt64, phaseStart: UInt64
  ) {
    latencies[Tag(operation: operation, measure: .response), default: LatencyHistogram()]
      .record(end &- due)
    latencies[Tag(operation: operation, measure: .service), default: LatencyHistogram()]
      .record(end &- start)
    operations[operation, default: 0] += 1
    if keepsSearches, operation == .search {
      searches.append(TrialOutcome.SearchMoment(start: start, response: end &- due))
    }
    let second = Int((max(end, phaseStart) - phaseStart) / 1_000_000_000)
    while seconds.count <= min(second, 86_400) { seconds.append(Second()) }
    let index = min(second, seconds.count - 1)
    seconds[index].operations[operation.rawValue, default: 0] += 1
    seconds[index].responseNanoseconds += end &- due
    seconds[index].longestNanoseconds = max(seconds[index].longestNanoseconds, end &- due)
  }

  package mutating func merge(_ other: WorkerLog) {
    for (tag, histogram) in other.latencies {
      latencies[tag, default: LatencyHistogram()].merge(histogram)
    }
    generatorLag.merge(other.generatorLag)
    operations.merge(other.operations, uniquingKeysWith: +)
    engineCPU.merge(other.engineCPU, uniquingKeysWith: +)
    arrivals += other.arrivals
    errors += other.errors
    firstError = firstError ?? other.firstError
    vectorsWritten += other.vectorsWritten
    observations += other.observations
    // An id belongs to one worker; what happened to it in a later phase completes its life.
    lives.merge(other.lives) { earlier, later in
      var life = earlier
      life.deleteStart = min(earlier.deleteStart, later.deleteStart)
      life.deleteEnd = min(earlier.deleteEnd, later.deleteEnd)
      return life
    }
    lateBatches += other.lateBatches
    searches += other.searches
    for (index, second) in other.seconds.enumerated() {
      while seconds.count <= index { seconds.append(Second()) }
      seconds[index].operations.merge(second.operations, uniquingKeysWith: +)
      seconds[index].responseNanoseconds += second.responseNanoseconds
      seconds[index].longestNanoseconds = max(
        seconds[index].longestNanoseconds, second.longestNanoseconds)
    }
  }
}
