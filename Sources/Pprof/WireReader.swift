/// Reads protobuf's wire format from bytes that nobody vouches for.
///
/// Varints have ten bytes at most, lengths must fit what is left, unknown fields are skipped and
/// unknown wire types are errors. Offsets count from the start of the uncompressed profile.
struct WireReader {
  let bytes: [UInt8]
  private(set) var position: Int
  let end: Int
  /// Where `bytes` begins in the profile, for messages.
  let base: Int
  let field: String

  init(_ bytes: [UInt8], base: Int, field: String) {
    self.bytes = bytes
    self.base = base
    self.field = field
    position = 0
    end = bytes.count
  }

  private init(_ other: WireReader, from start: Int, to end: Int, field: String) {
    bytes = other.bytes
    base = other.base
    position = start
    self.end = end
    self.field = field
  }

  var isAtEnd: Bool { position >= end }
  var offset: Int { base + position }

  enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  func malformed(_ reason: String) -> ProfileError {
    .malformed(field: field, offset: offset, reason)
  }

  /// The next field's number and form.
  mutating func key() throws(ProfileError) -> (number: Int, wire: Wire) {
    let key = try varint()
    guard let wire = Wire(rawValue: key & 7) else { throw malformed("wire type \(key & 7)") }
    guard key >> 3 != 0, key >> 3 < 1 << 29 else { throw malformed("field number \(key >> 3)") }
    return (Int(key >> 3), wire)
  }

  mutating func varint() throws(ProfileError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position += 1
      if shift == 63, byte > 1 { throw malformed("a number longer than 64 bits") }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
      if shift > 63 { throw malformed("a number longer than ten bytes") }
    }
    throw malformed("it ends inside a number")
  }

  mutating func signed(_ wire: Wire) throws(ProfileError) -> Int64 {
    guard wire == .varint else { throw malformed("a number in the wrong form") }
    return Int64(bitPattern: try varint())
  }

  mutating func message(_ wire: Wire, _ field: String) throws(ProfileError) -> WireReader {
    guard wire == .bytes else { throw malformed("\(field) in the wrong form") }
    let length = try varint()
    guard length <= UInt64(end - position) else { throw malformed("\(field) runs past the end") }
    let start = position
    position += Int(length)
    return WireReader(self, from: start, to: position, field: field)
  }

  /// Repeated numbers, packed or one by one.
  mutating func numbers(
    _ wire: Wire, into list: inout [UInt64], limit: Int, flag: String
  ) throws(ProfileError) {
    if wire == .varint {
      list.append(try varint())
    } else {
      var packed = try message(wire, field)
      // Each number ends with a byte below 128, so room for all is asked for at once.
      list.reserveCapacity(list.count + min(packed.endings, limit + 1))
      while !packed.isAtEnd {
        list.append(try packed.varint())
        if list.count > limit { break }
      }
    }
    if list.count > limit {
      throw .beyondLimit(field: field, offset: offset, limit: limit, flag: flag)
    }
  }

  private var endings: Int {
    var count = 0
    for index in position..<end where bytes[index] < 0x80 { count += 1 }
    return count
  }

  var text: String { String(decoding: bytes[position..<end], as: UTF8.self) }

  mutating func skip(_ wire: Wire) throws(ProfileError) {
    switch wire {
    case .varint: _ = try varint()
    case .fixed64: try advance(8)
    case .fixed32: try advance(4)
    case .bytes: _ = try message(wire, "an unknown field")
    }
  }

  private mutating func advance(_ count: Int) throws(ProfileError) {
    guard end - position >= count else { throw malformed("it ends inside a number") }
    position += count
  }
}
