import Glibc

/// A generator whose whole future follows from its seed: SplitMix64.
///
/// Streams are made by naming them (`SeededRandom(seed, stream: worker, operation)`), so that the
/// n-th operation of a worker draws the same numbers whatever the others do.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spare: Double?

  package init(_ seed: UInt64, stream: UInt64...) {
    state = seed
    for name in stream {
      state = Self.mix(state &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mix(name &+ 0xD1B5_4A32_D192_ED03)
    }
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// Uniform in [0, 1).
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0 ..< bound; the bias for bounds far below 2⁶⁴ is beyond measuring.
  package mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Standard normal, by Marsaglia's polar method.
  package mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let (x, y) = (2 * unit() - 1, 2 * unit() - 1)
      let square = x * x + y * y
      if square >= 1 || square == 0 { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }

  /// The gap to the next event of a Poisson process with this mean gap.
  package mutating func exponential(mean: Double) -> Double { -log(1 - unit()) * mean }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
