import Basics

/// Reads a log back after a stop of any kind, and says where it ends.
///
/// Records are taken up to the first place X that holds none. If anything says that bytes beyond X
/// had been synced — a record that was queued later, the next file, the manifest — then
/// acknowledged data is damaged and nothing is opened. Otherwise what follows X is the tail that
/// nobody was promised: it is cut off, and reading never goes on behind a hole.
struct LogRecovery {
  let root: String
  let manifest: Manifest
  let files: any StorageFiles

  struct Outcome {
    let end: UInt64
    let nextSegment: UInt64
    let droppedBytes: Int
    let records: Int
  }

  @inline(never)
  func replay(_ apply: (StoredRecord) throws(StorageError) -> Void) throws(StorageError) -> Outcome
  {
    var segments = try segmentNumbers().map { number throws(StorageError) in try load(number) }
    let last = segments.last?.number ?? 0
    if let half = segments.last, half.isHalfMade {
      // It goes now: behind the next file it would look like damage.
      try remove(half.path)
      segments.removeLast()
    }
    var position = manifest.replayFrom
    var witness = max(manifest.durableLSN, manifest.replayFrom)
    var records = 0
    var dropped = 0
    for (index, loaded) in segments.enumerated() {
      guard let segment = loaded.segment else {
        throw .corruptLog(path: loaded.path, offset: 0, lsn: position, durableLSN: witness)
      }
      witness = max(witness, segment.startLSN)
      let next = index + 1 < segments.count ? segments[index + 1].segment?.startLSN : nil
      if let next, next <= position { continue }
      guard segment.startLSN <= position else {
        throw .corruptLog(path: segment.path, offset: 0, lsn: position, durableLSN: witness)
      }
      while let record = StoredRecord(
        in: loaded.bytes, at: segment.offset(of: position), expecting: position)
      {
        witness = max(witness, record.durableLSN)
        try apply(record)
        records += 1
        position += UInt64(record.size)
      }
      // The next file takes over exactly where this one ends.
      if next == position { continue }
      let offset = segment.offset(of: position)
      witness = max(witness, next ?? 0, laterWitness(loaded.bytes, from: offset, position))
      if witness > position {
        throw .corruptLog(
          path: segment.path, offset: offset, lsn: position, durableLSN: witness)
      }
      dropped = loaded.bytes[min(offset, loaded.bytes.count)...].reduce(0) {
        $0 + ($1 == 0 ? 0 : 1)
      }
      if next == nil { try cut(segment, at: offset) }
    }
    guard witness <= position else {
      throw .corruptLog(path: "\(root)/wal", offset: 0, lsn: position, durableLSN: witness)
    }
    return Outcome(
      end: position, nextSegment: last + 1, droppedBytes: dropped, records: records)
  }

  private struct Loaded {
    let number: UInt64
    let path: String
    let bytes: [UInt8]
    let segment: LogSegment?

    /// Made by a crash before its header was whole, so nothing was promised in it.
    ///
    /// A header is synced before the first record is written: a file with records but without a
    /// header is damaged.
    var isHalfMade: Bool {
      segment == nil && bytes.dropFirst(LogSegment.headerSize).allSatisfy { $0 == 0 }
    }
  }

  private func segmentNumbers() throws(StorageError) -> [UInt64] {
    do throws(SystemError) {
      return try FileSystem.list("\(root)/wal").compactMap { name in
        // A number that the next file could not count on from is nobody's of ours.
        name.hasSuffix(".log") ? UInt64(name.dropLast(4)).flatMap { $0 < .max ? $0 : nil } : nil
      }.sorted()
    } catch { throw .system(error) }
  }

  private func load(_ number: UInt64) throws(StorageError) -> Loaded {
    let path = LogSegment.path(in: root, number)
    do throws(SystemError) {
      let bytes = try files.contents(of: path)
      return Loaded(
        number: number, path: path, bytes: bytes,
        segment: LogSegment(path: path, number: number, bytes: bytes))
    } catch { throw .system(error) }
  }

  /// What intact records behind a hole say was durable when they were queued.
  private func laterWitness(_ bytes: [UInt8], from offset: Int, _ lsn: UInt64) -> UInt64 {
    var witness: UInt64 = 0
    for later in stride(from: offset + 8, to: bytes.count - LogRecord.headerSize, by: 8)
    where LogRecord.integer(bytes, at: later) == LogRecord.magic {
      let expected = lsn + UInt64(later - offset)
      if let record = StoredRecord(in: bytes, at: later, expecting: expected) {
        witness = max(witness, record.durableLSN)
      }
    }
    return witness
  }

  private func remove(_ path: String) throws(StorageError) {
    do throws(SystemError) {
      try files.remove(path)
      try files.synchronizeDirectory("\(root)/wal")
    } catch { throw .system(error) }
  }

  private func cut(_ segment: LogSegment, at offset: Int) throws(StorageError) {
    do throws(SystemError) {
      let file = try files.open(segment.path, .readWrite)
      try file.truncate(to: offset)
      try file.synchronizeData()
    } catch { throw .system(error) }
  }
}
