import Glibc

/// A sum over all allocations, estimated from the sampled ones.
///
/// Every byte has the same chance to be hit, so an allocation of n bytes is a sample with the
/// chance p = 1 − exp(−n / mean) and then stands for 1 / p like it (Horvitz and Thompson). The
/// variance of such a sum is that of independent draws: Σ (1 − p) / p² over the samples, times the
/// square of what each contributes.
package struct HeapEstimate: Sendable, Equatable {
  package private(set) var value = 0.0
  package private(set) var samples = 0
  private var variance = 0.0

  package init() {}

  package var standardError: Double { max(0, variance).squareRoot() }

  /// Where the truth lies in 95 of 100 recordings, when the samples are many.
  package var interval: ClosedRange<Double> {
    let reach = 1.96 * standardError
    return max(0, value - reach)...max(0, value + reach)
  }

  mutating func add(_ amount: Double, chance: Double) { count(amount, chance, sign: 1) }

  /// Takes back what was added before.
  mutating func remove(_ amount: Double, chance: Double) { count(amount, chance, sign: -1) }

  /// Two estimates of different samples as one.
  mutating func merge(_ other: HeapEstimate) {
    value += other.value
    variance += other.variance
    samples += other.samples
  }

  private mutating func count(_ amount: Double, _ chance: Double, sign: Double) {
    value += sign * amount / chance
    variance += sign * amount * amount * (1 - chance) / (chance * chance)
    samples += sign > 0 ? 1 : -1
  }
}

/// How likely an allocation was to be sampled.
struct HeapChance {
  private let mean: Double
  private let tracesAll: Bool

  init(_ header: HeapLog.Header) {
    mean = Double(max(1, header.mean))
    tracesAll = header.tracesAll
  }

  /// Between 0, excluded, and 1.
  func of(bytes: UInt64) -> Double {
    // No empty allocation is ever sampled; a garbled file may say so.
    tracesAll || bytes == 0 ? 1 : max(-expm1(-Double(bytes) / mean), 1e-18)
  }
}
