import Basics
import Foundation
import TestSupport
import Testing
import Vocabulary

@testable import StorageEngine

struct RecoveryTests {
  /// A small log of eight batches, and where each record ends.
  private struct Made {
    let folder: TemporaryDirectory
    let root: String
    let log: String
    let bytes: [UInt8]
    let ends: [Int]
  }

  private func make() throws -> Made {
    let folder = try TemporaryDirectory("engine")
    let root = folder.file("store")
    var ends: [Int] = []
    do {
      let engine = try StorageEngine.create(
        at: root, description: [:], options: StorageOptions())
      for batch in 0..<8 as Range<UInt64> {
        let record = LogRecord.upsert([VectorID(batch)], [Float(batch), 1, 2].span)
        ends.append((ends.last ?? LogSegment.headerSize) + record.size)
        _ = try engine.commit(record)
      }
      try engine.close()
    }
    let log = "\(root)/wal/000001.log"
    return Made(
      folder: folder, root: root, log: log, bytes: try FileSystem.contents(of: log), ends: ends)
  }

  private func reopen(_ root: String) throws -> [VectorID] {
    let engine = try StorageEngine.open(at: root, options: StorageOptions())
    var ids: [VectorID] = []
    _ = try engine.recover { _, _ throws(StorageError) in
    } replay: { record throws(StorageError) in
      ids += record.ids
    }
    try engine.close()
    return ids
  }

  private func copy(_ made: Made, _ name: String) throws -> String {
    let target = made.folder.file(name)
    try FileManager.default.copyItem(atPath: made.root, toPath: target)
    return target
  }

  @Test func `everything that was acknowledged is there after a clean close`() throws {
    let made = try make()
    #expect(try reopen(made.root) == (0..<8).map { VectorID(UInt64($0)) })
  }

  @Test func `a log cut at any byte keeps every whole batch before the cut, or says it is damaged`()
    throws
  {
    let made = try make()
    for cut in stride(from: LogSegment.headerSize, through: made.bytes.count, by: 5) {
      let root = try copy(made, "cut-\(cut)")
      try FileSystem.replace("\(root)/wal/000001.log", with: Array(made.bytes[..<cut]))
      let whole = made.ends.filter { $0 <= cut }.count
      do {
        #expect(try reopen(root) == (0..<whole).map { VectorID(UInt64($0)) }, "cut at \(cut)")
        // Only the very last group may vanish without a witness.
        #expect(whole >= 7 || made.ends.count - whole >= 1)
      } catch let error as StorageError {
        guard case .corruptLog = error else {
          Issue.record("cut at \(cut): \(error)")
          continue
        }
      }
      try FileSystem.removeTree(root)
    }
  }

  @Test func `a bent byte in an acknowledged batch is refused with file and offset`() throws {
    let made = try make()
    var random = SeededRandom(4)
    for _ in 0..<60 {
      // All but the last record have a witness: the next one says what was durable before it.
      let position = LogSegment.headerSize + random.below(made.ends[6] - LogSegment.headerSize)
      let root = try copy(made, "bent")
      var bytes = made.bytes
      bytes[position] ^= UInt8(1 + random.below(255))
      try FileSystem.replace("\(root)/wal/000001.log", with: bytes)
      do {
        let ids = try reopen(root)
        // Padding is not part of any promise.
        #expect(ids == (0..<8).map { VectorID(UInt64($0)) }, "byte \(position)")
      } catch let error as StorageError {
        guard case .corruptLog(let path, let offset, _, _) = error else {
          Issue.record("byte \(position): \(error)")
          continue
        }
        #expect(path.hasSuffix("000001.log") && offset <= position, "byte \(position)")
      }
      try FileSystem.removeTree(root)
    }
  }

  @Test func `a manifest that was cut falls back to the one before`() throws {
    let made = try make()
    let path = "\(made.root)/MANIFEST"
    try FileSystem.replace(path, with: Array(try FileSystem.contents(of: path).dropLast(3)))
    #expect(try reopen(made.root).count == 8)
  }

  @Test(arguments: [
    "\"generation\":4294967295", "\"snapshot\":18446744073709551615",
    "\"replayFrom\":18446744073709551615", "\"durableLSN\":9223372036854775808",
  ])
  func `a manifest that names a place no log reaches is damaged`(field: String) throws {
    let made = try make()
    let path = "\(made.root)/MANIFEST"
    let text = try FileSystem.text(of: path)
    let name = field.prefix { $0 != ":" }
    let fields = text.prefix { $0 != "\n" }.dropFirst().dropLast().split(separator: ",")
      .map { $0.hasPrefix(name) ? field[...] : $0 }
    let line = Array("{\(fields.joined(separator: ","))}".utf8)
    let sum = String(CRC32C.of(line), radix: 16)
    let digits = String(repeating: "0", count: 8 - sum.count) + sum
    try FileSystem.remove("\(path).prev")
    try FileSystem.replace(path, with: line + Array("\ncrc32c \(digits)\n".utf8))
    let error = try #require(throws: StorageError.self) { try reopen(made.root) }
    #expect("\(error)".contains("a place that no log ever reaches"), "\(error)")
  }

  @Test func `a file whose number no next file could have is not taken for a log`() throws {
    let made = try make()
    try FileSystem.replace("\(made.root)/wal/\(UInt64.max).log", with: [1, 2, 3])
    #expect(try reopen(made.root).count == 8)
  }

  @Test func `a folder that is no store is named as such`() throws {
    let folder = try TemporaryDirectory("engine")
    #expect(throws: StorageError.notAStore(path: folder.path)) {
      _ = try StorageEngine.open(at: folder.path, options: StorageOptions())
    }
  }

  @Test func `many threads commit and none waits for ever`() throws {
    let folder = try TemporaryDirectory("engine")
    var options = StorageOptions()
    options.walSegmentBytes = 8 << 10
    let root = folder.file("store")
    do {
      let engine = try StorageEngine.create(at: root, description: [:], options: options)
      _ = try WorkerThreads.run(count: 8, name: "commit") { worker in
        for step in 0..<50 {
          _ = try? engine.commit(LogRecord.delete([VectorID(UInt64(worker * 100 + step))]))
        }
      }
      let statistics = engine.statistics()
      #expect(statistics.commits == 400)
      #expect(statistics.rolls > 0)
      try engine.close()
    }
    #expect(try Set(reopen(root)).count == 400)
  }
}
