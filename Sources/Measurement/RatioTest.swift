import Glibc

/// Whether two handfuls of positive values differ, as a ratio: Welch's t on logarithms.
///
/// Trials inside one run share that run's luck (where its pages fell, what the host did), so two
/// runs of one program differ by more than their trials show. `betweenRuns` is that extra spread,
/// as a standard deviation of the logarithm; it enters once for each side and is not averaged away
/// by more trials.
package struct RatioTest: Sendable, Equatable {
  /// New over base.
  package let ratio: Double
  package let low: Double
  package let high: Double
  package let p: Double
  /// The standard error of the logarithm of the ratio.
  package let standardError: Double
  package let degrees: Double

  /// Nil when a side has fewer than two values or one that is not positive.
  package init?(
    base: [Double], new: [Double], betweenRuns: Double = 0, confidence: Double = 0.95
  ) {
    guard base.count > 1, new.count > 1, (base + new).allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    let (left, right) = (Summary(base.map { log($0) }), Summary(new.map { log($0) }))
    let parts = [left, right].map { $0.variance / Double($0.count) }
    let extra = betweenRuns * betweenRuns
    let trialVariance = parts[0] + parts[1]
    let variance = trialVariance + 2 * extra
    standardError = variance.squareRoot()
    let below =
      parts[0] * parts[0] / Double(left.count - 1) + parts[1] * parts[1] / Double(right.count - 1)
    // Welch–Satterthwaite; the allowance between runs is taken as known.
    degrees = below > 0 ? min(1e6, variance * variance / below) : 1e6
    let difference = right.mean - left.mean
    ratio = exp(difference)
    p =
      standardError > 0
      ? StudentT.twoSided(difference / standardError, degrees: degrees) : difference == 0 ? 1 : 0
    let half = StudentT.quantile(confidence: confidence, degrees: degrees) * standardError
    low = exp(difference - half)
    high = exp(difference + half)
  }

  /// The smallest change, as a share of the base, that this spread would show with 80 % power at
  /// significance `alpha`.
  package func smallestDetectable(alpha: Double) -> Double {
    let t = StudentT.quantile(confidence: 1 - alpha, degrees: degrees)
    return exp((t + Normal.quantile(0.8)) * standardError) - 1
  }
}
