import Basics
import Measurement

/// One file, read from the disk and not from the page cache.
///
/// Before each slice the kernel is asked to give the pages up, and then asked what is left: a slice
/// whose pages stayed says so. What the disk itself or a hypervisor keeps can neither be dropped
/// nor seen from here.
struct DiskReaders: ~Copyable {
  let path: String
  let isStopped: @Sendable () -> Bool
  private let bytes: Int
  private let memory: ReservedMemory
  /// More pages than this share make a read no read of the disk.
  private static let keptShareMax = 0.02

  /// The file must be there already, whole chunks long.
  init(path: String, isStopped: @escaping @Sendable () -> Bool) throws(SystemError) {
    let memory = try ReservedMemory(bytes: DiskTask.chunkBytes)
    try memory.commit(DiskTask.chunkBytes)
    self.memory = memory
    self.path = path
    self.isStopped = isStopped
    bytes = FileSystem.size(of: path) ?? 0
  }

  /// From the front, a chunk at a time, until the end or the time is over.
  func scan(direct: Bool, nanoseconds: UInt64) throws(SystemError) -> DiskSlice {
    try fromDisk(direct: direct) { file, slice throws(SystemError) in
      let start = Clock.now()
      let deadline = start + nanoseconds
      while slice.bytes < bytes, slice.bytes == 0 || Clock.now() < deadline, !isStopped() {
        let got = try file.read(into: memory, at: slice.bytes, count: DiskTask.chunkBytes)
        if got == 0 { break }
        slice.bytes += got
        slice.operations += 1
      }
      slice.nanoseconds = Clock.now() - start
    }
  }

  /// Single blocks in random order, none of them twice, for the second time it would be cached.
  func pick(direct: Bool, nanoseconds: UInt64, seed: UInt64) throws(SystemError) -> DiskSlice {
    var random = SeededRandom(seed)
    let order = (0..<bytes / DiskTask.blockBytes).shuffled(using: &random)
    return try fromDisk(direct: direct) { file, slice throws(SystemError) in
      file.expectRandomReads()
      let begin = Clock.now()
      var last = begin
      for block in order where last < begin + nanoseconds {
        if isStopped() { break }
        let start = Clock.now()
        slice.bytes += try file.read(
          into: memory, at: block * DiskTask.blockBytes, count: DiskTask.blockBytes)
        last = Clock.now()
        slice.times.record(last - start)
        slice.operations += 1
      }
      slice.nanoseconds = last - begin
    }
  }

  private func fromDisk(
    direct: Bool,
    _ read: (borrowing File, inout DiskSlice) throws(SystemError) -> Void
  ) throws(SystemError) -> DiskSlice {
    var slice = DiskSlice()
    slice.problem = dropPages()
    try read(try File(path, direct ? .readDirect : .read), &slice)
    if direct, slice.problem == nil, let kept = keptShare, kept > Self.keptShareMax {
      slice.problem = "O_DIRECT was accepted, and the pages were cached all the same"
    }
    return slice
  }

  private var keptShare: Double? {
    guard let left = try? PageCache.residence(of: path), left.pages > 0 else { return nil }
    return Double(left.resident) / Double(left.pages)
  }

  /// Why the pages are still there, if they are.
  private func dropPages() -> String? {
    do throws(SystemError) { try PageCache.drop(path) } catch {
      return "the page cache could not be dropped (\(error.reason))"
    }
    guard let kept = keptShare else { return "nobody could tell whether the pages were dropped" }
    return kept > Self.keptShareMax
      ? "the kernel kept \(Int(kept * 100)) % of the pages" : nil
  }
}
