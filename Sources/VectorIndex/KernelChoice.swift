import CVectorKernels

/// Which instruction set computes distances.
package enum KernelChoice: String, Codable, Sendable, CaseIterable {
  /// The widest that this processor has.
  case automatic
  case portable, avx2, avx512, neon

  /// What `automatic` means here, and every other choice as it is.
  package var resolved: KernelChoice {
    guard self == .automatic else { return self }
    return [.avx512, .avx2, .neon].first(where: \.isAvailable) ?? .portable
  }

  package var isAvailable: Bool {
    self == .automatic || vb_variant_available(variant) == 1
  }

  var variant: Int32 {
    switch self {
    case .automatic: resolved.variant
    case .portable: Int32(VB_PORTABLE)
    case .avx2: Int32(VB_AVX2)
    case .avx512: Int32(VB_AVX512)
    case .neon: Int32(VB_NEON)
    }
  }
}
