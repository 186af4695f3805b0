import Glibc

/// The smallest change that a plan would show: what to print beside "no difference seen".
///
/// Two-sided at significance `alpha`, found with chance `power`.
package enum DetectableChange {
  /// As a share of the base, from the standard error of a difference of logarithms.
  package static func ratio(
    standardError: Double, degrees: Double, alpha: Double, power: Double = 0.8
  ) -> Double {
    let t = StudentT.quantile(confidence: 1 - alpha, degrees: degrees)
    return exp((t + Normal.quantile(power)) * standardError) - 1
  }

  /// As a share of the base, for so many trials a side of this spread (of logarithms).
  package static func ratio(
    spread: Double, trialsPerSide: Int, alpha: Double, power: Double = 0.8,
    allowance: RunAllowance = .none
  ) -> Double {
    precondition(trialsPerSide > 1, "one trial has no spread")
    let scaled = allowance.scaled(pooledVariance: spread * spread)
    let trials = spread * spread * (1 / Double(trialsPerSide) + scaled)
    let known = allowance.floor * allowance.floor
    let degrees =
      trials > 0
      ? 2 * Double(trialsPerSide - 1) * (1 + known / trials) * (1 + known / trials) : 1e6
    return ratio(
      standardError: (2 * (trials + known)).squareRoot(), degrees: min(1e6, degrees),
      alpha: alpha, power: power)
  }

  /// In points of share (0.011 is 1.1 points), for a function with this share of so many samples
  /// on each side.
  ///
  /// The samples must be independent; trials that differ make it an optimist.
  package static func share(
    _ share: Double, samplesPerSide: Int, alpha: Double = 0.05, power: Double = 0.8
  ) -> Double {
    precondition((0...1).contains(share) && samplesPerSide > 0)
    let z = Normal.quantile(1 - alpha / 2) + Normal.quantile(power)
    return z * (2 * share * (1 - share) / Double(samplesPerSide)).squareRoot()
  }
}
