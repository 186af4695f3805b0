import Comparison
import Measurement
import RunRecords
import Testing
import Vocabulary

struct PairedTests {
  /// Pairs that share a drift of the machine, with an effect on the new side.
  private struct Machine {
    var dice: Dice
    var noise = 0.02
    var drift = 0.3

    mutating func sides(pairs: Int, effect: Double) -> (base: [Double], new: [Double]) {
      var sides: (base: [Double], new: [Double]) = ([], [])
      for pair in 0..<pairs {
        let weather = 1 + drift * Double(pair) / Double(pairs)
        sides.base.append(100 * weather * (1 + noise * dice.normal()))
        sides.new.append(100 * weather * effect * (1 + noise * dice.normal()))
      }
      return sides
    }
  }

  private func row(
    _ base: [Double], _ new: [Double], name: String = "capacity",
    unit: MetricUnit = .perSecond, direction: Direction = .higherIsBetter
  ) throws -> Change {
    try #require(rows(base, new, name: name, unit: unit, direction: direction).first).change
  }

  private func rows(
    _ base: [Double], _ new: [Double], name: String, unit: MetricUnit, direction: Direction
  ) throws -> [ResultRow] {
    var (left, right) = (RunMaker(), RunMaker())
    (left.trials, right.trials) = (base.count, new.count)
    left.results = [RunMaker.result(name, base, unit: unit, direction: direction)]
    right.results = [RunMaker.result(name, new, unit: unit, direction: direction)]
    return PairedRows(
      base: try #require(left.folder().record), new: try #require(right.folder().record)
    ).rows()
  }

  @Test func `a change of five percent is found through a drift of thirty`() throws {
    var machine = Machine(dice: Dice(5))
    let sides = machine.sides(pairs: 12, effect: 0.92)
    let change = try row(sides.base, sides.new)
    #expect(change.verdict == .worse)
    let interval = try #require(change.interval)
    #expect(interval.low < 0.92 && interval.high > 0.92 && interval.high < 0.96)
    // The same values, not as pairs, drown in the drift.
    #expect(try #require(RatioTest(base: sides.base, new: sides.new)).p > 0.01)
  }

  @Test func `equal sides are equivalent once the interval is inside the minimum`() throws {
    var machine = Machine(dice: Dice(6), noise: 0.01)
    let sides = machine.sides(pairs: 12, effect: 1)
    #expect(try row(sides.base, sides.new).verdict == .equivalent)
  }

  @Test func `a noisy machine is inconclusive and says how many more pairs it takes`() throws {
    var machine = Machine(dice: Dice(7), noise: 0.05)
    let few = machine.sides(pairs: 6, effect: 1)
    let change = try row(few.base, few.new)
    #expect(change.verdict == .inconclusive)
    let more = try #require(change.pairsNeeded)
    #expect(more > 6)
    // What was promised is about what it takes: three times as many settle it.
    let many = machine.sides(pairs: 6 + 3 * more, effect: 1)
    #expect(try row(many.base, many.new).verdict == .equivalent)
  }

  @Test func `five pairs give no verdict however far apart they are`() throws {
    let change = try row([10, 11, 10, 11, 10], [90, 91, 90, 91, 90])
    #expect(change.verdict == .cannotTell)
    #expect(change.reason == "5 pairs; 6 are needed")
  }

  @Test func `one outlier among ten equal pairs is no change`() throws {
    var new = [Double](repeating: 100, count: 10)
    new[3] = 10
    let change = try row([Double](repeating: 100, count: 10), new)
    #expect(change.verdict == .inconclusive)
  }

  @Test func `equal values to the last digit are equivalent, zeros too`() throws {
    let same = [0.99, 0.98, 0.99, 0.97, 0.99, 0.98]
    #expect(try row(same, same, name: "search.recall", unit: .ratio).verdict == .equivalent)
    let none = [Double](repeating: 0, count: 6)
    let errors = try row(none, none, name: "errors", unit: .count, direction: .lowerIsBetter)
    #expect(errors.verdict == .equivalent)
    #expect(errors.ratio == nil)
  }

  @Test func `errors that come from nothing are worse`() throws {
    let change = try row(
      [Double](repeating: 0, count: 8), [3, 4, 5, 4, 3, 5, 4, 4], name: "errors", unit: .count,
      direction: .lowerIsBetter)
    #expect(change.verdict == .worse)
  }

  @Test func `a trial that died takes its partner with it and no other`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    (left.trials, right.trials) = (8, 8)
    left.results = [RunMaker.result("capacity", [1, 2, 3, 4, 5, 6, 7, 8])]
    right.results = [RunMaker.result("capacity", [1, 2, 4, 5, 6, 7, 8])]
    let base = try #require(left.folder().record)
    var new = try #require(right.folder().record)
    new.trials[2].status = .failed
    let rows = PairedRows(base: base, new: new)
    #expect(rows.pairs.numbers == [1, 2, 4, 5, 6, 7, 8])
    #expect(rows.pairs.unpaired == 1)
    // Shifted by one, the ratios would not all be one.
    #expect(rows.rows().first?.change.ratio == 1)
    #expect(rows.rows().first?.change.verdict == .equivalent)
  }

  @Test func `equal programs in pairs rarely claim a change over all rows`() throws {
    var dice = Dice(11)
    var (claiming, equivalent) = (0, 0)
    let names =
      Procedure.headlineNames.subtracting(["search.recall"]).sorted()
      + (0..<30).map { "other.\($0)" }
    for _ in 0..<100 {
      var (left, right) = (RunMaker(), RunMaker())
      (left.trials, right.trials) = (10, 10)
      for name in names {
        var machine = Machine(dice: dice, noise: 0.03)
        let sides = machine.sides(pairs: 10, effect: 1)
        dice = machine.dice
        left.results.append(RunMaker.result(name, sides.base))
        right.results.append(RunMaker.result(name, sides.new))
      }
      let comparison = try Comparer.compare(
        base: left.folder(), new: right.folder(),
        options: ComparisonOptions(procedure: .paired()))
      let verdicts = comparison.results.map(\.change.verdict)
      if verdicts.contains(.better) || verdicts.contains(.worse) { claiming += 1 }
      equivalent += verdicts.filter { $0 == .equivalent }.count
    }
    // Three percent by design.
    #expect(claiming <= 8, "\(claiming) of 100")
    #expect(equivalent > 500, "\(equivalent) of 3700 rows")
  }
}
