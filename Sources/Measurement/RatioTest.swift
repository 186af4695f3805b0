import Glibc

/// Whether two handfuls of positive values differ, as a ratio: Welch's t on logarithms.
///
/// The allowance between runs enters once for each side and is not averaged away by more trials.
/// Its floor counts as known; its scaled part has no more degrees of freedom than the trials.
package struct RatioTest: Sendable, Equatable {
  /// New over base.
  package let ratio: Double
  package let low: Double
  package let high: Double
  package let p: Double
  /// The standard error of the logarithm of the ratio.
  package let standardError: Double
  package let degrees: Double

  /// Whether the sides have a spread each, or one in common.
  package enum Spread: Sendable {
    /// Welch: nothing is assumed; each side needs two values.
    case own
    /// Student: for the few runs of one program, of which one side may have a single one.
    case common
  }

  /// Nil when a side has too few values or one that is not positive.
  package init?(
    base: [Double], new: [Double], allowance: RunAllowance = .none, spread: Spread = .own,
    confidence: Double = 0.95
  ) {
    let isEnough =
      switch spread {
      case .own: base.count > 1 && new.count > 1
      case .common: !base.isEmpty && !new.isEmpty && base.count + new.count > 2
      }
    guard isEnough, (base + new).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let sides = [Summary(base.map { log($0) }), Summary(new.map { log($0) })]
    let error =
      spread == .own ? MeansError(welch: sides, allowance) : MeansError(common: sides, allowance)
    let difference = sides[1].mean - sides[0].mean
    let half = StudentT.quantile(confidence: confidence, degrees: error.degrees) * error.size
    ratio = exp(difference)
    low = exp(difference - half)
    high = exp(difference + half)
    p = error.p(of: difference)
    standardError = error.size
    degrees = error.degrees
  }

  /// The smallest change, as a share of the base, that this spread would show with 80 % power at
  /// significance `alpha`.
  package func smallestDetectable(alpha: Double) -> Double {
    DetectableChange.ratio(standardError: standardError, degrees: degrees, alpha: alpha)
  }
}

/// Whether two handfuls of values of any sign differ, as a difference: Welch's t.
package struct DifferenceTest: Sendable, Equatable {
  /// New minus base.
  package let difference: Double
  package let low: Double
  package let high: Double
  package let p: Double
  package let standardError: Double
  package let degrees: Double

  /// Nil when a side has fewer than two values or one that is not finite.
  package init?(
    base: [Double], new: [Double], allowance: RunAllowance = .none, confidence: Double = 0.95
  ) {
    guard base.count > 1, new.count > 1, (base + new).allSatisfy(\.isFinite) else { return nil }
    let sides = [Summary(base), Summary(new)]
    let error = MeansError(welch: sides, allowance)
    let difference = sides[1].mean - sides[0].mean
    let half = StudentT.quantile(confidence: confidence, degrees: error.degrees) * error.size
    self.difference = difference
    low = difference - half
    high = difference + half
    p = error.p(of: difference)
    standardError = error.size
    degrees = error.degrees
  }
}

/// The standard error of a difference of two means, runs allowed for.
private struct MeansError {
  let size: Double
  let degrees: Double

  /// With the spread of both sides together, on the degrees of both.
  init(common sides: [Summary], _ allowance: RunAllowance) {
    let freedom = sides.reduce(0) { $0 + Double($1.count - 1) }
    let pooled = sides.reduce(0) { $0 + $1.variance * Double($1.count - 1) } / freedom
    let counted = sides.reduce(0) { $0 + pooled / Double($1.count) }
    let variance = counted + allowance.difference
    let below = counted * counted / freedom + allowance.uncertainty
    size = variance.squareRoot()
    degrees = below > 0 ? min(1e6, variance * variance / below) : 1e6
  }

  /// By Welch and Satterthwaite.
  init(welch sides: [Summary], _ allowance: RunAllowance) {
    let degreesOfSides = sides.map { Double($0.count - 1) }
    let pooled =
      zip(sides, degreesOfSides).reduce(0) { $0 + $1.0.variance * $1.1 }
      / degreesOfSides.reduce(0, +)
    let scaled = allowance.scaled(pooledVariance: pooled)
    let parts = sides.map { $0.variance * (1 / Double($0.count) + scaled) }
    let variance = parts[0] + parts[1] + allowance.difference
    let below =
      zip(parts, degreesOfSides).reduce(0) { $0 + $1.0 * $1.0 / $1.1 } + allowance.uncertainty
    size = variance.squareRoot()
    degrees = below > 0 ? min(1e6, variance * variance / below) : 1e6
  }

  func p(of difference: Double) -> Double {
    if size > 0 { return StudentT.twoSided(difference / size, degrees: degrees) }
    return difference == 0 ? 1 : 0
  }
}
