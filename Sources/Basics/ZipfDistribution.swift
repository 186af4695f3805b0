import Glibc

/// The numbers 0 ..< count, number r with a probability proportional to 1 / (r + 1)^exponent.
///
/// Exact for every count, and quick to make anew when the count moves: rejection-inversion after
/// Hörmann and Derflinger (ACM TOMACS 6, 1996), which needs no table and no sum over all numbers.
/// (A zipf draw over a larger set, hashed into this one, is not a zipf draw: collisions add up.)
package struct ZipfDistribution: Sendable {
  private let count: Int
  private let exponent: Double
  private let lowest: Double
  private let highest: Double
  private let shortcut: Double

  package init(count: Int, exponent: Double) {
    precondition(count > 0 && exponent > 0)
    self.count = count
    self.exponent = exponent
    lowest = Self.integral(1.5, exponent) - 1
    highest = Self.integral(Double(count) + 0.5, exponent)
    shortcut =
      2 - Self.inverse(Self.integral(2.5, exponent) - Self.density(2, exponent), exponent)
  }

  package func draw(_ random: inout SeededRandom) -> Int {
    if count == 1 { return 0 }
    while true {
      let height = highest + random.unit() * (lowest - highest)
      let place = Self.inverse(height, exponent)
      let number = min(max((place + 0.5).rounded(.down), 1), Double(count))
      let isUnder =
        number - place <= shortcut
        || height >= Self.integral(number + 0.5, exponent) - Self.density(number, exponent)
      if isUnder { return Int(number) - 1 }
    }
  }

  private static func density(_ x: Double, _ exponent: Double) -> Double {
    exp(-exponent * log(x))
  }

  /// The area under the density from 1 to x, in a form that holds where the exponent is near one.
  private static func integral(_ x: Double, _ exponent: Double) -> Double {
    let logarithm = log(x)
    let t = (1 - exponent) * logarithm
    // Near zero the quotient loses its digits; four terms of its series are exact there.
    let slope = abs(t) > 1e-8 ? expm1(t) / t : 1 + t / 2 * (1 + t / 3 * (1 + t / 4))
    return slope * logarithm
  }

  private static func inverse(_ area: Double, _ exponent: Double) -> Double {
    let t = max(-1, area * (1 - exponent))
    let slope = abs(t) > 1e-8 ? log1p(t) / t : 1 - t * (0.5 - t * (1.0 / 3 - t / 4))
    return exp(slope * area)
  }
}
