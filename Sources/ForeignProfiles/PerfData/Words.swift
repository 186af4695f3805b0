/// Takes numbers and texts from a part of a perf.data file; never past its end.
struct Words {
  let bytes: [UInt8]
  private(set) var offset: Int
  let end: Int

  init(_ bytes: [UInt8], at offset: Int, to end: Int? = nil) {
    self.bytes = bytes
    self.offset = offset
    self.end = min(end ?? bytes.count, bytes.count)
  }

  var remaining: Int { max(0, end - offset) }

  mutating func u64(_ field: @autoclosure () -> String) throws(ForeignError) -> UInt64 {
    try require(8, field())
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
    offset += 8
    return value
  }

  mutating func u32(_ field: @autoclosure () -> String) throws(ForeignError) -> UInt32 {
    try require(4, field())
    var value: UInt32 = 0
    for index in 0..<4 { value |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
    offset += 4
    return value
  }

  mutating func u16(_ field: @autoclosure () -> String) throws(ForeignError) -> UInt16 {
    try require(2, field())
    defer { offset += 2 }
    return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  mutating func u8(_ field: @autoclosure () -> String) throws(ForeignError) -> UInt8 {
    try require(1, field())
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func i32(_ field: @autoclosure () -> String) throws(ForeignError) -> Int32 {
    Int32(bitPattern: try u32(field()))
  }

  mutating func skip(_ count: Int, _ field: @autoclosure () -> String) throws(ForeignError) {
    try require(count, field())
    offset += count
  }

  /// A text that ends with a zero, or with the part.
  mutating func text() -> String {
    let stop = bytes[offset..<max(offset, end)].firstIndex(of: 0) ?? end
    defer { offset = end }
    return String(decoding: bytes[offset..<max(offset, stop)], as: UTF8.self)
  }

  /// A text with its length in front, zeros behind.
  mutating func countedText(_ field: @autoclosure () -> String) throws(ForeignError) -> String {
    let length = Int(try u32(field()))
    try require(length, field())
    let start = offset
    offset += length
    let stop = bytes[start..<offset].firstIndex(of: 0) ?? offset
    return String(decoding: bytes[start..<stop], as: UTF8.self)
  }

  private func require(_ count: Int, _ field: @autoclosure () -> String) throws(ForeignError) {
    if count < 0 || count > remaining {
      throw .malformed(
        .perfData, .field(field(), offset: offset),
        "\(count) bytes are wanted and \(remaining) are left")
    }
  }
}
