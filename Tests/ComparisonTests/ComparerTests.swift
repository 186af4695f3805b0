import Basics
import Comparison
import Measurement
import RunRecords
import Testing

struct ComparerTests {
  private func run(_ name: String, seed: UInt64, scale: Double = 1, trials: Int = 5) -> RunFolder {
    var random = SeededRandom(seed)
    let luck = 1 + 0.015 * random.normal()
    let results = (0..<30).map { index in
      let values = (0..<trials).map { _ in
        Double(index + 1) * luck * scale * (1 + 0.02 * random.normal())
      }
      return RunRecord.Result(
        name: "cpu.row\(index)", unit: .seconds, direction: .lowerIsBetter,
        estimate: Estimate.mean(ofTrials: values), trials: values)
    }
    let record = RunRecord(
      status: .complete, toolVersion: "test", command: "market", arguments: [], replay: "",
      startedAt: "2026-01-01T00:00:00Z", durationSeconds: 1, seed: 1, settings: [], dataset: nil,
      trials: (1...trials).map { RunRecord.Trial(number: $0, status: .complete) },
      results: results, profiling: RunRecord.Profiling(method: "none"))
    return RunFolder(path: name, record: record, environment: nil, profileFiles: []) { _ in
      preconditionFailure("there is no profile to read")
    }
  }

  @Test func `runs of one program raise an alarm in few of a hundred pairs`() {
    var alarms = 0
    for seed in 0..<100 as Range<UInt64> {
      let comparison = Comparer.compare(
        base: run("a", seed: 2 * seed), new: run("b", seed: 2 * seed + 1))
      if comparison.rows.contains(where: { $0.verdict == .better || $0.verdict == .worse }) {
        alarms += 1
      }
    }
    #expect(alarms <= 5, "\(alarms) pairs with a false alarm")
  }

  @Test func `a thirty percent slowdown is found and called worse`() {
    let comparison = Comparer.compare(
      base: run("a", seed: 1), new: run("b", seed: 2, scale: 1.3))
    #expect(comparison.rows.allSatisfy { $0.verdict == .worse })
    #expect(comparison.rows.allSatisfy { ($0.smallestDetectable ?? 1) < 0.3 })
  }

  @Test func `with four trials on a side nothing is told`() {
    let comparison = Comparer.compare(
      base: run("a", seed: 1, trials: 4), new: run("b", seed: 2, scale: 2))
    #expect(comparison.rows.allSatisfy { $0.verdict == .cannotTell && $0.reason != nil })
  }
}
