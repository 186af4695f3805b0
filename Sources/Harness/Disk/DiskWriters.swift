import Basics
import Measurement
import StorageEngine

/// Records into files of their own, one writer a thread, each record synced before the next.
///
/// The calls are those of `WriteAheadLog`: zeros a megabyte ahead where the file shall not grow,
/// then `pwrite` and `fdatasync`. A record is one block on a block's border, and of random bytes,
/// because zeros would be kept for nothing by file systems that compress.
struct DiskWriters: Sendable {
  let folder: String
  let isStopped: @Sendable () -> Bool
  private let record: [UInt8]
  private let chunk: [UInt8]
  /// A slice ends there on the fastest disks, so that eight writers stay within the room.
  private let logBytesMax: Int

  init(folder: String, logBytesMax: Int, isStopped: @escaping @Sendable () -> Bool) {
    self.folder = folder
    self.logBytesMax = logBytesMax
    self.isStopped = isStopped
    var random = SeededRandom(0xD15C)
    chunk = (0..<DiskTask.chunkBytes / 8).flatMap { _ in
      let word = random.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    record = Array(chunk.prefix(DiskTask.blockBytes))
  }

  /// Commits of so many writers until the time is over.
  func commit(
    writers: Int, grows: Bool, nanoseconds: UInt64
  ) throws(SystemError) -> DiskSlice {
    let paths = (0..<writers).map { "\(folder)/log-\($0)" }
    defer { for path in paths { try? FileSystem.remove(path) } }
    for path in paths { try File(path, .create).synchronizeData() }
    // Names and old files are settled, so that no writer finds them in its first sync.
    try FileSystem.synchronizeDirectory(folder)
    let deadline = Clock.now() + nanoseconds
    let results = try WorkerThreads.run(count: writers, name: "disk") { number in
      Result { () throws(SystemError) in
        try append(to: paths[number], grows: grows, until: deadline)
      }
    }
    var slices: [DiskSlice] = []
    for result in results { slices.append(try result.get()) }
    return .together(slices)
  }

  private func append(
    to path: String, grows: Bool, until deadline: UInt64
  ) throws(SystemError) -> DiskSlice {
    let file = try File(path, .readWrite)
    let zeros = [UInt8](repeating: 0, count: grows ? 0 : WriteAheadLog.aheadBytes)
    var slice = DiskSlice()
    var (offset, prepared) = (0, grows ? Int.max : 0)
    let begin = Clock.now()
    var last = begin
    // A thread that got no core until the time was over still makes its one record.
    while offset == 0 || last < deadline, offset < logBytesMax, !isStopped() {
      let start = Clock.now()
      if prepared < offset + record.count {
        try write(zeros, file, at: prepared, &slice)
        prepared += zeros.count
      }
      try write(record, file, at: offset, &slice)
      try file.synchronizeData()
      last = Clock.now()
      slice.times.record(last - start)
      slice.operations += 1
      offset += record.count
    }
    slice.bytes = offset
    slice.begin = begin
    slice.nanoseconds = last - begin
    return slice
  }

  /// A new file of so many bytes, with the sync that makes it safe.
  func stream(bytes: Int, to path: String) throws(SystemError) -> DiskSlice {
    var slice = DiskSlice()
    let start = Clock.now()
    let file = try File(path, .create)
    while slice.bytes < bytes, !isStopped() {
      try write(chunk, file, at: slice.bytes, &slice)
      slice.bytes += chunk.count
      slice.operations += 1
    }
    try file.synchronize()
    slice.nanoseconds = Clock.now() - start
    return slice
  }

  private func write(
    _ bytes: [UInt8], _ file: borrowing File, at offset: Int, _ slice: inout DiskSlice
  ) throws(SystemError) {
    try file.write(bytes, at: offset)
    slice.note(written: bytes.count)
  }
}
