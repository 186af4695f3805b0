import CChecksum

/// The checksum of everything we store: CRC-32C, grown piece by piece.
///
/// Unsafe only in lending a span's bytes to C, which reads them before it returns.
package struct CRC32C: Sendable, Equatable {
  package private(set) var value: UInt32 = 0

  package init() {}

  package static func of(_ bytes: RawSpan) -> UInt32 {
    var checksum = CRC32C()
    checksum.update(bytes)
    return checksum.value
  }

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
    unsafe of(bytes.span.bytes)
  }

  package mutating func update(_ bytes: RawSpan) {
    // SAFETY: the pointer and the count describe the span, which is borrowed for the call.
    value = unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return value }
      return unsafe vb_crc32c(value, base, buffer.count)
    }
  }
}
