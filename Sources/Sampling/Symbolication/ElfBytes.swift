import Basics

/// The bytes of an ELF file: a mapping of the file, or a copy of an image that has none.
///
/// Every read is checked, because headers may promise what the file does not hold.
final class ElfBytes: Sendable {
  private enum Source: ~Copyable {
    case file(MappedFile)
    case copy([UInt8])
  }

  private let source: Source

  init(path: String) throws(SystemError) { source = .file(try MappedFile(path)) }

  init(_ copy: [UInt8]) { source = .copy(copy) }

  /// An unsigned number of at most eight bytes; nil where the file ends before.
  func integer(at offset: UInt64, bytes count: Int) -> UInt64? {
    switch source {
    case .file(let file): file.withBytes { Self.integer(in: $0, at: offset, bytes: count) }
    // SAFETY: bytes may be read as bytes, and the array outlives the call.
    case .copy(let copy): unsafe Self.integer(in: copy.span.bytes, at: offset, bytes: count)
    }
  }

  private static func integer(in bytes: RawSpan, at offset: UInt64, bytes count: Int) -> UInt64? {
    guard let start = Int(exactly: offset), start <= bytes.byteCount - count else { return nil }
    var value: UInt64 = 0
    for index in (start..<(start + count)).reversed() {
      // SAFETY: any byte may be read as a byte, and the index was checked.
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      value = value << 8 | UInt64(byte)
    }
    return value
  }
}
