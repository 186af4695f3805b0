import Basics
import FoundationEssentials

/// What of a store's folder counts: which snapshot, and from where on the log.
///
///     line 1   JSON
///     line 2   "crc32c " and the checksum of line 1, in eight hexadecimal digits
///
/// It is written aside, synced and renamed over the old one, which stays as MANIFEST.prev.
package struct Manifest: Codable, Sendable, Equatable {
  /// Counts the opens of the store.
  package var generation: UInt32
  /// The newest whole snapshot; zero when there is none.
  package var snapshot: UInt64
  /// Everything before this is in the snapshot; everything from here on is in the log.
  package var replayFrom: UInt64
  /// What was synced when this was written.
  package var durableLSN: UInt64
  /// What the layer above needs to open the store again.
  package var description: [String: String]

  static func read(in root: String, files: any StorageFiles) throws(StorageError) -> Manifest {
    let path = "\(root)/MANIFEST"
    do throws(StorageError) { return try decode(path, files) } catch {
      // A crash between the two renames leaves only the previous one; so may a damaged sector.
      if let previous = try? decode("\(path).prev", files) { return previous }
      throw error
    }
  }

  private static func decode(
    _ path: String, _ files: any StorageFiles
  ) throws(StorageError) -> Manifest {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try files.contents(of: path) } catch {
      throw .corruptManifest(path: path, detail: error.reason)
    }
    let lines = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2 else {
      throw .corruptManifest(path: path, detail: "it has no checksum line")
    }
    let expected = "crc32c \(checksum(Array(lines[0])))\n"
    guard lines[1].elementsEqual(expected.utf8) else {
      throw .corruptManifest(path: path, detail: "its checksum does not fit")
    }
    let manifest: Manifest
    do { manifest = try JSONDecoder().decode(Manifest.self, from: Data(lines[0])) } catch {
      throw .corruptManifest(path: path, detail: "\(error)")
    }
    guard manifest.isWithinReach else {
      throw .corruptManifest(path: path, detail: "it names a place that no log ever reaches")
    }
    return manifest
  }

  /// Whether something can be added to each number, as the next open does.
  private var isWithinReach: Bool {
    max(snapshot, replayFrom, durableLSN) <= LogSegment.lsnMax && generation < .max
  }

  func write(in root: String, files: any StorageFiles) throws(SystemError) {
    let path = "\(root)/MANIFEST"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a manifest of plain values always encodes")
    }
    let bytes = Array(data) + Array("\ncrc32c \(Self.checksum(Array(data)))\n".utf8)
    let file = try files.open("\(path).tmp", .create)
    // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
    try unsafe file.write(bytes.span.bytes, at: 0)
    try file.synchronizeData()
    if FileSystem.exists(path) { try files.rename(path, to: "\(path).prev") }
    try files.rename("\(path).tmp", to: path)
    try files.synchronizeDirectory(root)
  }

  private static func checksum(_ bytes: [UInt8]) -> String {
    let digits = String(CRC32C.of(bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
