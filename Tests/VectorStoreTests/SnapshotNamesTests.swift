import Basics
import StorageEngine
import TestSupport
import Testing

@testable import VectorStore

struct SnapshotNamesTests {
  /// 12 × 2⁶² is a multiple of 2⁶⁴, so such a count once fitted a file without any names.
  @Test(arguments: [1, 1 << 62, 3 << 62, .max] as [UInt64])
  func `a count of names that the file does not hold is damage`(count: UInt64) throws {
    let folder = try TemporaryDirectory("names")
    var bytes = Array("VBNAMES1".utf8)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    let sum = CRC32C.of(bytes)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    try FileSystem.replace(folder.file("names"), with: bytes)
    #expect(throws: StorageError.self) { try StoreSnapshot.names(in: folder.path) }
  }
}
