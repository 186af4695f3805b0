import Basics
import Measurement
import Synchronization

/// The log: batches in, acknowledgements out, one writer at a time.
///
/// A commit gets its place in the log under the lock and then waits. Whoever finds nobody writing
/// becomes the leader: it takes all that is queued, writes and syncs it without holding the lock,
/// and wakes the rest. A leader that is done looks at the queue no more; each waiter looks for
/// itself, and so a commit that came during the last sync is led by its own thread.
///
/// After a failed write or sync nobody knows what the disk holds, so the log takes no more
/// (`storePoisoned`); a failed sync is never tried again. A full disk is the exception: nothing of
/// the group was promised, its bytes are cut off, and later commits may succeed.
package final class WriteAheadLog: @unchecked Sendable {
  private let root: String
  private let files: any StorageFiles
  private let options: StorageOptions
  private let generation: UInt32
  private let announce: (@Sendable (StorageEvent) -> Void)?
  private let lock = InstrumentedLock("wal.queue")
  private let changed = InstrumentedCondition("wal.group")

  // Guarded by `lock`.
  private var queue: [LogRecord] = []
  private var nextLSN: UInt64
  private var writtenLSN: UInt64
  private var durableLSN: UInt64
  private var hasLeader = false
  private var poison: SystemError?
  /// Grows when a group is given up; commits of an older round have failed.
  private var round = 0
  private var roundFailure: StorageError?
  /// Where the log stood when a round was given up, by round.
  ///
  /// Later commits get the places behind
  /// it again, so being behind `durableLSN` means nothing to a commit of an older round.
  private var roundEnds: [UInt64] = []
  private var statistics = LogStatistics()
  private var isClosed = false

  // Owned by the leader.
  private var segment: LogSegment
  private var file: any StorageFile
  private var preparedBytes: Int
  private var hasFailedSync = false
  private var lastSyncNanoseconds: UInt64 = 0

  /// Zeros are written ahead in steps of this size, so that a sync finds the blocks in place.
  package static let aheadBytes = 1 << 20

  init(
    root: String, startLSN: UInt64, segmentNumber: UInt64, generation: UInt32,
    options: StorageOptions, files: any StorageFiles,
    announce: (@Sendable (StorageEvent) -> Void)?
  ) throws(StorageError) {
    self.root = root
    self.files = files
    self.options = options
    self.generation = generation
    self.announce = announce
    (nextLSN, writtenLSN, durableLSN) = (startLSN, startLSN, startLSN)
    preparedBytes = LogSegment.headerSize
    do throws(SystemError) {
      (segment, file) = try LogSegment.create(
        in: root, number: segmentNumber, startLSN: startLSN, files: files)
    } catch { throw Self.failure(error, root) }
  }

  /// Logs one batch and returns its place when it is as safe as the durability promises.
  @inline(never)
  package func append(_ record: consuming LogRecord) throws(StorageError) -> UInt64 {
    lock.lock()
    defer { lock.unlock() }
    try check()
    let lsn = nextLSN
    record.seal(at: lsn, durable: durableLSN, generation: generation)
    nextLSN += UInt64(record.size)
    let end = nextLSN
    queue.append(record)
    let round = round
    while true {
      if round != self.round {
        if end > roundEnds[round] { throw roundFailure ?? .closed }
        break
      }
      if isSettled(end) { break }
      if let poison { throw .storePoisoned(poison) }
      if hasLeader { follow() } else { lead() }
    }
    statistics.commits += 1
    return lsn
  }

  private func isSettled(_ end: UInt64) -> Bool {
    options.durability == .strict ? durableLSN >= end : writtenLSN >= end
  }

  private func check() throws(StorageError) {
    if isClosed { throw .closed }
    if let poison { throw .storePoisoned(poison) }
  }

  /// Waits for the leader; the lock is given up meanwhile.
  @inline(never)
  private func follow() { changed.wait(holding: lock) }

  /// Writes what is queued, and syncs it when that is the promise.
  ///
  /// Holds the lock before and after.
  @inline(never)
  private func lead() {
    hasLeader = true
    // Without group commit a leader serves itself only: the front of the queue, one at a time.
    let group = options.groupCommit ? queue : Array(queue.prefix(1))
    queue.removeFirst(group.count)
    let start = writtenLSN
    let durable = durableLSN
    lock.unlock()
    let outcome = Result { () throws(SystemError) in
      try write(group, at: start, durable: durable)
    }
    lock.lock()
    hasLeader = false
    settle(group, start, outcome)
    changed.broadcast()
  }

  private func settle(
    _ group: [LogRecord], _ start: UInt64, _ outcome: Result<Bool, SystemError>
  ) {
    switch outcome {
    case .success(let isSynced):
      let bytes = group.reduce(0) { $0 + $1.size }
      writtenLSN = start + UInt64(bytes)
      statistics.bytes += UInt64(bytes)
      if isSynced {
        durableLSN = writtenLSN
        countSync()
      }
    case .failure(let error):
      if error.isDiskFull, !hasFailedSync { giveUp(start, error) } else { poison = error }
    }
  }

  /// The disk is full: whoever waits has failed, and the log is as it was before.
  private func giveUp(_ start: UInt64, _ error: SystemError) {
    let needed = Int(nextLSN - start)
    nextLSN = start
    queue = []
    roundEnds.append(start)
    round += 1
    roundFailure = Self.failure(error, root, needed: needed)
    do throws(SystemError) {
      try file.truncate(to: segment.offset(of: start))
      preparedBytes = segment.offset(of: start)
    } catch { poison = error }
  }

  /// Leader only: answers whether what was written is synced too.
  @inline(never)
  private func write(
    _ group: [LogRecord], at lsn: UInt64, durable: UInt64
  ) throws(SystemError) -> Bool {
    if segment.offset(of: lsn) >= options.walSegmentBytes { try roll(at: lsn) }
    let offset = segment.offset(of: lsn)
    let bytes = group.count == 1 ? group[0].bytes : Array(group.map(\.bytes).joined())
    try prepare(offset + bytes.count)
    // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
    try unsafe file.write(bytes.span.bytes, at: offset)
    guard mustSync(upTo: lsn + UInt64(bytes.count), durable) else { return false }
    try synchronizeFile()
    return true
  }

  private func mustSync(upTo end: UInt64, _ durable: UInt64) -> Bool {
    switch options.durability {
    case .strict: true
    case .relaxed(_, let bytes): end - durable >= UInt64(bytes)
    case .none: false
    }
  }

  @inline(never)
  private func synchronizeFile() throws(SystemError) {
    // A sync is never tried again, not even on a full disk: the kernel may have dropped the pages.
    hasFailedSync = true
    let start = Clock.now()
    try Waits.timed(.disk, "wal.sync") { () throws(SystemError) in try file.synchronizeData() }
    lastSyncNanoseconds = Clock.now() &- start
    hasFailedSync = false
  }

  /// Under the lock, by whoever led the last sync: nobody else can have led one since.
  private func countSync() {
    statistics.syncs += 1
    statistics.syncTimes = statistics.syncTimes ?? LatencyHistogram()
    statistics.syncTimes?.record(lastSyncNanoseconds)
  }

  /// Leader only: writes zeros ahead of the records, so that a sync need not grow the file.
  private func prepare(_ end: Int) throws(SystemError) {
    while preparedBytes < end {
      let zeros = [UInt8](repeating: 0, count: min(Self.aheadBytes, options.walSegmentBytes))
      // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
      try unsafe file.write(zeros.span.bytes, at: preparedBytes)
      preparedBytes += zeros.count
    }
  }

  /// Leader only: ends this file, synced and cut to its length, and begins the next.
  @inline(never)
  private func roll(at lsn: UInt64) throws(SystemError) {
    announce?(.rolling)
    try file.truncate(to: segment.offset(of: lsn))
    try synchronizeFile()
    (segment, file) = try LogSegment.create(
      in: root, number: segment.number + 1, startLSN: lsn, files: files)
    preparedBytes = LogSegment.headerSize
    rolls.add(1, ordering: .relaxed)
    announce?(.rolled)
  }

  /// Counted by the leader without the lock, read by anybody.
  private let rolls = Atomic<Int>(0)

  /// Syncs what was written and not synced yet: the timer of the relaxed mode, a checkpoint, a close.
  @inline(never)
  package func synchronize() throws(StorageError) {
    lock.lock()
    defer { lock.unlock() }
    while hasLeader { follow() }
    if let poison { throw .storePoisoned(poison) }
    guard durableLSN < writtenLSN else { return }
    hasLeader = true
    let written = writtenLSN
    lock.unlock()
    let outcome = Result { () throws(SystemError) in try synchronizeFile() }
    lock.lock()
    hasLeader = false
    changed.broadcast()
    switch outcome {
    case .success:
      durableLSN = max(durableLSN, written)
      countSync()
    case .failure(let error):
      poison = error
      throw .storePoisoned(error)
    }
  }

  /// Where the log ends, and what of it is synced.
  package var positions: (end: UInt64, durable: UInt64) {
    lock.withLock { (writtenLSN, durableLSN) }
  }

  package var unsyncedBytes: Int { lock.withLock { Int(writtenLSN - durableLSN) } }

  package func currentStatistics() -> LogStatistics {
    lock.withLock {
      var result = statistics
      result.rolls = rolls.load(ordering: .relaxed)
      return result
    }
  }

  /// Begins a new file at the end of the log, so that the old ones can go.
  ///
  /// No commit may be open.
  func startSegment() throws(StorageError) -> UInt64 {
    try synchronize()
    lock.lock()
    defer { lock.unlock() }
    precondition(queue.isEmpty && !hasLeader, "a checkpoint holds writers back first")
    do throws(SystemError) { try roll(at: writtenLSN) } catch {
      // On a full disk the old file goes on; it was only cut to its length.
      preparedBytes = segment.offset(of: writtenLSN)
      if error.isDiskFull, !hasFailedSync { throw Self.failure(error, root) }
      poison = error
      throw .storePoisoned(error)
    }
    return segment.number
  }

  /// Syncs, trims the file to its length and takes no more; false when there was nothing to do.
  func close() throws(StorageError) -> Bool {
    let isSound = lock.withLock {
      defer { isClosed = true }
      return poison == nil && !isClosed
    }
    guard isSound else { return false }
    try synchronize()
    do throws(SystemError) {
      try file.truncate(to: segment.offset(of: positions.end))
      try file.synchronizeData()
    } catch { throw .system(error) }
    return true
  }

  static func failure(_ error: SystemError, _ path: String, needed: Int = 0) -> StorageError {
    guard error.isDiskFull else { return .system(error) }
    return .storeFull(path: path, needed: needed, free: (try? FileSystem.freeBytes(at: path)) ?? 0)
  }
}
