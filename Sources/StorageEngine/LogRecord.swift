import Basics
package import Vocabulary

/// One batch in the log: the unit of atomicity, whole or not there at all.
///
///     offset size
///      0     4   magic "VREC"
///      4     4   length of the payload, without padding
///      8     8   LSN: where the record starts in the log's life, in bytes
///     16     8   durableLSN: everything before it was synced when this record was queued
///     24     4   generation: counts the opens of the store, never falls along the log
///     28     2   kind: 1 upsert, 2 delete
///     30     2   zero
///     32     4   count of ids
///     36     4   CRC32C over the payload, then over header bytes 0 ..< 36
///     40         ids (8 bytes each), then for an upsert count × dimensions floats
///                zeros up to a multiple of 8
///
/// The payload is summed first, so that it can be done before the record has its place in the
/// log. An LSN is a byte position, so a stale record in a file never carries the expected one.
/// All numbers are little-endian.
///
/// Unsafe in moving numbers and floats in and out of byte buffers; each place says its bounds.
package struct LogRecord: Sendable {
  package enum Kind: UInt16, Sendable { case upsert = 1, delete = 2 }

  package static let headerSize = 40
  package static let magic: UInt32 = 0x4345_5256
  package static let payloadLimit = 1 << 30

  package private(set) var bytes: [UInt8]
  private var payloadChecksum: CRC32C

  package static func upsert(_ ids: [VectorID], _ vectors: Span<Float>) -> LogRecord {
    var record = LogRecord(.upsert, ids, room: vectors.count * 4)
    let start = headerSize + ids.count * 8
    // SAFETY: `room` reserved vectors.count × 4 bytes behind the ids; both buffers live here.
    unsafe record.bytes.withUnsafeMutableBytes { target in
      unsafe vectors.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: source)
      }
    }
    record.sumPayload()
    return record
  }

  package static func delete(_ ids: [VectorID]) -> LogRecord {
    var record = LogRecord(.delete, ids, room: 0)
    record.sumPayload()
    return record
  }

  private init(_ kind: Kind, _ ids: [VectorID], room: Int) {
    let length = ids.count * 8 + room
    bytes = [UInt8](repeating: 0, count: Self.size(payload: length))
    payloadChecksum = CRC32C()
    put(Self.magic, at: 0)
    put(UInt32(length), at: 4)
    put(kind.rawValue, at: 28)
    put(UInt32(ids.count), at: 32)
    for (index, id) in ids.enumerated() { put(id.rawValue, at: Self.headerSize + index * 8) }
  }

  package static func size(payload: Int) -> Int { (headerSize + payload + 7) & ~7 }

  package var size: Int { bytes.count }

  private mutating func sumPayload() {
    let length = Int(Self.integer(bytes, at: 4) as UInt32)
    // SAFETY: any byte pattern may be read as bytes; the range lies inside the array.
    var checksum = CRC32C()
    unsafe checksum.update(
      bytes.span.bytes.extracting(Self.headerSize..<(Self.headerSize + length)))
    payloadChecksum = checksum
  }

  /// Gives the record its place; from here on its bytes are what the file will hold.
  package mutating func seal(at lsn: UInt64, durable: UInt64, generation: UInt32) {
    put(lsn, at: 8)
    put(durable, at: 16)
    put(generation, at: 24)
    var checksum = payloadChecksum
    // SAFETY: any byte pattern may be read as bytes; every record has a whole header.
    unsafe checksum.update(bytes.span.bytes.extracting(0..<36))
    put(checksum.value, at: 36)
  }

  private mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    // SAFETY: callers pass offsets inside the record that init sized.
    unsafe bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
  }

  static func integer<Value: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int) -> Value {
    // SAFETY: callers check that the number lies inside the array; reads outside trap.
    unsafe bytes.withUnsafeBytes {
      Value(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
  }
}

/// A record found intact in a file, and what it says.
package struct StoredRecord: Sendable {
  package let kind: LogRecord.Kind
  package let lsn: UInt64
  package let durableLSN: UInt64
  package let generation: UInt32
  package let ids: [VectorID]
  /// Row-major; empty for a delete.
  package let vectors: [Float]
  package let size: Int

  /// Reads the record that should start here; nil for anything but exactly that one, whole.
  package init?(in bytes: [UInt8], at offset: Int, expecting lsn: UInt64) {
    guard let size = Self.verifiedSize(in: bytes, at: offset, expecting: lsn),
      let kind = LogRecord.Kind(rawValue: LogRecord.integer(bytes, at: offset + 28))
    else { return nil }
    let length = Int(LogRecord.integer(bytes, at: offset + 4) as UInt32)
    let count = Int(LogRecord.integer(bytes, at: offset + 32) as UInt32)
    let start = offset + LogRecord.headerSize
    guard count * 8 <= length, (length - count * 8) % 4 == 0 else { return nil }
    self.kind = kind
    self.lsn = lsn
    self.size = size
    durableLSN = LogRecord.integer(bytes, at: offset + 16)
    generation = LogRecord.integer(bytes, at: offset + 24)
    ids = (0..<count).map { VectorID(LogRecord.integer(bytes, at: start + $0 * 8)) }
    vectors = Self.floats(bytes, from: start + count * 8, count: (length - count * 8) / 4)
  }

  private static func verifiedSize(
    in bytes: [UInt8], at offset: Int, expecting lsn: UInt64
  ) -> Int? {
    guard offset >= 0, offset + LogRecord.headerSize <= bytes.count,
      LogRecord.integer(bytes, at: offset) == LogRecord.magic,
      LogRecord.integer(bytes, at: offset + 8) == lsn
    else { return nil }
    let length = Int(LogRecord.integer(bytes, at: offset + 4) as UInt32)
    let size = LogRecord.size(payload: length)
    guard length <= LogRecord.payloadLimit, offset + size <= bytes.count else { return nil }
    var checksum = CRC32C()
    let start = offset + LogRecord.headerSize
    // SAFETY: any byte pattern may be read as bytes; both ranges were checked against the array.
    unsafe checksum.update(bytes.span.bytes.extracting(start..<(start + length)))
    unsafe checksum.update(bytes.span.bytes.extracting(offset..<(offset + 36)))
    return checksum.value == LogRecord.integer(bytes, at: offset + 36) ? size : nil
  }

  private static func floats(_ bytes: [UInt8], from start: Int, count: Int) -> [Float] {
    // SAFETY: start + count × 4 lies inside the record, whose size was verified.
    unsafe [Float](unsafeUninitializedCapacity: count) { target, filled in
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(target).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<(start + count * 4)]))
      }
      filled = count
    }
  }
}
