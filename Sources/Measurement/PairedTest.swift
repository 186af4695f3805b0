import Glibc

/// Whether the differences of pairs are more than chance: Student's t, and a permutation beside it.
///
/// A pair is two trials that ran next to each other, so what drifts touches both and cancels. The
/// differences are of logarithms where values are positive; this type does not care.
package struct PairedTest: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  package let low: Double
  package let high: Double
  /// Student's, two-sided.
  package let p: Double
  /// By flipping signs, two-sided and exact; nil beyond the sizes that are counted.
  package let flipP: Double?
  /// The standard deviation of the differences.
  package let spread: Double

  package var standardError: Double { spread / Double(count).squareRoot() }
  package var degrees: Double { Double(count - 1) }

  /// Nil with fewer than two differences, or one that is not a number.
  package init?(_ differences: [Double], confidence: Double = 0.95) {
    guard differences.count > 1, differences.allSatisfy(\.isFinite) else { return nil }
    let summary = Summary(differences)
    let error = summary.standardError
    let degrees = Double(differences.count - 1)
    let half = StudentT.quantile(confidence: confidence, degrees: degrees) * error
    count = differences.count
    mean = summary.mean
    low = mean - half
    high = mean + half
    spread = summary.deviation
    p =
      error > 0
      ? StudentT.twoSided(summary.mean / error, degrees: degrees) : summary.mean == 0 ? 1 : 0
    flipP = SignFlips.p(differences)
  }

  /// As a difference that is found with 80 % power at significance `alpha`.
  package func smallestDetectable(alpha: Double, power: Double = 0.8) -> Double {
    reach(pairs: count, alpha: alpha, power: power)
  }

  /// How many pairs in all would settle it, if mean and spread stay as they are; nil when that is
  /// more than `limit`.
  ///
  /// Settled means: a difference of at least `minimum` is told from zero, or a smaller one is told
  /// from `minimum`, each with 80 % power.
  package func pairsToSettle(
    minimum: Double, alpha: Double, power: Double = 0.8, limit: Int = 1_000
  ) -> Int? {
    let distance = abs(mean) >= minimum ? abs(mean) : minimum - abs(mean)
    func isSettled(_ pairs: Int) -> Bool {
      reach(pairs: pairs, alpha: alpha, power: power) <= distance
    }
    guard isSettled(limit) else { return nil }
    var (low, high) = (1, limit)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isSettled(middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func reach(pairs: Int, alpha: Double, power: Double) -> Double {
    let t = StudentT.quantile(confidence: 1 - alpha, degrees: Double(pairs - 1))
    return (t + Normal.quantile(power)) * spread / Double(pairs).squareRoot()
  }
}

/// The permutation test of pairs: if nothing differs, each difference could as well have had the
/// other sign.
///
/// All 2ⁿ sums are counted, two halves against each other, so 28 pairs cost two lists of 2¹⁴.
package enum SignFlips {
  package static let countedPairs = 28

  /// The share of sign patterns whose sum is at least as far from zero; nil for none or too many.
  package static func p(_ differences: [Double]) -> Double? {
    guard !differences.isEmpty, differences.count <= countedPairs else { return nil }
    let sizes = differences.map { abs($0) }
    let observed = abs(differences.reduce(0, +))
    // Sums that are equal on paper must count as equal.
    let threshold = observed - 1e-12 * sizes.reduce(0, +)
    let half = sizes.count / 2
    let left = sums(sizes[..<half]).sorted()
    let right = sums(sizes[half...]).sorted()
    // The pattern with all signs turned mirrors each sum, so one tail is half of the answer.
    let upper = countPairs(left, right, atLeast: threshold)
    let all = Double(left.count) * Double(right.count)
    return threshold <= 0 ? 1 : min(1, 2 * upper / all)
  }

  private static func sums(_ sizes: ArraySlice<Double>) -> [Double] {
    sizes.reduce([0.0]) { sums, size in sums.map { $0 + size } + sums.map { $0 - size } }
  }

  /// How many pairs, one of each sorted list, sum to at least a threshold.
  private static func countPairs(
    _ left: [Double], _ right: [Double], atLeast threshold: Double
  ) -> Double {
    var count = 0.0
    var first = right.count
    for value in left {
      while first > 0, value + right[first - 1] >= threshold { first -= 1 }
      count += Double(right.count - first)
    }
    return count
  }
}
