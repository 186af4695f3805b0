import Basics
import Measurement
import Testing

@Suite struct WatchingCostTests {
  /// Spells of a program that does two kinds of work in a mixture that changes all the time, at a
  /// price that drifts, and costs `tax` more while it is watched.
  private func spells(tax: Double, count: Int, noise: Double, seed: UInt64) -> [Spell] {
    var random = SeededRandom(seed, stream: 1)
    var time: UInt64 = 0
    return (0..<count).map { index in
      let isWatched = index % 2 == 0
      let work = [UInt64(20_000 + random.below(80_000)), UInt64(20_000 + random.below(80_000))]
      let drift = 1 + 0.5 * Double(index) / Double(count)
      let fair = Double(work[0]) * 150 + Double(work[1]) * 50
      let luck = 1 + noise * (random.unit() + random.unit() + random.unit() - 1.5)
      let cpu = fair * drift * luck * (isWatched ? 1 + tax : 1)
      defer { time += 30_000_000 }
      return Spell(
        isWatched: isWatched, start: time, end: time + 29_000_000, cpuNanoseconds: UInt64(cpu),
        work: work)
    }
  }

  @Test(arguments: [0.0, 0.01, 0.05])
  func `a planted tax is found within its interval, whatever the mixture and the drift`(
    tax: Double
  ) throws {
    let runs = (1...3).map { spells(tax: tax, count: 400, noise: 0.1, seed: $0) }
    let cost = try #require(WatchingCost(runs, in: .cpu))
    #expect(abs(cost.share - tax) < 3.5 * cost.standardError)
    #expect(cost.standardError < 0.006)
  }

  @Test func `the interval holds the truth in about nineteen of twenty runs`() throws {
    let held = try (1...200).filter { seed in
      let cost = try #require(
        WatchingCost([spells(tax: 0.02, count: 120, noise: 0.2, seed: UInt64(seed))], in: .cpu))
      let bounds = try #require(cost.estimate.interval)
      return bounds.low <= 0.02 && 0.02 <= bounds.high
    }.count
    #expect(held >= 178)
  }

  @Test func `too few spells tell nothing`() {
    #expect(WatchingCost([spells(tax: 0, count: 6, noise: 0, seed: 1)], in: .cpu) == nil)
    #expect(WatchingCost([], in: .cpu) == nil)
  }

  @Test func `spells without work, and kinds that cannot be told apart, are no cost`() {
    var idle = spells(tax: 0, count: 100, noise: 0, seed: 1)
    for index in idle.indices { idle[index].work = [0, 0] }
    #expect(WatchingCost([idle], in: .cpu) == nil)
    var twins = spells(tax: 0, count: 100, noise: 0, seed: 1)
    for index in twins.indices { twins[index].work[1] = twins[index].work[0] }
    #expect(WatchingCost([twins], in: .cpu) == nil)
  }
}

@Suite struct TailCostTests {
  private func run(slower: Double, count: Int) -> (spells: [Spell], moments: [TailCost.Moment]) {
    var random = SeededRandom(5, stream: 2)
    let spells = (0..<count).map { index in
      let start = UInt64(index) * 100
      return Spell(
        isWatched: index % 2 == 0, start: start, end: start + 90, cpuNanoseconds: 0, work: [])
    }
    let moments = spells.flatMap { spell in
      (0..<20).map { place in
        let duration = random.exponential(mean: 1e6) * (spell.isWatched ? slower : 1)
        return TailCost.Moment(start: spell.start + UInt64(place), duration: UInt64(duration))
      }
    }
    return (spells, moments)
  }

  @Test func `a tail that is half longer under watch is seen so`() throws {
    let cost = try #require(TailCost([run(slower: 1.5, count: 600)], percentile: 99))
    let bounds = try #require(cost.change.interval)
    #expect(bounds.low < 0.5 && 0.5 < bounds.high)
    #expect(bounds.low > 0)
    #expect(abs(cost.unwatched * 1e3 - 4.6) < 0.6)
  }

  @Test func `fewer than a thousand operations on a side have no tail to compare`() {
    #expect(TailCost([run(slower: 1, count: 80)], percentile: 99) == nil)
  }
}
