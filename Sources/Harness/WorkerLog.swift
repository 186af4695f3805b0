import Basics
package import Measurement
package import RunRecords
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
  /// What responses were made of, by how long they took.
  package var parts: [OperationKind: ResponseParts] = [:]
  package var arrivals = 0
  /// Those of them for which there was no key, so that nothing was done.
  package var emptyArrivals = 0
  /// The sum over the arrivals, what followed from them left out.
  package var responseNanoseconds: UInt64 = 0
  package var errors = 0
  package var firstError: String?
  /// Vectors brought or removed, by what they were brought or removed with.
  package var vectors: [OperationKind: Int] = [:]
  /// Operations for which there was no key.
  package var skipped: [OperationKind: Int] = [:]
  package var observations: [RecallScorer.Observation] = []
  package var lives = LifeBook()
  /// Gets that found nothing.
  package var missed: [Missed] = []
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

  package struct Missed: Sendable {
    package let id: VectorID
    package let start: UInt64
    package let end: UInt64
  }

  package struct Tag: Hashable, Sendable {
    package let operation: OperationKind
    package let measure: Measure
    package var part = Part()

    /// Response counts from when the operation was due, service from when it was begun.
    package enum Measure: String, Sendable, CaseIterable { case response, service }

    package var name: String { "\(operation.rawValue)\(part.name).\(measure.rawValue)" }
  }

  /// What sets some operations of a kind apart; nothing, usually.
  package struct Part: Hashable, Sendable {
    /// Whether it asked for something popular.
    package var isHot: Bool?
    /// Of its filter.
    package var selectivity: Double?

    package init(isHot: Bool? = nil, selectivity: Double? = nil) {
      self.isHot = isHot
      self.selectivity = selectivity
    }

    package var name: String {
      (isHot.map { $0 ? ".hot" : ".cold" } ?? "") + (selectivity.map { ".sel_\($0)" } ?? "")
    }

    /// The wholes that it is a part of: all of them, those as hot, those as filtered.
    var wholes: Set<Part> {
      [Part(), Part(isHot: isHot), Part(selectivity: selectivity)]
    }
  }

  package init() {}

  mutating func record(
    _ operation: OperationKind, _ part: Part = Part(), due: UInt64, start: UInt64, end: UInt64,
    phaseStart: UInt64
  ) {
    // The clock is monotonic; should it ever go back, a zero is wrong by less than 580 years are.
    let (response, service) = (end > due ? end - due : 0, end > start ? end - start : 0)
    latencies[Tag(operation: operation, measure: .response, part: part), default: .init()]
      .record(response)
    latencies[Tag(operation: operation, measure: .service, part: part), default: .init()]
      .record(service)
    operations[operation, default: 0] += 1
    if keepsSearches, operation == .search {
      searches.append(TrialOutcome.SearchMoment(start: start, response: response))
    }
    let second = Int((max(end, phaseStart) - phaseStart) / 1_000_000_000)
    while seconds.count <= min(second, 86_400) { seconds.append(Second()) }
    let index = min(second, seconds.count - 1)
    seconds[index].operations[operation.rawValue, default: 0] += 1
    seconds[index].responseNanoseconds += response
    seconds[index].longestNanoseconds = max(seconds[index].longestNanoseconds, response)
  }

  /// Adds an operation to the parts of its kind; its thread did nothing else from start to end.
  mutating func dissect(
    _ operation: OperationKind, due: UInt64, start: UInt64, end: UInt64, cpu: UInt64,
    waits: ThreadWaits
  ) {
    let queue = start > due ? start - due : 0
    parts[operation, default: ResponseParts()].add(
      ResponseParts.Sums(
        queue: queue, service: end > start ? end - start : 0, cpu: cpu, lock: waits.lock,
        condition: waits.condition, disk: waits.disk))
  }

  /// Takes out of all CPU what is not the thread's own, which nobody saw at single operations.
  mutating func keepCPU(_ share: Double) {
    engineCPU = engineCPU.mapValues { UInt64(Double($0) * share) }
    parts = parts.mapValues { $0.keepingCPU(share) }
  }

  /// Arrivals for which something was done.
  var answered: Int { arrivals - emptyArrivals }

  package var vectorsWritten: Int { (vectors[.insert] ?? 0) + (vectors[.upsert] ?? 0) }

  /// By tag: the whole, and each way of dividing it.
  package func allLatencies() -> [Tag: LatencyHistogram] {
    var all: [Tag: LatencyHistogram] = [:]
    for (tag, histogram) in latencies {
      for whole in tag.part.wholes {
        all[Tag(operation: tag.operation, measure: tag.measure, part: whole), default: .init()]
          .merge(histogram)
      }
    }
    return all
  }

  package mutating func merge(_ other: WorkerLog) {
    for (tag, histogram) in other.latencies {
      latencies[tag, default: LatencyHistogram()].merge(histogram)
    }
    generatorLag.merge(other.generatorLag)
    operations.merge(other.operations, uniquingKeysWith: +)
    engineCPU.merge(other.engineCPU, uniquingKeysWith: +)
    parts.merge(other.parts) { $0 + $1 }
    arrivals += other.arrivals
    emptyArrivals += other.emptyArrivals
    responseNanoseconds += other.responseNanoseconds
    errors += other.errors
    firstError = firstError ?? other.firstError
    vectors.merge(other.vectors, uniquingKeysWith: +)
    skipped.merge(other.skipped, uniquingKeysWith: +)
    observations += other.observations
    lives.merge(other.lives)
    missed += other.missed
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
