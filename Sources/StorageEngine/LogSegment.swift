import Basics

/// One file of the log, `wal/000017.log`: a header, then records up to the first that is not one.
///
///     offset size
///      0     8   magic "VBWALv1\n"
///      8     8   segment number
///     16     8   start LSN: the LSN of the first record, at offset 64
///     24     4   CRC32C over bytes 0 ..< 24
///     28    36   zero
///     64         records; behind the last one zeros that were written ahead
///
/// A segment is made only when the one before it is whole and synced, so its start LSN is also a
/// witness: everything before it was durable.
struct LogSegment: Sendable {
  static let headerSize = 64
  private static let magic: UInt64 = 0x0A31_764C_4157_4256
  /// No log grows so long; what says so is damaged, and sums of it would overflow.
  static let lsnMax: UInt64 = 1 << 62

  let number: UInt64
  let startLSN: UInt64
  let path: String

  static func path(in root: String, _ number: UInt64) -> String {
    let digits = String(number)
    return "\(root)/wal/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).log"
  }

  func offset(of lsn: UInt64) -> Int { Self.headerSize + Int(lsn - startLSN) }

  var header: [UInt8] {
    var bytes: [UInt8] = []
    for value in [Self.magic, number, startLSN] {
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let checksum = CRC32C.of(bytes)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) }
    return bytes + [UInt8](repeating: 0, count: Self.headerSize - bytes.count)
  }

  /// Makes the file, synced and with its name in the folder synced.
  static func create(
    in root: String, number: UInt64, startLSN: UInt64, files: any StorageFiles
  ) throws(SystemError) -> (LogSegment, any StorageFile) {
    let path = path(in: root, number)
    let segment = LogSegment(number: number, startLSN: startLSN, path: path)
    do throws(SystemError) {
      let file = try files.open(path, .create)
      // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
      try unsafe file.write(segment.header.span.bytes, at: 0)
      try file.synchronizeData()
      try files.synchronizeDirectory("\(root)/wal")
      return (segment, file)
    } catch {
      // Half a segment would look like damage at the next open.
      try? files.remove(path)
      throw error
    }
  }

  /// Reads the header back; nil when it is not a whole one of this number.
  init?(path: String, number: UInt64, bytes: [UInt8]) {
    guard bytes.count >= Self.headerSize,
      LogRecord.integer(bytes, at: 0) == Self.magic,
      LogRecord.integer(bytes, at: 8) == number,
      CRC32C.of(Array(bytes[..<24])) == LogRecord.integer(bytes, at: 24)
    else { return nil }
    let startLSN: UInt64 = LogRecord.integer(bytes, at: 16)
    guard startLSN <= Self.lsnMax else { return nil }
    self.init(number: number, startLSN: startLSN, path: path)
  }

  private init(number: UInt64, startLSN: UInt64, path: String) {
    self.number = number
    self.startLSN = startLSN
    self.path = path
  }
}
