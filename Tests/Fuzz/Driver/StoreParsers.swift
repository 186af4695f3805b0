import Basics
import Vocabulary

@testable import StorageEngine
@testable import VectorIndex
@testable import VectorStore

extension FuzzedParser {
  /// What a store reads when it opens.
  ///
  /// Checksums stand in front of everything here, so they are made right before the bytes are
  /// read: what is tried is a faulty or malicious writer, and not only a damaged disk.
  static let stores: [FuzzedParser] = [
    FuzzedParser("manifest") { bytes in
      let line = bytes.split(separator: 10, maxSplits: 1).first.map(Array.init) ?? []
      let files = PaperFiles(["MANIFEST": line + Array("\ncrc32c \(hex(line))\n".utf8)])
      _ = try Manifest.read(in: PaperFiles.root, files: files)
    },
    FuzzedParser("log") { bytes in
      var (names, contents): ([String], [String: [UInt8]]) = ([], [:])
      // Two files at most, one behind the other: the first byte says where to cut. Then come the
      // two places that the manifest names.
      guard bytes.count > 17 else { return }
      let places: [UInt64] = [1, 9].map { LogRecord.integer(bytes, at: $0) }
      let body = Array(bytes.dropFirst(17))
      let cut = (Int(bytes[0]) << 3) % (body.count + 1)
      for (index, part) in [body[..<cut], body[cut...]].enumerated() where !part.isEmpty {
        names.append("00000\(index + 1).log")
        contents["wal/00000\(index + 1).log"] = LogBytes.mended(Array(part))
      }
      for name in ["000001.log", "000002.log"] {
        if names.contains(name) {
          _ = try Scratch.file("wal/\(name)", [])
        } else {
          try? FileSystem.remove("\(Scratch.folder)/wal/\(name)")
        }
      }
      // Larger ones are refused when a manifest is read.
      let manifest = Manifest(
        generation: 1, snapshot: 0, replayFrom: min(places[0], LogSegment.lsnMax),
        durableLSN: min(places[1], LogSegment.lsnMax), description: [:])
      let recovery = LogRecovery(
        root: PaperFiles.root, manifest: manifest, files: PaperFiles(contents))
      _ = try recovery.replay { record throws(StorageError) in
        precondition(record.ids.count <= bytes.count)
      }
    },
    FuzzedParser("index-snapshot") { bytes in
      let path = try Scratch.file("graph", SnapshotBytes.mended(bytes))
      let index = try GraphIndex.readSnapshot(path, options: SnapshotBytes.options)
      let query: [Float] = [1, 0, 0, 0]
      _ = try? index.search(query.span, k: 3, ef: 10)
    },
    FuzzedParser("snapshot-names") { bytes in
      let head = Array("VBNAMES1".utf8) + bytes
      let sum = CRC32C.of(head)
      _ = try Scratch.file(
        "names", head + (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) })
      _ = try StoreSnapshot.names(in: Scratch.folder)
    },
  ]

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = String(CRC32C.of(bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// Files that exist only here; what is written to them is forgotten.
private struct PaperFiles: StorageFiles {
  static let root = Scratch.folder
  let contents: [String: [UInt8]]

  init(_ contents: [String: [UInt8]]) { self.contents = contents }

  func open(_ path: String, _ mode: File.Mode) throws(SystemError) -> any StorageFile {
    PaperFile()
  }

  func contents(of path: String) throws(SystemError) -> [UInt8] {
    guard let bytes = contents[String(path.dropFirst(Self.root.count + 1))] else {
      throw SystemError("open", path, code: 2)
    }
    return bytes
  }

  func rename(_ source: String, to target: String) {}
  func remove(_ path: String) {}
  func synchronizeDirectory(_ path: String) {}

  private final class PaperFile: StorageFile {
    func write(_ bytes: RawSpan, at offset: Int) {}
    func synchronizeData() {}
    func truncate(to size: Int) {}
  }
}

/// Log files whose checksums fit whatever stands in them.
enum LogBytes {
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    if bytes.count >= LogSegment.headerSize { put(CRC32C.of(Array(bytes[..<24])), 24, &bytes) }
    var offset = LogSegment.headerSize
    while offset + LogRecord.headerSize <= bytes.count {
      let length = Int(LogRecord.integer(bytes, at: offset + 4) as UInt32)
      let start = offset + LogRecord.headerSize
      guard LogRecord.integer(bytes, at: offset) == LogRecord.magic, start + length <= bytes.count
      else {
        offset += 8
        continue
      }
      put(
        CRC32C.of(Array(bytes[start..<(start + length)] + bytes[offset..<(offset + 36)])),
        offset + 36, &bytes)
      offset += LogRecord.size(payload: length)
    }
    return bytes
  }

  private static func put(_ value: UInt32, _ offset: Int, _ bytes: inout [UInt8]) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
    }
  }
}

/// Index snapshots whose checksums fit whatever stands in them.
enum SnapshotBytes {
  static let options = IndexOptions(dimensions: 4, metric: .l2, m: 2, efConstruction: 10, seed: 1)

  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard bytes.count >= SnapshotHeader.size else { return bytes }
    seal(&bytes)
    guard
      let header = try? SnapshotHeader(
        Array(bytes[..<SnapshotHeader.size]), path: "", wanted: options),
      header.fileSize == bytes.count
    else { return bytes }
    for (index, offset) in header.blockOffsets.enumerated() {
      let block = Array(bytes[offset..<(offset + header.blockSizes[index])])
      put(SnapshotBlock.checksum(block), 80 + 8 * index, &bytes)
    }
    seal(&bytes)
    return bytes
  }

  private static func seal(_ bytes: inout [UInt8]) {
    put(SnapshotBlock.checksum(Array(bytes[..<248])), 248, &bytes)
  }

  private static func put(_ value: UInt64, _ offset: Int, _ bytes: inout [UInt8]) {
    for index in 0..<8 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
    }
  }
}
