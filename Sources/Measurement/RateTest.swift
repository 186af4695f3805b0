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
  ///   - allowance: What the runs may differ by; its scaled part grows with what is more restless
  ///     than chance.
  ///   - confidence: Of the interval.
  package init?(
    base: [Trial], new: [Trial], eventWeight: Double, prior: Double? = nil,
    allowance: RunAllowance = .none, confidence: Double = 0.95
  ) {
    guard base.count > 1, new.count > 1, eventWeight > 0,
      (base + new).allSatisfy({ $0.amount >= 0 && $0.amount.isFinite && $0.exposure > 0 })
    else { return nil }
    let noise = Noise(
      [base, new], eventWeight: eventWeight, prior: prior, scale: allowance.scale)
    let sides = [base, new].map { Sum($0) }
    // Half an event keeps the logarithm of nothing finite.
    let least = eventWeight / 2
    let rates = sides.map { max($0.amount, least) / $0.exposure }
    // Under "nothing differs" both sides have the pooled rate; that, not the amounts as seen, says
    // how much of each is chance. It matters where one side saw nothing.
    let pooled =
      sides.reduce(0) { $0 + max($1.amount, least) } / sides.reduce(0) { $0 + $1.exposure }
    let counted = noise.variance(sides.map { (max(least, pooled * $0.exposure), $0.count) })
    let known = allowance.difference
    let difference = log(rates[1]) - log(rates[0])
    let error = (counted + known).squareRoot()
    let freedom = min(
      1e6,
      (counted + known) * (counted + known)
        / (counted * counted / noise.degrees + allowance.uncertainty))
    let seen = noise.variance(sides.map { (max(least, $0.amount), $0.count) })
    let half =
      StudentT.quantile(confidence: confidence, degrees: freedom) * (seen + known).squareRoot()
    self.base = sides[0].rate
    self.new = sides[1].rate
    ratio = sides.allSatisfy { $0.amount > 0 } ? sides[1].rate / sides[0].rate : nil
    low = exp(difference - half)
    high = exp(difference + half)
    p = StudentT.twoSided(difference / error, degrees: freedom)
    standardError = error
    degrees = freedom
    dispersion = noise.dispersion
  }

  /// One side's trials together.
  private struct Sum {
    let amount: Double
    let exposure: Double
    let count: Double

    init(_ side: [Trial]) {
      amount = side.reduce(0) { $0 + $1.amount }
      exposure = side.reduce(0) { $0 + $1.exposure }
      count = Double(side.count)
    }

    var rate: Double { amount / exposure }
  }

  /// How restless amounts are, and what is known of that.
  private struct Noise {
    let dispersion: Double
    let degrees: Double
    /// Added to the dispersion for each trial of a side: what the runs share by themselves.
    let perTrial: Double

    init(_ sides: [[Trial]], eventWeight: Double, prior: Double?, scale: Double) {
      let own = RateTest.dispersion(of: sides)
      let ownDegrees = sides.reduce(0) { $0 + Double($1.count - 1) }
      dispersion = max(eventWeight, prior.map { (own + $0) / 2 } ?? own)
      degrees = prior == nil ? ownDegrees : 2 * ownDegrees
      perTrial = scale * scale * (dispersion - eventWeight)
    }

    /// Of the difference of two logarithms of amounts, each from so many trials.
    func variance(_ sides: [(amount: Double, count: Double)]) -> Double {
      sides.reduce(0) { $0 + (dispersion + perTrial * $1.count) / $1.amount }
    }
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
      let rate = Sum(side).rate
      guard rate > 0 else { continue }
      for trial in side {
        let expected = rate * trial.exposure
        sum += (trial.amount - expected) * (trial.amount - expected) / expected
      }
    }
    return degrees > 0 ? sum / Double(degrees) : 0
  }
}
