package import Basics

/// Asks a disk all that `DiskTask` knows, in rounds.
///
/// Each round asks everything once and begins with another task, so that a burst of somebody else
/// hits all of them and not the one that happened to be asked. A round's values are one
/// observation; how far rounds lie apart is how far the disk can be told.
package struct DiskMeasurement: ~Copyable {
  private let plan: Plan
  private let writers: DiskWriters
  private let readers: DiskReaders
  private let device: BlockDevice?
  private let isStopped: @Sendable () -> Bool
  private var outcome = Outcome()
  /// Bytes a second of the last stream, to choose the length of the next.
  private var streamRate: Double

  package struct Plan: Sendable {
    package var seconds: Double
    package var rounds: Int
    /// Of the file that is read, and at most of one that is written.
    package var fileBytes: Int

    /// The least that tells anything about a disk.
    package static let fileBytesMin = 8 << 20

    /// For so long, within the room there is.
    ///
    /// Nine rounds are the fewest of which the best and the worst may be left out.
    package init(seconds: Double, freeBytes: Int, rounds: Int = 9) {
      self.seconds = seconds
      self.rounds = rounds
      let wished = min(128 << 20, max(Self.fileBytesMin, Int(seconds * 8) << 20))
      let room = max(Self.fileBytesMin, freeBytes / 8)
      fileBytes = min(wished, room) / DiskTask.chunkBytes * DiskTask.chunkBytes
    }

    /// The file that is read, and eight logs of a quarter of it with the zeros ahead of them.
    package var bytesNeeded: Int { fileBytes * 4 }

    /// A fifth is left for what stands around the slices.
    fileprivate var sliceNanoseconds: UInt64 {
      UInt64(seconds * 0.8e9) / UInt64(rounds * DiskTask.allCases.count)
    }
  }

  package struct Outcome: Sendable {
    package internal(set) var slices: [DiskTask: [DiskSlice]] = [:]
    /// Tasks that cannot be asked here, and why.
    package internal(set) var refused: [DiskTask: String] = [:]
    package internal(set) var flushes: Int?
    package internal(set) var writtenByKernel: (bytes: Int, calls: Int)? = (0, 0)
    package internal(set) var rounds = 0
    package internal(set) var seconds = 0.0
    /// Cores that other processes used meanwhile, and the share of CPU time the host took.
    package internal(set) var othersCPU: Double?
    package internal(set) var stealShare: Double?
  }

  /// Writes the file that will be read.
  ///
  /// The folder is an empty one of ours, and whoever made it removes it. `isStopped` is asked
  /// between operations; what was begun is ended.
  package init(
    in folder: String, _ plan: Plan, device: BlockDevice?,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(SystemError) {
    let writers = DiskWriters(
      folder: folder, logBytesMax: plan.fileBytes / 4, isStopped: isStopped)
    let path = "\(folder)/read"
    let first = try writers.stream(bytes: plan.fileBytes, to: path)
    let readers = try DiskReaders(path: path, isStopped: isStopped)
    self.plan = plan
    self.device = device
    self.isStopped = isStopped
    self.writers = writers
    self.readers = readers
    streamRate = Double(first.bytes) / first.seconds
  }

  /// All rounds, or those until somebody stopped it.
  package consuming func run(_ progress: (Double) -> Void) throws(SystemError) -> Outcome {
    let (start, load) = (Clock.now(), SystemLoad.now())
    let tasks = DiskTask.allCases
    for round in 0..<plan.rounds {
      for place in tasks.indices {
        if isStopped() { return outcome }
        progress(Double(round * tasks.count + place) / Double(plan.rounds * tasks.count))
        try ask(tasks[(place + round) % tasks.count], round)
      }
      outcome.rounds += 1
    }
    outcome.seconds = Double(Clock.now() - start) / 1e9
    if let load, let later = SystemLoad.now() {
      outcome.othersCPU = load.othersCPU(until: later)
      outcome.stealShare = load.stealShare(until: later)
    }
    return outcome
  }

  private mutating func ask(_ task: DiskTask, _ round: Int) throws(SystemError) {
    if outcome.refused[task] != nil { return }
    let (counters, flushes) = (ProcessCounters.now(), device?.flushes)
    do throws(SystemError) {
      let slice = try carryOut(task, round)
      audit(slice, ProcessCounters.now().since(counters))
      if task == .commit, let flushes, let later = device?.flushes {
        outcome.flushes = (outcome.flushes ?? 0) + later - flushes
      }
      outcome.slices[task, default: []].append(slice)
    } catch {
      guard task.isDirect, error.isInvalid else { throw error }
      outcome.refused[task] = "this file system takes no O_DIRECT"
    }
  }

  private mutating func carryOut(
    _ task: DiskTask, _ round: Int
  ) throws(SystemError) -> DiskSlice {
    let time = plan.sliceNanoseconds
    switch task {
    case .commit, .four, .eight:
      return try writers.commit(writers: task.writers, grows: false, nanoseconds: time)
    case .growing: return try writers.commit(writers: 1, grows: true, nanoseconds: time)
    case .write: return try stream(time)
    case .scan, .directScan: return try readers.scan(direct: task.isDirect, nanoseconds: time)
    case .pick, .directPick:
      return try readers.pick(direct: task.isDirect, nanoseconds: time, seed: UInt64(round))
    }
  }

  /// As much as the last one suggests for the time, so that a slow disk is not kept for minutes.
  private mutating func stream(_ nanoseconds: UInt64) throws(SystemError) -> DiskSlice {
    let path = "\(writers.folder)/stream"
    defer { try? FileSystem.remove(path) }
    let wished = Int(min(streamRate * Double(nanoseconds) / 1e9, Double(plan.fileBytes)))
    let slice = try writers.stream(bytes: max(wished, DiskTask.chunkBytes), to: path)
    streamRate = Double(slice.bytes) / slice.seconds
    return slice
  }

  /// The kernel counts what this process writes; it must be what we think we wrote.
  private mutating func audit(_ slice: DiskSlice, _ counted: ProcessCounters) {
    guard let sums = outcome.writtenByKernel,
      let bytes = counted.values["write_bytes_asked"], let calls = counted.values["write_calls"]
    else {
      outcome.writtenByKernel = nil
      return
    }
    outcome.writtenByKernel = (sums.bytes + bytes, sums.calls + calls)
  }
}
