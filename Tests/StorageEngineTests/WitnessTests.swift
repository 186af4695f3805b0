import Basics
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import StorageEngine

struct WitnessTests {
  private func make(_ root: String, close: Bool = true) throws {
    let engine = try StorageEngine.create(at: root, description: [:], options: StorageOptions())
    for batch in 0..<8 as Range<UInt64> {
      _ = try engine.commit(LogRecord.delete([VectorID(batch)]))
    }
    if close { try engine.close() }
  }

  private func reopen(_ root: String) throws -> Int {
    let engine = try StorageEngine.open(at: root, options: StorageOptions())
    var count = 0
    _ = try engine.recover { _, _ throws(StorageError) in
    } replay: { record throws(StorageError) in
      count += record.ids.count
    }
    try engine.close()
    return count
  }

  @Test func `a log file that a crash left without a header does not lock the store out later`()
    throws
  {
    let folder = try TemporaryDirectory("engine")
    let root = folder.file("store")
    try make(root)
    _ = try File("\(root)/wal/000002.log", .createNew)
    #expect(try reopen(root) == 8)
    #expect(try reopen(root) == 8)
  }

  @Test func `a damaged header of the last log file is refused, not taken for a crash`() throws {
    let folder = try TemporaryDirectory("engine")
    let root = folder.file("store")
    try make(root)
    let path = "\(root)/wal/000001.log"
    var bytes = try FileSystem.contents(of: path)
    bytes[9] ^= 1
    try FileSystem.replace(path, with: bytes)
    #expect(throws: StorageError.self) { _ = try reopen(root) }
  }

  @Test func `after a clean close even the last batch has a witness`() throws {
    let folder = try TemporaryDirectory("engine")
    let root = folder.file("store")
    try make(root)
    let path = "\(root)/wal/000001.log"
    var bytes = try FileSystem.contents(of: path)
    bytes[bytes.count - 6] ^= 1
    try FileSystem.replace(path, with: bytes)
    #expect(throws: StorageError.self) { _ = try reopen(root) }
  }

  @Test func `a batch given up on a full disk is never acknowledged by its successors`() throws {
    let folder = try TemporaryDirectory("engine")
    let root = folder.file("store")
    let disk = FillingFiles()
    let engine = try StorageEngine.create(
      at: root, description: [:], options: StorageOptions(), files: disk)
    var acknowledged = 0
    for round in 0..<200 {
      disk.failing.store(2, ordering: .sequentiallyConsistent)
      let outcomes = try WorkerThreads.run(count: 4, name: "commit") { worker -> [Int] in
        (0..<5).compactMap { step in
          let id = round * 100 + worker * 10 + step
          guard (try? engine.commit(LogRecord.delete([VectorID(UInt64(id))]))) != nil else {
            return nil
          }
          return id
        }
      }
      acknowledged += outcomes.reduce(0) { $0 + $1.count }
    }
    let logged = try storedCount(root)
    #expect(acknowledged == logged)
  }

  @Test func `the relaxed mode never leaves more than its bytes unsynced`() throws {
    let folder = try TemporaryDirectory("engine")
    var options = StorageOptions()
    options.durability = .relaxed(milliseconds: 1_000_000, bytes: 1_000)
    let engine = try StorageEngine.create(
      at: folder.file("store"), description: [:], options: options)
    for step in 0..<200 as Range<UInt64> {
      _ = try engine.commit(LogRecord.delete([VectorID(step)]))
      #expect(engine.unsyncedBytes < 1_000)
    }
    let syncs = engine.statistics().syncs
    #expect(syncs > 0 && syncs < 20)
    try engine.close()
  }

  private func storedCount(_ root: String) throws -> Int {
    let bytes = try FileSystem.contents(of: "\(root)/wal/000001.log")
    var (offset, count) = (LogSegment.headerSize, 0)
    while let record = StoredRecord(
      in: bytes, at: offset, expecting: UInt64(offset - LogSegment.headerSize))
    {
      count += record.ids.count
      offset += record.size
    }
    return count
  }
}

/// Real files on a disk that is full for the next few writes behind the first step of zeros.
private final class FillingFiles: StorageFiles {
  let failing = Atomic<Int>(0)
  private let real = SystemFiles()

  func open(_ path: String, _ mode: File.Mode) throws(SystemError) -> any StorageFile {
    Filling(file: try real.open(path, mode), disk: self, isLog: path.hasSuffix(".log"))
  }
  func contents(of path: String) throws(SystemError) -> [UInt8] { try real.contents(of: path) }
  func rename(_ source: String, to target: String) throws(SystemError) {
    try real.rename(source, to: target)
  }
  func remove(_ path: String) throws(SystemError) { try real.remove(path) }
  func synchronizeDirectory(_ path: String) throws(SystemError) {
    try real.synchronizeDirectory(path)
  }

  private final class Filling: StorageFile {
    let file: any StorageFile
    let disk: FillingFiles
    let isLog: Bool
    init(file: any StorageFile, disk: FillingFiles, isLog: Bool) {
      self.file = file
      self.disk = disk
      self.isLog = isLog
    }
    func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
      if isLog, disk.failing.load(ordering: .sequentiallyConsistent) > 0 {
        disk.failing.subtract(1, ordering: .sequentiallyConsistent)
        throw SystemError("write", "log", code: 28)
      }
      try file.write(bytes, at: offset)
    }
    func synchronizeData() throws(SystemError) { try file.synchronizeData() }
    func truncate(to size: Int) throws(SystemError) { try file.truncate(to: size) }
  }
}
