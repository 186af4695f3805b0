import Basics
import Measurement
package import RunRecords
import Vocabulary

/// Runs that never ran: equal programs on a restless machine, drawn from a seed.
///
/// The gate is tried on them, because with them the truth is known: each run has a luck of its own,
/// half of it common to all its results, and each trial another.
package struct SimulatedRuns {
  private var random: SeededRandom
  /// The spread between equal runs, and that of the trials of one, as shares.
  private let luck: Double
  private let noise: Double

  private static let quantities: [(name: String, direction: Direction, restlessness: Double)] =
    Procedure.headlineNames.subtracting(["search.recall"]).sorted().map {
      ($0, $0 == "capacity" ? .higherIsBetter : .lowerIsBetter, $0.hasSuffix("p99") ? 4 : 1)
    } + (0..<30).map { ("other.\($0)", .lowerIsBetter, [1, 2, 5][$0 % 3]) }

  package init(seed: UInt64, luck: Double = 0.015, noise: Double = 0.02) {
    random = SeededRandom(seed)
    self.luck = luck
    self.noise = noise
  }

  /// A run whose speed is multiplied with a factor: 0.8 is a fifth slower in everything timed.
  package mutating func run(
    _ name: String, speed: Double = 1, trials: Int = 5
  ) -> RunFolder {
    let common = random.normal()
    let pace = (0..<trials).map { _ in random.normal() }
    let results = Self.quantities.map { quantity -> RunRecord.Result in
      let own = luck * (0.707 * common + 0.707 * random.normal())
      let level = quantity.direction == .higherIsBetter ? speed : 1 / speed
      let values = pace.map { shared in
        let trial = noise * quantity.restlessness * (0.55 * shared + 0.84 * random.normal())
        return 100 * level * RealFunctions.exponential(own + trial)
      }
      return RunRecord.Result(
        name: quantity.name, unit: quantity.direction == .higherIsBetter ? .perSecond : .seconds,
        direction: quantity.direction, estimate: Estimate.mean(ofTrials: values), trials: values)
    }
    return RunFolder(
      path: name, record: record(results, trials), environment: nil, profileFiles: []
    ) { _ in throw RunError.missing(path: name) }
  }

  private func record(_ results: [RunRecord.Result], _ trials: Int) -> RunRecord {
    RunRecord(
      status: .complete, toolVersion: "simulated", command: "simulated", arguments: [], replay: "",
      startedAt: "", durationSeconds: 0, seed: 0, settings: [], dataset: nil,
      trials: (1...trials).map { RunRecord.Trial(number: $0, status: .complete) },
      results: results, profiling: RunRecord.Profiling(method: RunRecord.Profiling.nothing))
  }
}
