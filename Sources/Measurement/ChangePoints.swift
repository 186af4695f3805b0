import Basics
import Glibc

/// Where a series of values changed its level: e-divisive with a permutation test.
///
/// The cut that sets two stretches of values farthest apart, by the energy distance of Matteson and
/// James (as MongoDB uses it for its performance tests, arXiv 2003.00584), is held against the same
/// values in random orders. A cut that beats nearly all of them stands, and both halves are searched
/// in turn. Nothing is assumed of the distribution, and an outlier is not a level.
///
/// Seeded, so that the same series always has the same answer.
package struct ChangePoints: Sendable, Equatable {
  package struct Point: Sendable, Equatable, Codable {
    /// The first value of the new level.
    package let index: Int
    /// The share of random orders that are cut at least as sharply.
    package let p: Double

    package init(index: Int, p: Double) {
      (self.index, self.p) = (index, p)
    }
  }

  package let points: [Point]

  /// - Parameters:
  ///   - values: In the order of time.
  ///   - significance: Cuts of a larger p do not stand.
  ///   - minimumChange: Levels that differ by a smaller share are one level; 0 keeps all.
  ///   - seed: Of the random orders.
  package init(
    _ values: [Double], significance: Double = 0.001, minimumChange: Double = 0.05,
    seed: UInt64 = 42
  ) {
    var search = Search(values: values, significance: significance, seed: seed)
    search.divide(values.indices)
    points = Self.merged(search.found.sorted { $0.index < $1.index }, values, minimumChange)
  }

  /// The fewest values in which a change could be significant: the sharpest order must be rare
  /// enough among all orders.
  package static func fewestValues(significance: Double) -> Int {
    var count = 2
    while RankTests.least(count / 2, count - count / 2) > significance { count += 1 }
    return count
  }

  /// Takes away the smallest step until all that are left are worth a word.
  private static func merged(
    _ points: [Point], _ values: [Double], _ minimum: Double
  ) -> [Point] {
    var points = points
    while true {
      let levels = levels(points.map(\.index), of: values)
      let steps = points.indices.map { step in
        let (before, after) = (levels[step], levels[step + 1])
        return before == 0 ? (after == 0 ? 0 : Double.infinity) : abs(after / before - 1)
      }
      guard let least = steps.indices.min(by: { steps[$0] < steps[$1] }), steps[least] < minimum
      else { return points }
      points.remove(at: least)
    }
  }

  /// The mean of each stretch between cuts.
  package static func levels(_ cuts: [Int], of values: [Double]) -> [Double] {
    zip([0] + cuts, cuts + [values.count]).map { Summary(Array(values[$0..<$1])).mean }
  }

  private struct Search {
    let values: [Double]
    let significance: Double
    let seed: UInt64
    var found: [Point] = []

    mutating func divide(_ range: Range<Int>) {
      let part = Array(values[range])
      guard part.count >= ChangePoints.fewestValues(significance: significance),
        let best = Self.sharpestCut(part), best.distance > 0
      else { return }
      guard let p = chance(of: best.distance, in: part, range.lowerBound) else { return }
      found.append(Point(index: range.lowerBound + best.cut, p: p))
      divide(range.lowerBound..<(range.lowerBound + best.cut))
      divide((range.lowerBound + best.cut)..<range.upperBound)
    }

    /// Nil as soon as it cannot be significant any more.
    private func chance(of distance: Double, in part: [Double], _ place: Int) -> Double? {
      let rounds = max(199, Int((2 / significance).rounded(.up)) - 1)
      var random = SeededRandom(seed, stream: UInt64(place), UInt64(part.count))
      var shuffled = part
      var reached = 1
      for _ in 0..<rounds {
        shuffled.shuffle(using: &random)
        if let other = Self.sharpestCut(shuffled), other.distance >= distance * (1 - 1e-12) {
          reached += 1
          if Double(reached) > significance * Double(rounds + 1) { return nil }
        }
      }
      return Double(reached) / Double(rounds + 1)
    }

    /// The cut with the largest energy distance between all before it and a stretch behind it; each
    /// has at least two values.
    ///
    /// The stretch may end before the series does: a level that comes back later is as far from the
    /// whole rest as from itself.
    static func sharpestCut(_ values: [Double]) -> (cut: Int, distance: Double)? {
      let count = values.count
      guard count >= 4 else { return nil }
      // before[k * count + t]: the distances of value k to the first t values, t ≤ k.
      var before = [Double](repeating: 0, count: count * count)
      for k in 0..<count {
        var sum = 0.0
        for t in 0..<k {
          sum += abs(values[t] - values[k])
          before[k * count + t + 1] = sum
        }
      }
      var best: (cut: Int, distance: Double)?
      var within = 0.0
      for cut in 2...(count - 2) {
        let m = Double(cut)
        within += before[(cut - 1) * count + cut - 1]
        var (between, beyond) = (0.0, 0.0)
        for end in (cut + 1)...count {
          let toLeft = before[(end - 1) * count + cut]
          between += toLeft
          beyond += before[(end - 1) * count + end - 1] - toLeft
          let n = Double(end - cut)
          if n < 2 { continue }
          let energy =
            2 * between / (m * n) - 2 * within / (m * (m - 1)) - 2 * beyond / (n * (n - 1))
          let distance = m * n / (m + n) * energy
          if distance > best?.distance ?? -.infinity { best = (cut, distance) }
        }
      }
      return best
    }
  }
}
