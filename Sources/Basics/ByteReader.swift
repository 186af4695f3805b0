/// Walks through bytes from an untrusted place; every read is checked and knows where it stands.
///
/// Little-endian, as everything on disk here. It keeps a copy-on-write array rather than a span,
/// so that it can be stored in a struct.
package struct ByteReader: Sendable {
  package let bytes: [UInt8]
  package private(set) var offset: Int
  package let end: Int

  package struct OutOfBytes: Error, Equatable {
    package let offset: Int
    package let wanted: Int
    package let available: Int

    package init(offset: Int, wanted: Int, available: Int) {
      self.offset = offset
      self.wanted = wanted
      self.available = available
    }
  }

  package init(_ bytes: [UInt8], from offset: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    self.offset = offset
    self.end = min(end ?? bytes.count, bytes.count)
  }

  package var remaining: Int { end - offset }
  package var isAtEnd: Bool { offset >= end }

  package mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self
  ) throws(OutOfBytes) -> Value {
    let width = Value.bitWidth / 8
    try require(width)
    var value: Value = 0
    for index in (0..<width).reversed() {
      value = (width == 1 ? 0 : value << 8) | Value(truncatingIfNeeded: bytes[offset + index])
    }
    offset += width
    return value
  }

  package mutating func slice(_ count: Int) throws(OutOfBytes) -> ArraySlice<UInt8> {
    try require(count)
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  package mutating func skip(_ count: Int) throws(OutOfBytes) {
    try require(count)
    offset += count
  }

  private func require(_ count: Int) throws(OutOfBytes) {
    if count < 0 || count > remaining {
      throw OutOfBytes(offset: offset, wanted: count, available: remaining)
    }
  }
}
