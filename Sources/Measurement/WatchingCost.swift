/// What watching adds to the cost of the same work, from spells with and without.
package struct WatchingCost: Sendable, Equatable {
  /// What work costs: CPU, or the time until it is done.
  ///
  /// Time tells more of a program that always works: where a kernel keeps its interrupts' time
  /// apart, that is charged to nobody.
  package enum Currency: Sendable { case cpu, time }

  /// Relative: 0.01 is one percent more for the same work.
  package let share: Double
  package let standardError: Double
  package let pairs: Int

  /// Nil when there are too few spells to tell.
  ///
  /// Each run is a row of spells one after another. Neighbors in time are compared, so that
  /// whatever drifts takes from both; of all pairs the median counts, so that a spell in which
  /// something else happened does not.
  package init?(_ runs: [[Spell]], in currency: Currency) {
    let costs = runs.map { $0.map { Self.cost($0, currency) } }
    guard let prices = WorkPrices(Array(costs.joined())) else { return nil }
    var ratios: [Double] = []
    for (spells, costs) in zip(runs, costs) {
      for index in spells.indices.dropLast()
      where spells[index].isWatched != spells[index + 1].isWatched {
        let on = spells[index].isWatched ? index : index + 1
        let off = spells[index].isWatched ? index + 1 : index
        guard let more = Self.ratio(costs[on], prices), let less = Self.ratio(costs[off], prices)
        else { continue }
        ratios.append(more / less - 1)
      }
    }
    guard ratios.count >= Self.fewestPairs else { return nil }
    ratios.sort()
    pairs = ratios.count
    share = ratios[pairs / 2]
    let center = share
    let deviations = ratios.map { abs($0 - center) }.sorted()
    // Each spell stands in two pairs, so the pairs are worth half their number.
    standardError = 1.2533 * 1.4826 * deviations[pairs / 2] / (Double(pairs) / 2).squareRoot()
  }

  private static let fewestPairs = 8

  /// With its interval, as other measured values have it.
  package var estimate: Estimate {
    Estimate(
      value: share,
      interval: Estimate.Interval(
        low: share - 1.96 * standardError, high: share + 1.96 * standardError,
        method: "median of neighboring spells"), count: pairs)
  }

  private static func cost(_ spell: Spell, _ currency: Currency) -> (cost: Double, work: [Double]) {
    let spent = currency == .cpu ? spell.cpuNanoseconds : spell.end &- spell.start
    return (Double(spent), spell.work.map { Double($0) })
  }

  /// What was paid for what should have cost one; nil when next to nothing was done.
  private static func ratio(_ spell: (cost: Double, work: [Double]), _ prices: WorkPrices)
    -> Double?
  {
    let expected = prices.expected(spell.work)
    guard expected > Self.leastNanoseconds, spell.cost > 0 else { return nil }
    return spell.cost / expected
  }

  /// Less work than this is not told from none.
  private static let leastNanoseconds = 1e6
}
