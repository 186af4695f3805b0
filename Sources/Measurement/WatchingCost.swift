import Glibc

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

  private let margin: Double

  /// Nil when there are too few spells to tell.
  ///
  /// Each run is a row of spells one after another. Neighbors in time are compared, so that
  /// whatever drifts takes from both. A pair counts for as much as was done in it, and one in which
  /// something else happened for no more than the pairs at the edge.
  package init?(_ runs: [[Spell]], in currency: Currency) {
    let costs = runs.map { $0.map { Self.cost($0, currency) } }
    let all = Array(costs.joined())
    guard runs.contains(where: { $0.contains { $0.work.contains { $0 > 0 } } }) else { return nil }
    // What a program spends on being there at all is a price too, where it spends any.
    guard let prices = WorkPrices(all) ?? WorkPrices(all.map { ($0.cost, $0.work.dropLast()) })
    else { return nil }
    var ratios: [(value: Double, weight: Double)] = []
    for (spells, costs) in zip(runs, costs) {
      for index in spells.indices.dropLast()
      where spells[index].isWatched != spells[index + 1].isWatched {
        let on = spells[index].isWatched ? index : index + 1
        let off = spells[index].isWatched ? index + 1 : index
        guard let more = Ratio(costs[on], prices), let less = Ratio(costs[off], prices) else {
          continue
        }
        ratios.append((more.logarithm - less.logarithm, 1 / (1 / more.fair + 1 / less.fair)))
      }
    }
    guard let mean = RobustMean(ratios) else { return nil }
    pairs = ratios.count
    share = expm1(mean.value)
    standardError = mean.standardError * (1 + share)
    margin = mean.margin * (1 + share)
  }

  /// With its interval, as other measured values have it.
  package var estimate: Estimate {
    Estimate(
      value: share,
      interval: Estimate.Interval(
        low: share - margin, high: share + margin, method: "robust mean of neighboring spells"),
      count: pairs)
  }

  private static func cost(_ spell: Spell, _ currency: Currency) -> (cost: Double, work: [Double]) {
    let time = Double(spell.end &- spell.start)
    let work = spell.work.map { Double($0) }
    return switch currency {
    case .cpu: (Double(spell.cpuNanoseconds), work + [time])
    case .time: (time, work + [0])
    }
  }

  /// What a spell cost beside what its work should have cost.
  private struct Ratio {
    let logarithm: Double
    let fair: Double

    /// Nil when next to nothing was done.
    init?(_ spell: (cost: Double, work: [Double]), _ prices: WorkPrices) {
      fair = prices.expected(spell.work)
      guard fair > Self.leastNanoseconds, spell.cost > 0 else { return nil }
      logarithm = log(spell.cost / fair)
    }

    /// Less work than this is not told from none.
    private static let leastNanoseconds = 1e6
  }
}
