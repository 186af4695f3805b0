package import Vocabulary

/// A number between zero and one that belongs to an id, as a price or a date would.
///
/// It follows from the seed and the id and from nothing else, so whoever judges an answer knows it
/// too, and a replaced vector keeps it. A filter of selectivity s lets through what lies below s.
package struct Attribute: Sendable {
  private let seed: UInt64

  /// Not by the factor of the ids, or the id before the seed would always have the value zero.
  package init(seed: UInt64) { self.seed = (seed &+ 1) &* 0xD134_2543_DE82_EF95 }

  package func value(of id: VectorID) -> Double {
    // SplitMix64's finish: neighboring ids get unrelated numbers.
    var z = (id.rawValue &+ 1) &* 0x9E37_79B9_7F4A_7C15 ^ seed
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  package func filter(selectivity: Double) -> IDFilter {
    IDFilter(share: selectivity) { value(of: $0) < selectivity }
  }
}
