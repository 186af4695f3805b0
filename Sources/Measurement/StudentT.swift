import Glibc

/// Student's t distribution: probabilities and quantiles for any degrees of freedom.
///
/// The probability is the regularized incomplete beta function, by its continued fraction
/// (Lentz); the quantile is found by bisection on it, which is exact enough and cannot diverge.
package enum StudentT {
  /// The chance of a value further from zero than `t`, both sides.
  package static func twoSided(_ t: Double, degrees: Double) -> Double {
    guard t.isFinite, degrees > 0 else { return t.isNaN ? 1 : 0 }
    return Beta.regularized(degrees / (degrees + t * t), degrees / 2, 0.5)
  }

  /// The value that is exceeded, on both sides together, with chance `1 - confidence`.
  package static func quantile(confidence: Double, degrees: Double) -> Double {
    precondition(confidence > 0 && confidence < 1 && degrees > 0)
    var (low, high) = (0.0, 1.0)
    while twoSided(high, degrees: degrees) > 1 - confidence, high < 1e9 { high *= 2 }
    while true {
      let middle = (low + high) / 2
      // Neighboring numbers: there is nothing left to halve.
      if middle <= low || middle >= high { break }
      if twoSided(middle, degrees: degrees) > 1 - confidence { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// The regularized incomplete beta function.
enum Beta {
  static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast on this side of the mean; the other side is its complement.
    if x > (a + 1) / (a + b + 2) { return 1 - regularized(1 - x, b, a) }
    let front = exp(
      a * log(x) + b * log(1 - x) + LogGamma.of(a + b) - LogGamma.of(a) - LogGamma.of(b))
    return front / a * fraction(x, a, b)
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / max(tiny, abs(1 - (a + b) * x / (a + 1))) * (1 - (a + b) * x / (a + 1) < 0 ? -1 : 1)
    var result = d
    for step in 1...300 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      for term in [even, odd] {
        d = 1 / away(1 + term * d, tiny)
        c = away(1 + term / c, tiny)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return result
  }

  private static func away(_ value: Double, _ tiny: Double) -> Double {
    abs(value) < tiny ? tiny : value
  }
}

/// The logarithm of the gamma function for positive numbers (Lanczos, g = 7).
enum LogGamma {
  private static let coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ]

  static func of(_ x: Double) -> Double {
    if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - of(1 - x) }
    let z = x - 1
    var sum = coefficients[0]
    for index in 1..<coefficients.count { sum += coefficients[index] / (z + Double(index)) }
    let t = z + 7.5
    return 0.5 * log(2 * Double.pi) + (z + 0.5) * log(t) - t + log(sum)
  }
}

/// The normal distribution.
package enum Normal {
  /// The value below which a share `p` lies.
  package static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1)
    var (low, high) = (-40.0, 40.0)
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if below(middle) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The share that lies below `z`.
  package static func below(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
