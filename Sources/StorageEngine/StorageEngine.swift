import Basics
import Vocabulary

/// Durable batches in one folder: a log, snapshots that shorten it, and a lock on the door.
///
///     LOCK                      held by whoever has the store open
///     FORMAT                    "vbench store 1.0 little-endian"
///     MANIFEST  MANIFEST.prev   which snapshot, and from where on the log; see Manifest
///     wal/000017.log …          see LogSegment and LogRecord
///     snap/000012/…             files that the layer above writes and reads; listed in MANIFEST
///
/// The engine keeps order and promises; what the batches mean is the layer above's business.
package final class StorageEngine: @unchecked Sendable {
  package let root: String
  package let options: StorageOptions
  private let files: any StorageFiles
  private let door: FileLock
  private let announce: (@Sendable (StorageEvent) -> Void)?
  private let lock = InstrumentedLock("engine.manifest")
  private var manifest: Manifest
  private var log: WriteAheadLog?

  package static let format = "vbench store 1.0 little-endian\n"

  /// What opening found.
  package struct Recovery: Sendable, Equatable {
    package var records = 0
    /// Bytes of a batch that nobody was promised.
    package var droppedBytes = 0

    package init(records: Int = 0, droppedBytes: Int = 0) {
      self.records = records
      self.droppedBytes = droppedBytes
    }
  }

  /// Makes an empty store in a folder that is not there yet or is empty.
  package static func create(
    at root: String, description: [String: String], options: StorageOptions,
    files: any StorageFiles = SystemFiles(),
    announce: (@Sendable (StorageEvent) -> Void)? = nil
  ) throws(StorageError) -> StorageEngine {
    do throws(SystemError) {
      if FileSystem.exists(root), try !FileSystem.list(root).isEmpty {
        throw StorageErrorBox.alreadyThere
      }
      try FileSystem.makeDirectory("\(root)/wal")
      try FileSystem.makeDirectory("\(root)/snap")
      try FileSystem.replace("\(root)/FORMAT", with: Array(format.utf8))
      let manifest = Manifest(
        generation: 0, snapshot: 0, replayFrom: 0, durableLSN: 0, description: description)
      try manifest.write(in: root, files: files)
    } catch {
      if error == StorageErrorBox.alreadyThere { throw .alreadyThere(path: root) }
      throw WriteAheadLog.failure(error, root)
    }
    let engine = try StorageEngine(root, options, files, announce)
    _ = try engine.recover { (_, _) throws(StorageError) in
    } replay: { _ throws(StorageError) in
    }
    return engine
  }

  /// Opens the folder; call `recover` next, before anything else.
  package static func open(
    at root: String, options: StorageOptions, files: any StorageFiles = SystemFiles(),
    announce: (@Sendable (StorageEvent) -> Void)? = nil
  ) throws(StorageError) -> StorageEngine {
    try StorageEngine(root, options, files, announce)
  }

  /// Errors that only travel inside `create`.
  private enum StorageErrorBox {
    static let alreadyThere = SystemError("create", "", code: 17)
  }

  private init(
    _ root: String, _ options: StorageOptions, _ files: any StorageFiles,
    _ announce: (@Sendable (StorageEvent) -> Void)?
  ) throws(StorageError) {
    self.root = root
    self.options = options
    self.files = files
    self.announce = announce
    try Self.checkFormat(root)
    door = try Self.takeDoor(root)
    manifest = try Manifest.read(in: root, files: files)
  }

  package var description: [String: String] { lock.withLock { manifest.description } }

  fileprivate static func checkFormat(_ root: String) throws(StorageError) {
    guard let text = try? FileSystem.text(of: "\(root)/FORMAT") else {
      throw .notAStore(path: root)
    }
    guard text.hasPrefix("vbench store ") else { throw .notAStore(path: root) }
    guard text == format else {
      throw .formatTooNew(
        path: root, found: String(text.dropFirst(13).prefix(20).filter { $0 != "\n" }),
        supported: "1.0 little-endian")
    }
  }

  fileprivate static func takeDoor(_ root: String) throws(StorageError) -> FileLock {
    let path = "\(root)/LOCK"
    do throws(SystemError) {
      if let door = try FileLock.take(path) { return door }
    } catch { throw .system(error) }
    throw .locked(path: root, holder: FileLock.holder(of: path))
  }

  /// Hands over the snapshot's folder, if there is one, and then every batch behind it.
  package func recover(
    snapshot: (_ folder: String, _ number: UInt64) throws(StorageError) -> Void,
    replay: (StoredRecord) throws(StorageError) -> Void
  ) throws(StorageError) -> Recovery {
    precondition(log == nil, "a store recovers once")
    announce?(.recovering)
    if manifest.snapshot > 0 {
      try snapshot(folder(manifest.snapshot), manifest.snapshot)
    }
    let recovery = LogRecovery(root: root, manifest: manifest, files: files)
    let outcome = try recovery.replay(replay)
    try removeLeftovers()
    manifest.generation += 1
    manifest.durableLSN = outcome.end
    try publish()
    log = try WriteAheadLog(
      root: root, startLSN: outcome.end, segmentNumber: outcome.nextSegment,
      generation: manifest.generation, options: options, files: files, announce: announce)
    announce?(.recovered)
    return Recovery(records: outcome.records, droppedBytes: outcome.droppedBytes)
  }

  /// Logs a batch; nil in the mode that keeps no log.
  package func commit(_ record: consuming LogRecord) throws(StorageError) -> UInt64 {
    guard let log else { throw .closed }
    guard record.size <= LogRecord.payloadLimit else {
      throw .recordTooLarge(bytes: record.size, limit: LogRecord.payloadLimit)
    }
    return try log.append(record)
  }

  package func synchronize() throws(StorageError) { try log?.synchronize() }

  package var unsyncedBytes: Int { log?.unsyncedBytes ?? 0 }

  package func statistics() -> LogStatistics { log?.currentStatistics() ?? LogStatistics() }

  /// Makes what `write` puts into a fresh folder the store's snapshot, and drops the log before it.
  ///
  /// The caller holds back every commit until this returns.
  @inline(never)
  package func checkpoint(
    _ write: (_ folder: String) throws(StorageError) -> Void
  ) throws(StorageError) {
    guard let log else { throw .closed }
    announce?(.checkpointing)
    let firstKept = try log.startSegment()
    let old = lock.withLock { manifest }
    let target = folder(old.snapshot + 1)
    do throws(SystemError) {
      try FileSystem.removeTree(target)
      try FileSystem.makeDirectory(target)
    } catch { throw WriteAheadLog.failure(error, root) }
    do throws(StorageError) { try write(target) } catch {
      // Half a snapshot would keep a full disk full.
      try? FileSystem.removeTree(target)
      throw error
    }
    do throws(SystemError) {
      try files.synchronizeDirectory(target)
      try files.synchronizeDirectory("\(root)/snap")
      let end = log.positions.end
      let next = Manifest(
        generation: old.generation, snapshot: old.snapshot + 1, replayFrom: end, durableLSN: end,
        description: old.description)
      try next.write(in: root, files: files)
      lock.withLock { manifest = next }
      announce?(.removing)
      for number in stride(from: firstKept - 1, through: 1, by: -1) {
        let path = LogSegment.path(in: root, number)
        if !FileSystem.exists(path) { break }
        try files.remove(path)
      }
      if old.snapshot > 0 { try FileSystem.removeTree(folder(old.snapshot)) }
      announce?(.removed)
      announce?(.checkpointed)
    } catch { throw WriteAheadLog.failure(error, root) }
  }

  package func close() throws(StorageError) {
    guard let log, try log.close() else { return }
    // The last group has no later record to say that it was durable; the manifest says so.
    lock.withLock { manifest.durableLSN = log.positions.durable }
    try publish()
  }

  private func folder(_ snapshot: UInt64) -> String {
    let digits = String(snapshot)
    return "\(root)/snap/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
  }

  /// What a crash in the middle of a checkpoint left: unlisted snapshots, temporary files.
  private func removeLeftovers() throws(StorageError) {
    do throws(SystemError) {
      for name in try FileSystem.list("\(root)/snap")
      where "\(root)/snap/\(name)" != folder(manifest.snapshot) {
        try FileSystem.removeTree("\(root)/snap/\(name)")
      }
      for name in try FileSystem.list(root) where name.hasSuffix(".tmp") {
        try files.remove("\(root)/\(name)")
      }
    } catch { throw .system(error) }
  }

  private func publish() throws(StorageError) {
    do throws(SystemError) { try manifest.write(in: root, files: files) } catch {
      throw WriteAheadLog.failure(error, root)
    }
  }
}

extension StorageEngine {
  /// What a store says of itself, without opening it.
  package static func description(of root: String) throws(StorageError) -> [String: String] {
    try checkFormat(root)
    return try Manifest.read(in: root, files: SystemFiles()).description
  }

  /// Copies a closed store, file by file, into a folder that is not there yet.
  package static func copy(from source: String, to target: String) throws(StorageError) {
    try checkFormat(source)
    // Holding the lock keeps writers out while the files are read.
    let door = try takeDoor(source)
    defer { _ = door }
    if FileSystem.exists(target) { throw .alreadyThere(path: target) }
    do throws(SystemError) { try copyTree(source, target) } catch {
      try? FileSystem.removeTree(target)
      throw WriteAheadLog.failure(error, target)
    }
  }

  private static func copyTree(_ source: String, _ target: String) throws(SystemError) {
    try FileSystem.makeDirectory(target)
    for name in try FileSystem.list(source) where name != "LOCK" {
      let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
      if FileSystem.isDirectory(from) { try copyTree(from, to) } else { try copyFile(from, to) }
    }
  }

  private static func copyFile(_ source: String, _ target: String) throws(SystemError) {
    let input = try File(source, .read)
    let output = try File(target, .createNew)
    var offset = 0
    while true {
      let bytes = try input.read(at: offset, count: 4 << 20)
      if bytes.isEmpty { return }
      try output.write(bytes)
      offset += bytes.count
    }
  }
}
