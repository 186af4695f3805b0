/// A record that claims more than it holds.
struct RecordError: Error, Equatable {
  let offset: Int
  let wanted: Int
  let end: Int
}

/// Walks through one record of the kernel; every read is checked against its end.
struct RecordBytes {
  let bytes: [UInt8]
  private(set) var offset: Int
  let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    offset = max(range.lowerBound, 0)
    end = min(range.upperBound, bytes.count)
  }

  var remaining: Int { end - offset }

  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self
  ) throws(RecordError) -> Value {
    let width = Value.bitWidth / 8
    try require(width)
    defer { offset += width }
    // SAFETY: that many bytes are there, checked above; the kernel's integers are in our byte order.
    return unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self)
    }
  }

  /// Steps over `count` bytes and says where they were.
  mutating func take(_ count: UInt64) throws(RecordError) -> Range<Int> {
    let count = Int(clamping: count)
    try require(count)
    defer { offset += count }
    return offset..<(offset + count)
  }

  /// Text up to a zero byte or the end of `range`.
  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
  }

  private func require(_ count: Int) throws(RecordError) {
    if count < 0 || count > remaining {
      throw RecordError(offset: offset, wanted: count, end: end)
    }
  }
}
