import Basics

/// HdrHistogram's V2 encoding of a histogram, so that its own tools read our logs.
///
///     cookie 0x1c849313 · payload length · 0 · digits · lowest · highest · 1.0     (big-endian)
///     payload: ZigZag LEB128 counts; a negative number −n stands for n empty cells
///
/// That is compressed with zlib behind the cookie 0x1c849314 and a length.
enum HistogramCodec {
  enum Failure: Error, Equatable {
    case damaged(String)
  }

  static func encode(_ histogram: LatencyHistogram) -> [UInt8] {
    let payload = packed(histogram.counts)
    var plain: [UInt8] = []
    append(UInt32(0x1c84_9313), to: &plain)
    append(UInt32(payload.count), to: &plain)
    append(UInt32(0), to: &plain)
    append(UInt32(LatencyHistogram.significantDigits), to: &plain)
    append(UInt64(1), to: &plain)
    append(LatencyHistogram.highestTrackable, to: &plain)
    append(1.0.bitPattern, to: &plain)
    let squeezed = Zlib.compress(plain + payload)
    var bytes: [UInt8] = []
    append(UInt32(0x1c84_9314), to: &bytes)
    append(UInt32(squeezed.count), to: &bytes)
    return bytes + squeezed
  }

  static func decode(_ bytes: [UInt8]) throws(Failure) -> LatencyHistogram {
    guard bytes.count >= 8, read(bytes, 0, 4) == 0x1c84_9314 else {
      throw .damaged("it does not begin like a compressed V2 histogram")
    }
    let plain: [UInt8]
    do { plain = try Zlib.decompress(Array(bytes[8...]), limit: 1 << 24) } catch {
      throw .damaged("\(error)")
    }
    guard plain.count >= 40, read(plain, 0, 4) == 0x1c84_9313, read(plain, 12, 4) == 3,
      read(plain, 16, 8) == 1
    else { throw .damaged("it is not a V2 histogram with three digits from 1 on") }
    let length = read(plain, 4, 4)
    guard length <= plain.count - 40 else { throw .damaged("its counts are cut short") }
    return LatencyHistogram(counts: try unpacked(plain[40..<(40 + Int(length))]))
  }

  private static func packed(_ counts: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    let last = counts.lastIndex { $0 > 0 } ?? 0
    var cell = 0
    while cell <= last {
      let start = cell
      while cell <= last, counts[cell] == 0 { cell += 1 }
      let empty = cell - start
      if empty > 0 {
        appendVarint(-Int64(empty), to: &bytes)
      } else {
        appendVarint(Int64(clamping: counts[cell]), to: &bytes)
        cell += 1
      }
    }
    return bytes
  }

  private static func unpacked(_ bytes: ArraySlice<UInt8>) throws(Failure) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: LatencyHistogram.cellCount)
    var total: UInt64 = 0
    var cell = 0
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let value = try varint(bytes, &index)
      if value < 0 {
        guard value > -Int64(LatencyHistogram.cellCount) else { throw .damaged("a run too long") }
        cell += Int(-value)
        continue
      }
      guard cell < counts.count else { throw .damaged("more cells than an hour has") }
      counts[cell] = UInt64(value)
      // Both are below 2⁶³, so the sum cannot overflow; up to 2⁵³ a Double is exact, too.
      total += UInt64(value)
      guard total <= 1 << 53 else { throw .damaged("more counts than any run can make") }
      cell += 1
    }
    return counts
  }

  /// ZigZag LEB128 in nine bytes at most; the ninth carries eight bits.
  private static func appendVarint(_ value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    for _ in 0..<8 where rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func varint(
    _ bytes: ArraySlice<UInt8>, _ index: inout Int
  ) throws(Failure) -> Int64 {
    var value: UInt64 = 0
    for position in 0..<9 {
      guard index < bytes.endIndex else { throw .damaged("it ends inside a number") }
      let byte = UInt64(bytes[index])
      index += 1
      if position == 8 {
        value |= byte << 56
        break
      }
      value |= (byte & 0x7f) << UInt64(7 * position)
      if byte & 0x80 == 0 { break }
    }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  private static func read(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
    bytes[offset..<(offset + width)].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
