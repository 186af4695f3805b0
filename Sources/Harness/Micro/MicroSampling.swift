import Basics
package import Measurement

/// Measures benchmarks in turns: warm first, in batches of a size that fits each, the variants of a
/// name right behind each other, so that a ratio compares neighbors in time.
package struct MicroSampling {
  package struct Result: Codable, Sendable, Equatable {
    package var name: String
    package var variant: String?
    package var work: String
    /// Seconds for one operation: the median of the samples, with its interval.
    package var seconds: Estimate
    package var fastest: Double
    package var operationsPerSample: Int
    /// This variant over the first of its name, sample by sample; below one is faster.
    package var ratio: Estimate?
    /// Counted exactly in another process; nil where nobody could count.
    package var allocations: Double?
    package var allocatedBytes: Double?
    package var checksum: UInt64
  }

  package let samples: Int
  /// What a sample should last, if the batch may be that large.
  package let sampleNanoseconds: UInt64
  package let seed: UInt64
  private let clock = MicroClock()

  package init(samples: Int, sampleNanoseconds: UInt64 = 1_000_000, seed: UInt64) {
    self.samples = samples
    self.sampleNanoseconds = sampleNanoseconds
    self.seed = seed
  }

  private struct Running {
    let benchmark: MicroBenchmark
    let body: MicroBody
    var batch = 1
    var values: [Double] = []
    var checksum: UInt64 = 0
  }

  /// - Parameters:
  ///   - benchmarks: In the order in which they are listed.
  ///   - fixture: What they work on.
  ///   - progress: Told the share that is done.
  ///   - isStopped: Asked between samples; true ends it with what there is.
  /// - Returns: A result for each benchmark.
  /// - Throws: What a benchmark's work threw.
  package func run(
    _ benchmarks: [MicroBenchmark], _ fixture: MicroFixture,
    progress: (Double) -> Void = { _ in }, isStopped: () -> Bool = { false }
  ) throws -> [Result] {
    var running: [Running] = []
    for (place, benchmark) in benchmarks.enumerated() {
      if isStopped() { return [] }
      var one = Running(benchmark: benchmark, body: try benchmark.make(fixture))
      try warm(&one)
      running.append(one)
      progress(0.5 * Double(place + 1) / Double(benchmarks.count))
    }
    for round in 0..<samples {
      if isStopped() { break }
      for place in turns(benchmarks, round) {
        let batch = try running[place].body(running[place].batch, clock)
        running[place].values.append(
          Double(batch.nanoseconds) / 1e9 / Double(running[place].batch))
        running[place].checksum &+= batch.checksum
      }
      progress(0.5 + 0.5 * Double(round + 1) / Double(samples))
    }
    return running.map { one in
      let first = running.first { $0.benchmark.name == one.benchmark.name }
      return result(one, first.map(\.values) ?? [])
    }
  }

  /// Doubles the batch until it lasts as long as a sample should, then goes on for a while.
  private func warm(_ running: inout Running) throws {
    var spent: UInt64 = 0
    while true {
      let took = try running.body(running.batch, clock).nanoseconds
      spent += took
      if took >= sampleNanoseconds || running.batch >= running.benchmark.largestBatch { break }
      running.batch = min(running.batch * 2, running.benchmark.largestBatch)
    }
    while spent < 4 * sampleNanoseconds {
      spent += max(1_000, try running.body(running.batch, clock).nanoseconds)
    }
  }

  /// Names in random order, the variants of a name together, in random order too.
  private func turns(_ benchmarks: [MicroBenchmark], _ round: Int) -> [Int] {
    var random = SeededRandom(seed, stream: 0x3C, UInt64(round))
    let groups = Dictionary(grouping: benchmarks.indices) { benchmarks[$0].name }
    return groups.keys.sorted().shuffled(using: &random).flatMap { name in
      (groups[name] ?? []).shuffled(using: &random)
    }
  }

  private func result(_ running: Running, _ yardstick: [Double]) -> Result {
    let isFirst = running.values == yardstick
    let ratios = zip(running.values, yardstick).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
    return Result(
      name: running.benchmark.name, variant: running.benchmark.variant,
      work: running.benchmark.work, seconds: Estimate.median(ofTrials: running.values),
      fastest: running.values.min() ?? 0, operationsPerSample: running.batch,
      ratio: isFirst || running.benchmark.variant == nil ? nil : Estimate.median(ofTrials: ratios),
      checksum: running.checksum)
  }
}
