import Comparison
import Measurement
import RunRecords
import Testing

struct HistoryTests {
  private func run(
    _ number: Int, _ value: Double, processor: String = "A processor", ef: String = "64",
    rate: String = "1200"
  ) -> RunFolder {
    var maker = RunMaker()
    maker.name = "run\(number)"
    maker.startedAt = "2026-02-06T22:\(10 + number):00Z"
    maker.environment?.processor = processor
    maker.settings["ef"] = ef
    maker.settings["rate"] = rate
    maker.results = [
      RunMaker.result("capacity", [value], unit: .perSecond, direction: .higherIsBetter),
      RunMaker.result("search.response.p50", [1 / value]),
    ]
    return maker.folder()
  }

  private func level(_ number: Int, _ level: Double) -> Double {
    level * (1 + [0.004, -0.006, 0.001, 0.007, -0.003][number % 5])
  }

  @Test func `a regression is dated to the run it came with`() throws {
    let runs = (0..<30).map { run($0, level($0, $0 < 15 ? 1_000 : 850)) }
    let history = try #require(MetricHistory.of(runs.reversed(), metrics: ["capacity"]).first)
    #expect(history.changes.map(\.run) == ["run15"])
    let change = try #require(history.changes.first)
    let share = try #require(change.share)
    #expect(change.verdict == .worse && abs(share + 0.15) < 0.01)
  }

  @Test func `a new machine or other settings begin a new series instead of a change`() {
    let runs =
      (0..<15).map { run($0, level($0, 1_000)) }
      + (15..<30).map { run($0, level($0, 500), processor: "Another") }
      + (30..<45).map { run($0, level($0, 2_000), processor: "Another", ef: "16") }
    let histories = MetricHistory.of(runs, metrics: ["capacity"])
    #expect(histories.count == 3)
    #expect(histories.allSatisfy { $0.changes.isEmpty && $0.runsMissing == 0 })
    #expect(histories.map(\.differsIn) == [[], ["machine"], ["ef"]])
  }

  @Test func `an option that was chosen is another series, a new standard is a change`() {
    func runs(_ isChosen: Bool) -> [RunFolder] {
      (0..<30).map { number in
        var maker = RunMaker()
        maker.name = "run\(number)"
        maker.startedAt = "2026-02-06T22:\(10 + number):00Z"
        maker.settings["visited"] = number < 15 ? "marks" : "map"
        maker.chosen = isChosen && number >= 15 ? ["visited"] : []
        maker.results = [
          RunMaker.result(
            "capacity", [level(number, number < 15 ? 1_000 : 500)], unit: .perSecond,
            direction: .higherIsBetter)
        ]
        return maker.folder()
      }
    }
    let apart = MetricHistory.of(runs(true), metrics: ["capacity"])
    #expect(apart.map(\.differsIn) == [[], ["visited"]] && apart.allSatisfy(\.changes.isEmpty))
    let together = MetricHistory.of(runs(false), metrics: ["capacity"])
    #expect(together.count == 1 && together.first?.changes.map(\.run) == ["run15"])
  }

  @Test func `another offered rate is another series for latencies only`() {
    let runs = (0..<10).map { run($0, level($0, 1_000), rate: $0 < 5 ? "1200" : "1300") }
    #expect(MetricHistory.of(runs, metrics: ["capacity"]).count == 1)
    #expect(MetricHistory.of(runs, metrics: ["search.response.p50"]).count == 2)
  }

  @Test func `too few runs say how many are missing`() throws {
    let history = try #require(
      MetricHistory.of((0..<4).map { run($0, 1_000) }, metrics: ["capacity"]).first)
    #expect(history.runsMissing == 10)
  }
}
