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

    /// The cut with the largest energy distance; each side has at least two values.
    static func sharpestCut(_ values: [Double]) -> (cut: Int, distance: Double)? {
      let count = values.count
      guard count >= 4 else { return nil }
      // Sums of distances inside the left side, inside the right side, and between the two; moving
      // one value over the cut changes them by its distances to each side.
      var (within, beyond, between) = (0.0, 0.0, 0.0)
      for i in 0..<count { for j in 0..<i { beyond += abs(values[i] - values[j]) } }
      var best: (cut: Int, distance: Double)?
      for cut in 1...(count - 2) {
        let moved = values[cut - 1]
        var (toLeft, toRight) = (0.0, 0.0)
        for j in 0..<(cut - 1) { toLeft += abs(moved - values[j]) }
        for j in cut..<count { toRight += abs(moved - values[j]) }
        within += toLeft
        beyond -= toRight
        between += toRight - toLeft
        if cut < 2 { continue }
        let (m, n) = (Double(cut), Double(count - cut))
        let energy =
          2 * between / (m * n) - 2 * within / (m * (m - 1)) - 2 * beyond / (n * (n - 1))
        let distance = m * n / (m + n) * energy
        if distance > best?.distance ?? -.infinity { best = (cut, distance) }
      }
      return best
    }
  }
}
