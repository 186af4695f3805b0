import Basics
import CPerfEvents
import Glibc
import Synchronization

/// Samples one process on all processors, from `start()` to `stop()`.
///
/// Every processor has one event and one ring; a thread of ours drains them, keeps the samples of
/// the process, and unwinds each at once, so that only counted stacks stay in memory. Names are
/// looked up at the end. Nothing in the target is stopped or touched.
package final class ProcessRecorder {
  private let pid: Int32
  private let hertz: Int
  private let space: AddressSpace
  private let images: ImageCache
  private var descriptors: [Int32] = []
  private let shared = Shared()
  private var thread: RunningThread?
  private var startedCPU: UInt64 = 0
  private var started: UInt64 = 0
  private var startedWall: UInt64 = 0

  /// A prime, so that no period of the target keeps step with it.
  ///
  /// High, because a short window on
  /// a machine that is partly idle gives few samples.
  package static let standardHertz = 997

  /// What the draining thread works on; ours again after it is joined.
  private final class Shared: @unchecked Sendable {
    let isStopping = Atomic<Bool>(false)
    var table = StackTable()
    var quality = RecordingQuality()
    var failure: SamplingError?
  }

  /// Opens the events; nothing is sampled yet.
  package init(
    pid: Int32, hertz: Int = ProcessRecorder.standardHertz, stackBytes: Int = 32_768,
    images: ImageCache = ImageCache()
  ) throws(SamplingError) {
    self.pid = pid
    self.images = images
    self.hertz = min(hertz, Self.allowedHertz)
    do throws(SystemError) { space = try AddressSpace(pid: pid) } catch {
      throw .noSuchProcess(pid)
    }
    var attributes = CPUClockEvent.attributes(hertz: self.hertz, stackBytes: stackBytes)
    for processor in 0..<Int32(ProcessorCount.online) {
      // SAFETY: the attributes are read during the call.
      let descriptor = unsafe vb_event_open(&attributes, -1, processor)
      if descriptor < 0 {
        for open in descriptors { close(open) }
        throw Self.refusal(-descriptor)
      }
      descriptors.append(descriptor)
    }
  }

  private static var allowedHertz: Int {
    let text = try? FileSystem.text(of: "/proc/sys/kernel/perf_event_max_sample_rate")
    return text.flatMap { Int($0.prefix { $0.isNumber }) } ?? 100_000
  }

  private static func refusal(_ code: Int32) -> SamplingError {
    let text = try? FileSystem.text(of: "/proc/sys/kernel/perf_event_paranoid")
    let paranoid = text.flatMap { Int($0.filter { $0.isNumber || $0 == "-" }) }
    return .notPermitted(paranoid: paranoid, reason: SystemError.text(of: code))
  }

  /// Whether this machine counts cycles and lets us read them.
  package static var hasHardwareCounters: Bool {
    var attributes = vb_event_attributes()
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = PERF_TYPE_HARDWARE.rawValue
    attributes.config = UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue)
    attributes.disabled = 1
    attributes.exclude_kernel = 1
    // SAFETY: the attributes are read during the call.
    let descriptor = unsafe vb_event_open(&attributes, 0, -1)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }

  /// Whether this user may sample at all here, and if not, why.
  package static func probe() -> SamplingError? {
    do throws(SamplingError) {
      let recorder = try ProcessRecorder(pid: getpid())
      for descriptor in recorder.descriptors { close(descriptor) }
      return nil
    } catch { return error }
  }

  package func start() throws(SamplingError) {
    let (shared, space, pid, images) = (shared, space, pid, images)
    // The rings are made in the thread that drains them; it says when they are there.
    let gate = Gate()
    let opened = descriptors
    do throws(SystemError) {
      thread = try WorkerThreads.start(name: "sampler") {
        Self.drain(opened, shared, space, pid, images, gate)
      }
    } catch { throw .system("\(error)") }
    gate.wait()
    if let failure = shared.failure { throw failure }
    startedCPU = Clock.processCPU(of: pid)
    started = Clock.now()
    startedWall = Clock.wall()
    for descriptor in descriptors { _ = vb_event_enable(descriptor) }
  }

  package func stop() throws(SamplingError) -> Recording {
    for descriptor in descriptors { _ = vb_event_disable(descriptor) }
    let ended = Clock.now()
    let counted = Clock.processCPU(of: pid) &- startedCPU
    let names = Self.threadNames(pid)
    shared.isStopping.store(true, ordering: .releasing)
    if let thread { WorkerThreads.join(thread) }
    if let failure = shared.failure { throw failure }
    let symbols = Symbolicator(space, images)
    let assembler = ProfileAssembler(symbols: symbols, threadNames: names, hertz: hertz)
    let assembled = assembler.assemble(
      shared.table, startNanoseconds: Int64(startedWall),
      durationNanoseconds: Int64(ended - started))
    var quality = shared.quality
    quality.countedCPUSeconds = Double(counted) / 1e9
    quality.windowSeconds = Double(ended - started) / 1e9
    quality.userFrames = assembled.userFrames
    quality.namedUserFrames = assembled.named
    quality.offsetOnlyUserFrames = assembled.offsetOnly
    return Recording(profiles: assembled.profiles, quality: quality)
  }

  // MARK: - The draining thread

  private final class Gate: Sendable {
    private let lock = InstrumentedLock("sampler.gate")
    private let changed = InstrumentedCondition("sampler.gate")
    private let isOpen = Atomic<Bool>(false)

    func open() {
      lock.withLock { isOpen.store(true, ordering: .relaxed) }
      changed.broadcast()
    }

    func wait() {
      lock.withLock {
        while !isOpen.load(ordering: .relaxed) { changed.wait(holding: lock) }
      }
    }
  }

  private static func drain(
    _ descriptors: [Int32], _ shared: Shared, _ space: AddressSpace, _ pid: Int32,
    _ images: ImageCache, _ gate: Gate
  ) {
    let unwinder: StackUnwinder
    do throws(SamplingError) { unwinder = try StackUnwinder(space, images) } catch {
      shared.failure = error
      return gate.open()
    }
    let cpu = Clock.threadCPU()
    do throws(SystemError) {
      try drainRings(descriptors[...], shared, unwinder, pid) { gate.open() }
    } catch {
      shared.failure = .system("\(error)")
      gate.open()
    }
    shared.quality.recorderCPUSeconds = Double(Clock.threadCPU() - cpu) / 1e9
  }

  /// Maps one ring after the other and then drains them all: noncopyable rings live on the stack.
  private static func drainRings(
    _ descriptors: ArraySlice<Int32>, _ shared: Shared, _ unwinder: StackUnwinder, _ pid: Int32,
    ready: () -> Void
  ) throws(SystemError) {
    let rings = try RingSet(descriptors, dataBytes: 4 << 20)
    ready()
    while !shared.isStopping.load(ordering: .acquiring) {
      rings.drain { take($0, $1, shared, unwinder, pid) }
      usleep(10_000)
    }
    rings.drain { take($0, $1, shared, unwinder, pid) }
  }

  private static func take(
    _ kind: UInt32, _ bytes: [UInt8], _ shared: Shared, _ unwinder: StackUnwinder,
    _ pid: Int32
  ) {
    switch kind {
    case UInt32(PERF_RECORD_SAMPLE.rawValue): break
    case UInt32(PERF_RECORD_LOST.rawValue):
      var reader = ByteReader(bytes, from: 8)
      let count: UInt64? = try? reader.integer()
      shared.quality.lostRecords += Int(clamping: count ?? 1)
      return
    case UInt32(PERF_RECORD_THROTTLE.rawValue):
      shared.quality.throttledRecords += 1
      return
    default: return
    }
    guard let sample = SampleRecord(bytes), sample.pid == pid else { return }
    let (frames, ending) = unwinder.walk(sample)
    shared.quality.samples += 1
    shared.quality.sampledCPUSeconds += Double(sample.period) / 1e9
    switch ending {
    case .complete: shared.quality.completeStacks += 1
    case .truncated: shared.quality.truncatedStacks += 1
    case .broken: shared.quality.brokenStacks += 1
    }
    shared.table.add(
      StackTable.Key(
        tid: sample.tid, kernel: sample.kernelFrames, user: frames,
        isTruncated: ending == .truncated),
      nanoseconds: Int64(clamping: sample.period))
  }

  private static func threadNames(_ pid: Int32) -> [Int32: String] {
    var names: [Int32: String] = [:]
    for task in (try? FileSystem.list("/proc/\(pid)/task")) ?? [] {
      guard let tid = Int32(task),
        let text = try? FileSystem.text(of: "/proc/\(pid)/task/\(task)/comm")
      else { continue }
      names[tid] = String(text.filter { $0 != "\n" })
    }
    return names
  }
}

/// The rings of all processors.
private final class RingSet {
  private var rings: [RingBox] = []

  private final class RingBox {
    let ring: EventRing

    init(_ descriptor: Int32, _ bytes: Int) throws(SystemError) {
      ring = try EventRing(descriptor: descriptor, dataBytes: bytes)
    }
  }

  init(_ descriptors: ArraySlice<Int32>, dataBytes: Int) throws(SystemError) {
    for descriptor in descriptors { rings.append(try RingBox(descriptor, dataBytes)) }
  }

  func drain(_ body: (UInt32, [UInt8]) -> Void) {
    for box in rings { box.ring.drain(body) }
  }
}
