import Glibc

/// Whether a cost per operation differs, counted over trials: quasi-Poisson on amounts.
///
/// Samples of one function are counts, but restless ones: shares vary more between trials than a
/// Poisson count would. So the variance is `dispersion · expected amount`, with the dispersion
/// estimated from the trials (Pearson) and never below what one counted event weighs. With 10 %
/// of true spread between runs, a plain Poisson test calls every third equal pair different; this
/// one holds its level. Zero amounts are fine, which is why it is not Welch on logarithms.
package struct RateTest: Sendable, Equatable {
  /// What one trial saw: an amount (samples, nanoseconds) and what it is spread over (operations).
  package struct Trial: Sendable, Equatable {
    package let amount: Double
    package let exposure: Double

    package init(amount: Double, exposure: Double) {
      self.amount = amount
      self.exposure = exposure
    }
  }

  /// Amounts of each side over their exposures.
  package let base: Double
  package let new: Double
  /// New over base; nil when a side is zero.
  package let ratio: Double?
  package let low: Double
  package let high: Double
  package let p: Double
  package let standardError: Double
  package let degrees: Double
  package let dispersion: Double

  /// Nil when a side has fewer than two trials, an exposure is not positive, or an amount negative.
  ///
  /// - Parameters:
  ///   - base: The trials of the base.
  ///   - new: The trials of the other side.
  ///   - eventWeight: The amount of one counted event, below which the dispersion cannot be.
  ///   - prior: What the dispersion of comparable rows is, worth as many degrees as this row's own.
  ///   - allowance: What the runs may differ by. Only its floor is used, for the dispersion
  ///     already carries what is restless.
  ///   - confidence: Of the interval.
  package init?(
    base: [Trial], new: [Trial], eventWeight: Double, prior: Double? = nil,
    allowance: RunAllowance = .none, confidence: Double = 0.95
  ) {
    guard base.count > 1, new.count > 1, eventWeight > 0,
      (base + new).allSatisfy({ $0.amount >= 0 && $0.amount.isFinite && $0.exposure > 0 })
    else { return nil }
    let own = Self.dispersion(of: [base, new])
    let ownDegrees = Double(base.count + new.count - 2)
    let shrunk = prior.map { (own + $0) / 2 } ?? own
    dispersion = max(eventWeight, shrunk)
    let dispersionDegrees = prior == nil ? ownDegrees : 2 * ownDegrees
    self.base = Self.rate(base)
    self.new = Self.rate(new)
    ratio = self.base > 0 && self.new > 0 ? self.new / self.base : nil
    // Half an event keeps the logarithm of nothing finite.
    let sums = [base, new].map { side in
      max(side.reduce(0) { $0 + $1.amount }, eventWeight / 2)
    }
    let exposures = [base, new].map { $0.reduce(0) { $0 + $1.exposure } }
    let difference = log(sums[1] / exposures[1]) - log(sums[0] / exposures[0])
    // Under "nothing differs" both sides have the pooled rate; that, not the sums as seen, says
    // how much of each amount is chance. It matters where one side saw nothing.
    let pooled = (sums[0] + sums[1]) / (exposures[0] + exposures[1])
    let expected = exposures.map { max(eventWeight / 2, pooled * $0) }
    let counted = dispersion * (1 / expected[0] + 1 / expected[1])
    let variance = counted + 2 * allowance.floor * allowance.floor
    standardError = variance.squareRoot()
    degrees = min(1e6, dispersionDegrees * variance * variance / (counted * counted))
    p = StudentT.twoSided(difference / standardError, degrees: degrees)
    let seen =
      (dispersion * (1 / sums[0] + 1 / sums[1]) + 2 * allowance.floor * allowance.floor)
      .squareRoot()
    let half = StudentT.quantile(confidence: confidence, degrees: degrees) * seen
    low = exp(difference - half)
    high = exp(difference + half)
  }

  /// The smallest change, as a share of the base, shown with 80 % power at significance `alpha`.
  package func smallestDetectable(alpha: Double) -> Double {
    DetectableChange.ratio(standardError: standardError, degrees: degrees, alpha: alpha)
  }

  /// Pearson's: squared deviations from each side's own rate, over what is expected.
  package static func dispersion(of sides: [[Trial]]) -> Double {
    var sum = 0.0
    var degrees = 0
    for side in sides {
      degrees += max(0, side.count - 1)
      let rate = rate(side)
      guard rate > 0 else { continue }
      for trial in side {
        let expected = rate * trial.exposure
        sum += (trial.amount - expected) * (trial.amount - expected) / expected
      }
    }
    return degrees > 0 ? sum / Double(degrees) : 0
  }

  private static func rate(_ side: [Trial]) -> Double {
    side.reduce(0) { $0 + $1.amount } / side.reduce(0) { $0 + $1.exposure }
  }
}
