/// Reads protobuf's wire format from bytes that nobody vouches for.
///
/// Varints have ten bytes at most, lengths must fit what is left, unknown fields are skipped and
/// unknown wire types are errors. Offsets count from the start of the uncompressed profile.
struct WireReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private(set) var end: Int
  /// Where `bytes` begins in the profile, for messages.
  private let base: Int
  private(set) var field: StaticString

  init(_ bytes: [UInt8], _ range: Range<Int>, base: Int, field: StaticString) {
    precondition(range.upperBound <= bytes.count)
    self.bytes = bytes
    self.base = base
    self.field = field
    position = range.lowerBound
    end = range.upperBound
  }

  /// What a message inside another one hides while it is read.
  struct Outer {
    fileprivate let end: Int
    fileprivate let field: StaticString
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
    .malformed(field: "\(field)", offset: offset, reason)
  }

  /// The next field's number and form.
  mutating func key() throws(ProfileError) -> (number: Int, wire: Wire) {
    let key = try varint()
    guard let wire = Wire(rawValue: key & 7) else { throw malformed("wire type \(key & 7)") }
    guard key >> 3 != 0, key >> 3 < 1 << 29 else { throw malformed("field number \(key >> 3)") }
    return (Int(key >> 3), wire)
  }

  mutating func varint() throws(ProfileError) -> UInt64 {
    // Most numbers in a profile are small.
    if position < end, bytes[position] < 0x80 {
      position += 1
      return UInt64(bytes[position - 1])
    }
    return try longVarint()
  }

  private mutating func longVarint() throws(ProfileError) -> UInt64 {
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

  /// Goes into a message: until `leave` the reader ends where the message does.
  mutating func enter(_ wire: Wire, _ name: StaticString) throws(ProfileError) -> Outer {
    let length = try length(wire, name)
    let outer = Outer(end: end, field: field)
    (end, field) = (position + length, name)
    return outer
  }

  mutating func leave(_ outer: Outer) {
    position = end
    (end, field) = (outer.end, outer.field)
  }

  private mutating func length(
    _ wire: Wire, _ name: StaticString
  ) throws(ProfileError) -> Int {
    guard wire == .bytes else { throw malformed("\(name) in the wrong form") }
    let length = try varint()
    guard length <= UInt64(end - position) else { throw malformed("\(name) runs past the end") }
    return Int(length)
  }

  /// Repeated numbers, packed or one by one, each as the caller wants it.
  mutating func numbers<Number>(
    _ wire: Wire, into list: inout [Number], limit: Int, flag: String,
    _ convert: (UInt64) -> Number
  ) throws(ProfileError) {
    if wire == .varint {
      list.append(convert(try varint()))
    } else {
      let outer = try enter(wire, field)
      // Each number ends with a byte below 128, so room for all is asked for at once.
      list.reserveCapacity(list.count + min(endings, limit + 1))
      while !isAtEnd {
        list.append(convert(try varint()))
        if list.count > limit { break }
      }
      if list.count <= limit { leave(outer) }
    }
    if list.count > limit {
      throw .beyondLimit(field: "\(field)", offset: offset, limit: limit, flag: flag)
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
    case .bytes: leave(try enter(wire, "an unknown field"))
    }
  }

  private mutating func advance(_ count: Int) throws(ProfileError) {
    guard end - position >= count else { throw malformed("it ends inside a number") }
    position += count
  }
}
