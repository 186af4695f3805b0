import CVectorKernels

/// The checksum of a block of a snapshot.
enum SnapshotBlock {
  static func checksum(_ bytes: [UInt8]) -> UInt64 {
    // SAFETY: any bytes may be read as bytes; the array outlives the call.
    unsafe checksum(bytes.span.bytes)
  }

  static func checksum(_ bytes: RawSpan) -> UInt64 {
    // SAFETY: the bytes are readable for the length of the closure.
    unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe vb_checksum(base, buffer.count)
    }
  }
}
