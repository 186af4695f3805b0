import Basics
import Pprof

/// A file's bytes, inflated when somebody asks for them.
struct Content {
  let original: [UInt8]
  /// The first bytes behind gzip and a byte-order mark, enough to tell the format.
  let head: [UInt8]
  let isCompressed: Bool
  private let limits: ProfileLimits

  /// How much is looked at to tell one format from another.
  static let headBytes = 64 << 10

  init(_ bytes: [UInt8], limits: ProfileLimits) throws(ForeignError) {
    original = bytes
    self.limits = limits
    isCompressed = Zlib.looksLikeGzip(bytes)
    if isCompressed {
      head = Self.withoutMark(try Self.inflate(bytes, stopAt: Self.headBytes))
    } else {
      head = Self.withoutMark(Array(bytes.prefix(Self.headBytes)))
    }
    if head.isEmpty { throw .empty }
  }

  /// Everything; a file that expands too much is refused before any of it is kept.
  ///
  /// It is inflated twice, the first time only to be counted: a bomb costs time, and no memory.
  func whole() throws(ForeignError) -> [UInt8] {
    guard isCompressed else { return Self.withoutMark(original) }
    let (expanded, overflow) = original.count.multipliedReportingOverflow(by: limits.expansion)
    let largest = min(
      limits.uncompressedBytes, max(limits.freeBytes, overflow ? .max : expanded))
    let size = try Self.inflatedSize(original, stopAt: largest + 1)
    if size > largest {
      throw .damagedCompression(
        "it expands to more than \(largest) bytes; raise --max-bytes if you trust it")
    }
    return Self.withoutMark(try Self.inflate(original, stopAt: size))
  }

  private static func inflatedSize(
    _ bytes: [UInt8], stopAt count: Int
  ) throws(ForeignError) -> Int {
    var stream = InflatingStream(gzip: bytes)
    var size = 0
    do throws(Zlib.Failure) {
      while size < count, let chunk = try stream.next() { size += chunk.count }
    } catch {
      throw .damagedCompression("\(error)")
    }
    return size
  }

  private static func inflate(
    _ bytes: [UInt8], stopAt count: Int
  ) throws(ForeignError) -> [UInt8] {
    var stream = InflatingStream(gzip: bytes)
    var result: [UInt8] = []
    result.reserveCapacity(count)
    do throws(Zlib.Failure) {
      while result.count < count, let chunk = try stream.next() { result += chunk }
    } catch {
      throw .damagedCompression("\(error)")
    }
    return result
  }

  private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }
}
