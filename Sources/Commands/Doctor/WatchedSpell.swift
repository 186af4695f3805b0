import Basics
import Measurement
import Sampling

/// A stretch of time in which the events were on, or off.
struct WatchedSpell {
  let start: UInt64
  let end: UInt64
  let isWatched: Bool
}

/// Switches a recorder's events off and on in turns, and remembers when.
struct SpellToggle {
  private(set) var spells: [WatchedSpell] = []
  private let length: UInt64
  private var since: UInt64
  private var isOn = true

  init(every length: UInt64) {
    self.length = length
    since = Clock.now()
  }

  mutating func advance(_ recorder: Recorder) {
    guard Clock.now() - since >= length else { return }
    let end = Clock.now()
    if isOn { recorder.pause() } else { recorder.resume() }
    spells.append(WatchedSpell(start: since, end: end, isWatched: isOn))
    isOn.toggle()
    since = Clock.now()
  }
}

/// What watching adds to the cost of each piece of work, from spells with and without.
struct WatchingCost {
  /// What a piece of work costs: CPU, or the time until it is done.
  ///
  /// Time tells more of a program that always works: interrupts are charged to nobody.
  enum Currency { case cpu, time }

  /// Relative: 0.01 is one percent more for the same work.
  let share: Double
  let standardError: Double
  /// A piece of work without watching, in seconds.
  let bare: Double
  let pairs: Int

  /// How far the work was, and what CPU it had taken.
  struct Moment {
    let time: UInt64
    let cpu: UInt64
    let work: UInt64
  }

  /// What is left out at both ends of a spell, where the switching itself happens.
  private static let edge: UInt64 = 2_000_000

  /// Nil when there are too few spells to tell.
  init?(_ moments: [Moment], _ spells: [WatchedSpell], in currency: Currency) {
    let costs = spells.compactMap { spell in
      Self.cost(moments, spell.start + Self.edge, spell.end - Self.edge, currency).map {
        (isWatched: spell.isWatched, cost: $0)
      }
    }
    // Neighbors in time are compared, so that whatever drifts takes from both.
    let ratios = zip(costs, costs.dropFirst()).compactMap { first, second -> Double? in
      guard first.isWatched != second.isWatched else { return nil }
      let (on, off) = first.isWatched ? (first.cost, second.cost) : (second.cost, first.cost)
      return on / off - 1
    }.sorted()
    guard ratios.count >= 8 else { return nil }
    pairs = ratios.count
    share = ratios[pairs / 2]
    let center = share
    let deviations = ratios.map { abs($0 - center) }.sorted()
    // Each spell stands in two pairs, so the pairs are worth half their number.
    standardError = 1.2533 * 1.4826 * deviations[pairs / 2] / (Double(pairs) / 2).squareRoot()
    let off = costs.filter { !$0.isWatched }.map(\.cost).sorted()
    bare = off[off.count / 2]
  }

  private static func cost(
    _ moments: [Moment], _ start: UInt64, _ end: UInt64, _ currency: Currency
  ) -> Double? {
    // Moments are in the order of time, and there are thousands.
    let place = moments.partitioningIndex { $0.time >= start }
    let behind = moments.partitioningIndex { $0.time > end }
    guard place < behind - 1 else { return nil }
    let (first, last) = (moments[place], moments[behind - 1])
    guard last.work > first.work, last.cpu > first.cpu else { return nil }
    let spent = currency == .cpu ? last.cpu - first.cpu : last.time - first.time
    return Double(spent) / Double(last.work - first.work) / 1e9
  }
}

extension [WatchingCost.Moment] {
  /// Where the first one stands for which a condition holds that holds for all behind it.
  fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
