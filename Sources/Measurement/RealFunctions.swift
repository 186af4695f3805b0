import Glibc

/// The few functions of real numbers that rooms without the C library need.
package enum RealFunctions {
  package static func binaryLogarithm(_ value: Double) -> Double { log2(value) }

  package static func logarithm(_ value: Double) -> Double { log(value) }

  package static func exponential(_ value: Double) -> Double { exp(value) }

  package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
