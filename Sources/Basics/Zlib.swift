import CZlib

/// zlib and gzip, both ways, with a bound on what comes out.
///
/// Input is untrusted: a megabyte of gzip can claim a gigabyte of zeros. Output grows in steps and
/// stops at the limit, so a bomb costs what the caller allowed and not what the file claims.
package enum Zlib {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case corrupt(atInputByte: Int, String)
    case truncated(inputBytes: Int)
    case tooLarge(limit: Int)

    package var description: String {
      switch self {
      case .corrupt(let offset, let reason): "damaged at compressed byte \(offset): \(reason)"
      case .truncated(let count): "the compressed data ends early, after \(count) bytes"
      case .tooLarge(let limit): "it expands to more than the limit of \(limit) bytes"
      }
    }
  }

  package static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: 15 + 16) }

  package static func compress(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: 15) }

  /// Inflates a gzip file, concatenated members included.
  package static func gunzip(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    try inflate(bytes, windowBits: 15 + 16, limit: limit)
  }

  package static func decompress(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    try inflate(bytes, windowBits: 15, limit: limit)
  }

  package static func looksLikeGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  private static func deflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
    var stream = unsafe z_stream()
    // SAFETY: a fresh stream; deflateEnd below releases what this allocates.
    let code = unsafe deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib refused a fresh stream: \(code)")
    defer { unsafe _ = deflateEnd(&stream) }
    var input = bytes
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    // SAFETY: both buffers are borrowed for the one call, and the output has the room that zlib
    // says is always enough.
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let end = unsafe CZlib.deflate(&stream, Z_FINISH)
        precondition(end == Z_STREAM_END, "deflate stopped early: \(end)")
      }
      count = unsafe Int(stream.total_out)
    }
  }

  private static func inflate(
    _ bytes: [UInt8], windowBits: Int32, limit: Int
  ) throws(Failure) -> [UInt8] {
    var stream = InflatingStream(bytes, windowBits: windowBits)
    var result: [UInt8] = []
    while let chunk = try stream.next() {
      result += chunk
      if result.count > limit { throw .tooLarge(limit: limit) }
    }
    return result
  }
}
