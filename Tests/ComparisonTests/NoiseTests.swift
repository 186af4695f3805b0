import Comparison
import Measurement
import RunRecords
import Testing

struct NoiseTests {
  private func run(
    _ name: String, _ level: Double, rate: String = "1200", ef: String = "64",
    processor: String = "A processor"
  ) -> RunFolder {
    var maker = RunMaker()
    maker.name = name
    maker.settings["rate"] = rate
    maker.settings["ef"] = ef
    maker.environment?.processor = processor
    let trials = [0.99, 1, 1.01, 1, 1].map { $0 * level }
    maker.results = [
      RunMaker.result("capacity", trials, unit: .perSecond, direction: .higherIsBetter),
      RunMaker.result("search.response.p50", trials),
      RunMaker.result("errors", [0, 0, 0, 0, 0], unit: .count),
    ]
    return maker.folder()
  }

  private func entry(_ levels: [Double]) throws -> NoiseRecord.Entry {
    let runs = levels.enumerated().map { run("r\($0)", $1) }
    return try #require(
      NoiseMeter.measure(runs, measuredAt: "2026-02-06T22:47:49Z", toolVersion: "1"))
  }

  @Test func `the floor is what trials do not explain`() throws {
    let spread = try #require(entry([100, 110, 90, 105, 95, 100]).spreads["capacity"])
    #expect(abs(spread.betweenRuns - 0.0708) < 0.001)
    #expect(spread.floor < spread.betweenRuns && spread.floor > 0.06)
    #expect(try entry([100, 110, 90, 105, 95, 100]).spreads["errors"] == nil)
  }

  @Test func `runs that agree by luck keep half of their spread`() throws {
    let spread = try #require(entry([100, 100.1, 99.9, 100, 100, 100]).spreads["capacity"])
    #expect(spread.floor == spread.betweenRuns / 2 && spread.floor > 0)
  }

  @Test func `three runs are no measurement`() {
    let runs = (0..<3).map { run("r\($0)", 100) }
    #expect(NoiseMeter.measure(runs, measuredAt: "", toolVersion: "") == nil)
  }

  @Test func `a noise floor fits its machine, command and settings, and latencies near its rate`()
    throws
  {
    let record = NoiseRecord(entries: [try entry([100, 110, 90, 105, 95, 100])])
    let fitting = MeasuredNoise.fitting([run("a", 1), run("b", 1)], in: record)
    #expect(try #require(fitting.noise).allowances["search.response.p50"] != nil)
    let far = MeasuredNoise.fitting([run("a", 1, rate: "3000")], in: record)
    #expect(try #require(far.noise).allowances["search.response.p50"] == nil)
    #expect(try #require(far.noise).allowances["capacity"] != nil)
    let other = MeasuredNoise.fitting([run("a", 1, ef: "16")], in: record)
    #expect(other.noise == nil && other.reason?.contains("(ef)") == true)
    #expect(MeasuredNoise.fitting([run("a", 1, processor: "B")], in: record).noise == nil)
  }

  @Test func `a restless machine hides what the assumption would have claimed`() throws {
    let (base, new) = (run("a", 100), run("b", 80))
    var options = ComparisonOptions()
    func verdict() throws -> Verdict {
      try #require(
        Comparer.compare(base: base, new: new, options: options).results
          .first { $0.name == "capacity" }
      ).change.verdict
    }
    #expect(try verdict() == .worse)
    let record = NoiseRecord(entries: [try entry([100, 120, 85, 110, 90, 100])])
    options.procedure.noise = MeasuredNoise.fitting([base, new], in: record).noise
    #expect(try verdict() == .noDifferenceSeen)
  }
}
