import Comparison
import Measurement
import RunRecords
import Testing
import Vocabulary

struct ResultTests {
  private func compare(
    _ base: [RunRecord.Result], _ new: [RunRecord.Result], _ procedure: Procedure = Procedure()
  ) throws -> RunComparison {
    var (left, right) = (RunMaker(), RunMaker())
    (left.name, right.name) = ("base", "new")
    (left.results, right.results) = (base, new)
    return try Comparer.compare(
      base: left.folder(), new: right.folder(), options: ComparisonOptions(procedure: procedure))
  }

  private func row(
    _ base: [Double], _ new: [Double], name: String = "capacity", unit: MetricUnit = .perSecond,
    direction: Direction = .higherIsBetter, _ procedure: Procedure = Procedure()
  ) throws -> Change {
    let comparison = try compare(
      [RunMaker.result(name, base, unit: unit, direction: direction)],
      [RunMaker.result(name, new, unit: unit, direction: direction)], procedure)
    return try #require(comparison.results.first).change
  }

  @Test func `a planted ten percent at two percent noise is found with five trials a side`() throws
  {
    // Among seven other headline rows, as in a real run, so that the correction bites.
    let names = Procedure.headlineNames.subtracting(["search.recall"]).sorted()
    var dice = Dice(31)
    var (found, wrong) = (0, 0)
    for _ in 0..<200 {
      func values(_ name: String, _ factor: Double) -> [RunRecord.Result] {
        names.map { each in
          RunMaker.result(
            each,
            (0..<5).map { _ in (each == name ? factor : 1) * (1 + 0.02 * dice.normal()) })
        }
      }
      let comparison = try compare(values("cpu.per.search", 1), values("cpu.per.search", 1.1))
      for row in comparison.results where row.change.verdict != .noDifferenceSeen {
        if row.name == "cpu.per.search", row.change.verdict == .worse {
          found += 1
        } else {
          wrong += 1
        }
      }
    }
    // Simulated apart from this code: 84 of 100.
    #expect(found > 150, "found \(found) of 200")
    #expect(wrong <= 2, "\(wrong) other rows claimed a change")
  }

  @Test func `the direction decides what is better`() throws {
    let (low, high) = ([100.0, 101, 99, 100.5, 99.5], [150.0, 151, 149, 150.5, 149.5])
    #expect(try row(low, high).verdict == .better)
    #expect(try row(high, low).verdict == .worse)
    #expect(try row(low, high, name: "cpu.per.search", direction: .lowerIsBetter).verdict == .worse)
  }

  @Test func `the interval is around the ratio and the outcome says it in one sentence`() throws {
    let (low, high) = ([100.0, 101, 99, 100.5, 99.5], [150.0, 151, 149, 150.5, 149.5])
    let change = try row(low, high)
    let interval = try #require(change.interval)
    #expect(interval.low < 1.5 && interval.high > 1.5)
    #expect(interval.low > 1.4 && interval.high < 1.6)
    let comparison = try compare(
      [RunMaker.result("capacity", low, unit: .perSecond, direction: .higherIsBetter)],
      [RunMaker.result("capacity", high, unit: .perSecond, direction: .higherIsBetter)])
    #expect(comparison.outcome == .better)
    #expect(comparison.headline.hasPrefix("BETTER: new against base, capacity +50.0 %"))
  }

  @Test(arguments: [1, 2, 4])
  func `fewer than five trials give no verdict, whatever they show`(count: Int) throws {
    let change = try row(
      [Double](repeating: 100, count: count), [Double](repeating: 900, count: count))
    #expect(change.verdict == .cannotTell)
    #expect(change.reason?.contains("\(count) against \(count) trials") == true)
    #expect(change.ratio == 9)
  }

  @Test func `a change below the noise floor is none, however regular`() throws {
    let (low, high) = ([100.0, 100, 100, 100, 100.1], [102.0, 102, 102, 102, 102.1])
    func floor(_ share: Double) -> MeasuredNoise {
      MeasuredNoise(
        measuredAt: "2026-02-06T22:47:49Z", runs: 6,
        allowances: ["capacity": RunAllowance(floor: share, degrees: 5)])
    }
    var exact = Procedure()
    exact.noise = floor(0.0001)
    #expect(try row(low, high, exact).verdict == .noDifferenceSeen)
    exact.minimumEffect = 0.01
    #expect(try row(low, high, exact).verdict == .better)
    exact.noise = floor(0.03)
    #expect(try row(low, high, exact).verdict == .noDifferenceSeen)
  }

  @Test func `no difference seen comes with what would have been seen`() throws {
    let values = [100.0, 102, 98, 101, 99]
    let change = try row(values, values.reversed())
    #expect(change.verdict == .noDifferenceSeen)
    let least = try #require(change.smallestDetectable)
    #expect(least > 0.03 && least < 0.3)
  }

  @Test func `errors from none to many are worse, and none against none is no difference`() throws {
    let none = [0.0, 0, 0, 0, 0]
    func errors(_ base: [Double], _ new: [Double]) throws -> Change {
      try row(base, new, name: "errors", unit: .count, direction: .lowerIsBetter)
    }
    #expect(try errors(none, none).verdict == .noDifferenceSeen)
    #expect(try errors(none, [90, 110, 100, 95, 105]).verdict == .worse)
    #expect(try errors([90, 110, 100, 95, 105], none).verdict == .better)
    #expect(try errors(none, [0, 1, 0, 0, 0]).verdict == .noDifferenceSeen)
    #expect(try errors(none, [-1, 1, 0, 0, 0]).verdict == .cannotTell)
  }

  @Test(arguments: [
    [0.0, 0, 0, 0, 0], [-1, -2, -3, -4, -5], [1, 2, 3, 4, -5], [1e300, 1e300, 1e300, 1e300, 1e300],
    [1e-300, 1e-300, 1e-300, 1e-300, 1e-300],
  ])
  func `values that no time can have are no trap and no claim of the wrong kind`(
    values: [Double]
  ) throws {
    let comparison = try compare(
      [RunMaker.result("search.service.p50", values)],
      [RunMaker.result("search.service.p50", [1, 1.1, 1.2, 0.9, 1])])
    for row in comparison.results {
      #expect(row.change.verdict == .cannotTell || values.allSatisfy { $0 > 0 })
    }
  }

  @Test func `neutral quantities and extremes are shown and not judged`() throws {
    let results = [
      RunMaker.result("client.cpu.share", [0.1, 0.1], unit: .ratio, direction: .neutral),
      RunMaker.result("search.response.max", [1, 2, 3, 4, 5]),
    ]
    let comparison = try compare(results, results)
    #expect(comparison.results.isEmpty)
    #expect(comparison.facts.map(\.name) == ["client.cpu.share", "search.response.max"])
    #expect(comparison.outcome == .cannotTell)
  }

  @Test func `what only one run measured is named`() throws {
    let shared = RunMaker.result("capacity", [1, 1, 1, 1, 1])
    let comparison = try compare(
      [shared, RunMaker.result("insert.service.p50", [1, 1, 1, 1, 1])], [shared])
    #expect(comparison.notes.contains("Only base has a number for insert.service.p50."))
  }

  @Test func `a value that is not a number is no pair`() throws {
    let shared = RunMaker.result("capacity", [1, 1, 1, 1, 1])
    let comparison = try compare(
      [shared, RunMaker.result("cpu.per.search", [.nan, 1])],
      [shared, RunMaker.result("cpu.per.search", [.infinity, 1])])
    #expect(comparison.results.map(\.name) == ["capacity"])
    #expect(comparison.notes.contains("Neither side has a number for cpu.per.search."))
  }
}
