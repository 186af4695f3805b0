import Basics

/// Hands out the top-level fields of a profile one at a time, inflating as it goes.
///
/// Only the field at hand is in memory, so a file that expands a thousandfold is refused when a
/// field or the total passes its limit, and not when memory has run out.
struct FieldStream: ~Copyable {
  private var inflating: InflatingStream?
  private var buffer: [UInt8]
  private var position = 0
  private var consumed = 0
  private let limits: ProfileLimits
  private let largest: Int

  struct Field {
    let number: Int
    let wire: WireReader.Wire
    let number64: UInt64
    /// Where the bytes stand: a part of what is inflated at the moment, which nobody copies.
    let range: Range<Int>
    private let buffer: [UInt8]
    /// Where `buffer` begins in the profile.
    private let base: Int

    fileprivate init(
      _ number: Int, _ wire: WireReader.Wire, number64: UInt64 = 0, _ range: Range<Int>,
      _ buffer: [UInt8], base: Int
    ) {
      (self.number, self.wire, self.number64) = (number, wire, number64)
      (self.range, self.buffer, self.base) = (range, buffer, base)
    }

    var offset: Int { base + range.lowerBound }

    func reader(_ name: StaticString) -> WireReader {
      WireReader(buffer, range, base: base, field: name)
    }
  }

  init(_ bytes: [UInt8], limits: ProfileLimits) {
    self.limits = limits
    let (expanded, overflow) = bytes.count.multipliedReportingOverflow(by: limits.expansion)
    largest = min(limits.uncompressedBytes, max(limits.freeBytes, overflow ? .max : expanded))
    if Zlib.looksLikeGzip(bytes) {
      inflating = InflatingStream(gzip: bytes)
      buffer = []
    } else {
      inflating = nil
      buffer = bytes
    }
  }

  private var offset: Int { consumed + position }

  mutating func next() throws(ProfileError) -> Field? {
    guard try fill(1) else { return nil }
    let start = offset
    let key = try varint()
    guard let wire = WireReader.Wire(rawValue: key & 7), key >> 3 != 0, key >> 3 < 1 << 29 else {
      throw malformed("field number \(key >> 3), wire type \(key & 7)", at: start)
    }
    let number = Int(key >> 3)
    switch wire {
    case .varint:
      let value = try varint()
      return Field(
        number, wire, number64: value, position..<position, buffer, base: consumed)
    case .fixed64: return try fixed(number, wire, start, 8)
    case .fixed32: return try fixed(number, wire, start, 4)
    case .bytes:
      let length = try varint()
      guard length <= UInt64(fieldLimit(number)) else {
        throw .beyondLimit(
          field: "field \(number)", offset: start, limit: fieldLimit(number),
          flag: number == 6 ? "--max-string" : "--max-bytes")
      }
      return try fixed(number, wire, start, Int(length))
    }
  }

  /// A string has its own limit; anything else may hold the deepest stack with room to spare.
  private func fieldLimit(_ number: Int) -> Int {
    number == 6 ? limits.stringBytes : max(1 << 20, limits.stackDepth * 24)
  }

  private mutating func fixed(
    _ number: Int, _ wire: WireReader.Wire, _ start: Int, _ count: Int
  ) throws(ProfileError) -> Field {
    guard try fill(count) else { throw malformed("the profile ends inside a field", at: start) }
    position += count
    return Field(number, wire, (position - count)..<position, buffer, base: consumed)
  }

  private mutating func varint() throws(ProfileError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      if position >= buffer.count, try !fill(1) {
        throw malformed("the profile ends inside a number", at: offset)
      }
      let byte = buffer[position]
      position += 1
      if shift == 63, byte > 1 { break }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw malformed("a number longer than 64 bits", at: offset)
  }

  /// Makes sure that many bytes lie ahead; false at the end of the profile.
  private mutating func fill(_ count: Int) throws(ProfileError) -> Bool {
    while buffer.count - position < count {
      guard let more = try inflate() else { return false }
      consumed += position
      buffer.removeSubrange(..<position)
      position = 0
      buffer += more
      if consumed + buffer.count > largest {
        throw .beyondLimit(
          field: "the uncompressed profile", offset: consumed, limit: largest,
          flag: "--max-bytes")
      }
    }
    return true
  }

  private mutating func inflate() throws(ProfileError) -> ArraySlice<UInt8>? {
    do throws(Zlib.Failure) {
      return try inflating?.next()
    } catch {
      throw .damagedCompression("\(error)")
    }
  }

  private func malformed(_ reason: String, at offset: Int) -> ProfileError {
    .malformed(field: "the profile", offset: offset, reason)
  }
}
