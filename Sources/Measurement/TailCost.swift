import Basics

/// What watching does to the slowest operations: a percentile of those that began in spells with
/// and of those in spells without.
package struct TailCost: Sendable, Equatable {
  /// In seconds.
  package let watched: Double
  package let unwatched: Double
  /// Relative: 0.1 is ten percent longer.
  package let change: Estimate

  /// An operation by when it began and how long it took, in nanoseconds.
  package struct Moment: Sendable {
    package let start: UInt64
    package let duration: UInt64

    package init(start: UInt64, duration: UInt64) {
      (self.start, self.duration) = (start, duration)
    }
  }

  /// Below this a 99th percentile is nothing but the largest few values.
  private static let fewest = 1_000
  private static let resamples = 400

  /// Nil when either side has too few operations for a percentile.
  ///
  /// The interval comes from drawing whole spells again: operations of one spell were slow
  /// together.
  package init?(_ runs: [(spells: [Spell], moments: [Moment])], percentile: Double) {
    let groups = runs.flatMap { Self.groups($0.spells, $0.moments) }
    func quantile(_ isWatched: Bool, _ drawn: [Group]) -> Double? {
      let values = drawn.filter { $0.isWatched == isWatched }.flatMap(\.durations).sorted()
      guard !values.isEmpty else { return nil }
      return values[min(values.count - 1, Int(percentile / 100 * Double(values.count)))]
    }
    for side in [true, false] {
      let count = groups.filter { $0.isWatched == side }.reduce(0) { $0 + $1.durations.count }
      if count < Self.fewest { return nil }
    }
    guard let on = quantile(true, groups), let off = quantile(false, groups), off > 0 else {
      return nil
    }
    (watched, unwatched) = (on / 1e9, off / 1e9)
    var random = SeededRandom(0x7A11, stream: 1)
    let drawn = (0..<Self.resamples).compactMap { _ -> Double? in
      let sample = groups.indices.map { _ in groups[random.below(groups.count)] }
      guard let on = quantile(true, sample), let off = quantile(false, sample), off > 0 else {
        return nil
      }
      return on / off - 1
    }.sorted()
    let tail = drawn.count / 40
    change = Estimate(
      value: on / off - 1,
      interval: Estimate.Interval(
        low: drawn[tail], high: drawn[drawn.count - 1 - tail], method: "bootstrap over spells"),
      count: groups.count)
  }

  private struct Group {
    let isWatched: Bool
    let durations: [Double]
  }

  /// The operations of each spell; those that began in between belong to none.
  private static func groups(_ spells: [Spell], _ moments: [Moment]) -> [Group] {
    let ordered = moments.sorted { $0.start < $1.start }
    var next = 0
    return spells.map { spell in
      var durations: [Double] = []
      while next < ordered.count, ordered[next].start < spell.end {
        if spell.contains(ordered[next].start) { durations.append(Double(ordered[next].duration)) }
        next += 1
      }
      return Group(isWatched: spell.isWatched, durations: durations)
    }
  }
}
