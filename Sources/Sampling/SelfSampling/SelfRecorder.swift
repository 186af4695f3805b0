import Basics
import CSelfSampler
import FoundationEssentials
import Glibc
import Synchronization

/// Watches the process it is part of, where the kernel lets nobody watch from outside.
///
/// Each thread has a timer on its own CPU clock, whose signal handler does nothing but copy the
/// registers and the stack; stacks are walked by another process, later. What threads wait for
/// comes from the locks, conditions and syncs that note it themselves. No privilege is needed.
///
/// Invariants: `buffer` and every list in `regions` live until `stop` has returned, for the handler
/// reads and writes them.
@safe package final class SelfRecorder: @unchecked Sendable {
  /// A thread that runs gets a sample at each tick of the kernel, which is the real limit.
  private static let period = max(1_000_000, Clock.tick)
  package static var hertz: Int { Int(1_000_000_000 / period) }
  private static let stackBytes: UInt32 = 16_384
  private static let bufferBytes = 64 << 20
  /// How soon a thread that was born meanwhile gets its timer.
  private static let rescan: UInt64 = 20_000_000

  private let buffer: UnsafeMutablePointer<UInt8>
  private var regions: [Regions] = []
  private var timers: [Int32: Int32] = [:]
  /// What each thread had used when the recording began or the thread was found.
  private var before: [Int32: UInt64] = [:]
  private var names: [Int32: String] = [:]
  private var hasLostThreads = false
  private let isStopping = Atomic<Bool>(false)
  /// What the thread cost that looks for threads; no part of what is watched.
  private let ownCPU = Atomic<UInt64>(0)
  private var helper: RunningThread?
  private var started: UInt64 = 0
  private var startedWall: UInt64 = 0
  private var startedCPU: UInt64 = 0

  package init() throws(SamplingError) {
    // SAFETY: a fresh private mapping; only the pages that are written to take memory.
    let memory = unsafe mmap(
      nil, Self.bufferBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
      -1, 0)
    guard unsafe memory != MAP_FAILED, let memory = unsafe memory else {
      throw .system("There is no memory for samples: \(SystemError.text(of: errno)).")
    }
    unsafe buffer = memory.assumingMemoryBound(to: UInt8.self)
  }

  deinit {
    // SAFETY: unmaps exactly what init mapped; the handler is off since `stop`.
    unsafe munmap(buffer, Self.bufferBytes)
  }

  package func start() throws(SamplingError) {
    refreshRegions()
    // SAFETY: the buffer lives as long as self, which its owner keeps until after `stop`.
    let code = unsafe vb_self_begin(buffer, Self.bufferBytes, Self.stackBytes)
    if code != 0 {
      throw .system("Samples cannot be taken by signal: \(SystemError.text(of: -code)).")
    }
    started = Clock.now()
    startedWall = Clock.wall()
    startedCPU = Clock.processCPU()
    let own = Threads.of(getpid())
    for tid in own { watch(tid, before: vb_thread_cpu(tid)) }
    Waits.beginRecording()
    do throws(SystemError) {
      helper = try WorkerThreads.start(name: "self-sampler") { [self] in lookForThreads() }
    } catch { throw .system("\(error)") }
  }

  /// Stops, and leaves what was seen in a folder.
  package func stop(writeTo folder: String) throws(SamplingError) {
    let waits = Waits.endRecording()
    let ended = Clock.now()
    let used = Clock.processCPU() - startedCPU
    isStopping.store(true, ordering: .releasing)
    // Joined first: until then the lists below are the helper's.
    if let helper { WorkerThreads.join(helper) }
    for timer in timers.values { vb_self_unwatch(timer) }
    let charged = used &- ownCPU.load(ordering: .relaxed)
    // A thread that has ended has no clock any more, but the process was charged for it.
    let counted =
      hasLostThreads
      ? charged
      : before.reduce(UInt64(0)) { sum, entry in
        let now = vb_thread_cpu(entry.key)
        return sum + (now > entry.value ? now - entry.value : 0)
      }
    var dropped: UInt64 = 0
    // SAFETY: the count is written to a local.
    let bytes = unsafe vb_self_end(&dropped)
    let maps = (try? FileSystem.text(of: "/proc/self/maps")) ?? ""
    let chosen = ChosenFunctions(pid: getpid(), AddressSpace(maps: maps), ImageCache())
    let record = SelfRecord(
      maps: maps, names: names, chosen: chosen.byAddress, before: before,
      startedWall: startedWall, nanoseconds: ended - started,
      countedNanoseconds: counted,
      processNanoseconds: charged,
      dropped: dropped, period: Self.period, waits: waits)
    do {
      try FileSystem.replace(
        "\(folder)/\(SelfRecord.name)", with: Array(try JSONEncoder().encode(record)))
      // SAFETY: the handler has written that many bytes and will write no more.
      let samples = unsafe Array(UnsafeBufferPointer(start: buffer, count: bytes))
      try FileSystem.replace("\(folder)/\(SelfRecord.samplesName)", with: samples)
    } catch { throw .system("The samples could not be written: \(error)") }
  }

  // MARK: - Threads

  private func lookForThreads() {
    while !isStopping.load(ordering: .acquiring) {
      Clock.sleep(until: Clock.now() + Self.rescan)
      let own = WorkerThreads.currentID()
      let alive = Set(Threads.of(getpid()))
      forget(timers.keys.filter { !alive.contains($0) })
      let found = alive.filter { timers[$0] == nil && $0 != own }.sorted()
      if found.isEmpty { continue }
      refreshRegions()
      for tid in found { watch(tid, before: 0) }
    }
    ownCPU.store(Clock.threadCPU(), ordering: .relaxed)
  }

  /// The system has only so many timers for each user, and those of ended threads count.
  private func forget(_ ended: [Int32]) {
    for tid in ended {
      if let timer = timers.removeValue(forKey: tid) { vb_self_unwatch(timer) }
      hasLostThreads = true
    }
  }

  private func watch(_ tid: Int32, before used: UInt64) {
    var timer: Int32 = 0
    // SAFETY: the timer's number is written to a local.
    guard unsafe vb_self_watch(tid, Self.period, &timer) == 0 else { return }
    timers[tid] = timer
    before[tid] = used
    let text = try? FileSystem.text(of: "/proc/self/task/\(tid)/comm")
    names[tid] = text?.filter { $0 != "\n" }
  }

  /// Tells the handler which memory may be read as a stack.
  private func refreshRegions() {
    guard let text = try? FileSystem.text(of: "/proc/self/maps") else { return }
    let writable = AddressSpace(maps: text).regions.filter(\.isWritable)
    // Kept until the end: a handler may still be reading the one before.
    regions.append(Regions(writable))
    regions.last?.lend()
  }
}

/// A list that a signal handler reads.
///
/// Invariants: `list` holds `count` regions, sorted, from init to deinit.
@safe private final class Regions {
  private let list: UnsafeMutablePointer<vb_self_region>
  private let count: Int

  init(_ regions: [MappedRegion]) {
    count = regions.count
    unsafe list = .allocate(capacity: max(1, count))
    for (index, region) in regions.enumerated() {
      // SAFETY: the index is below the capacity.
      unsafe (list + index).initialize(to: vb_self_region(start: region.start, end: region.end))
    }
  }

  deinit { unsafe list.deallocate() }

  /// Hands it to the handler, which must not outlive it.
  func lend() { unsafe vb_self_set_regions(list, count) }
}
