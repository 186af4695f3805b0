import Basics
import CPerfEvents
import Glibc

/// The kernel events of one process: of each of its threads, on each processor, all records of a
/// processor in one ring.
///
/// Events belong to threads and not to processors, because a clock that follows its thread also
/// counts spells of a few microseconds, which a machine that mostly sleeps is full of. Threads
/// born later inherit the events of the thread that made them.
final class ProcessEvents {
  /// What is to be recorded, and how densely.
  struct Plan {
    var hertz = 997
    var stackBytes = 32_768
    /// Switches are many, and the stacks of waiting threads are short.
    var waitStackBytes = 16_384
    var watchesWaits = true
  }

  let plan: Plan
  private(set) var layouts = EventLayouts()
  /// Where the payload of a waking says who is woken and whether an interrupt did it.
  private(set) var wakingFields: WakingFields?
  private let pid: Int32
  private let processors = Int32(ProcessorCount.online)
  private let tracepoint: Tracepoint?
  private var events: [OpenEvent] = []
  private var rings: [Ring] = []
  private var covered: Set<Int32> = []

  private final class OpenEvent {
    let kind: EventKind
    let descriptor: EventDescriptor

    init(_ kind: EventKind, _ attributes: vb_event_attributes, _ pid: Int32, _ cpu: Int32)
      throws(SystemError)
    {
      self.kind = kind
      descriptor = try EventDescriptor(attributes, pid: pid, cpu: cpu)
    }
  }

  private final class Ring {
    let ring: EventRing

    init(_ descriptor: Int32, _ bytes: Int) throws(SystemError) {
      ring = try EventRing(descriptor: descriptor, dataBytes: bytes)
    }
  }

  init(pid: Int32, plan: Plan) throws(SamplingError) {
    self.pid = pid
    self.plan = plan
    tracepoint = plan.watchesWaits ? Tracepoint("sched/sched_waking") : nil
    wakingFields = tracepoint.flatMap(WakingFields.init)
    do throws(SystemError) {
      for cpu in 0..<processors {
        let first = try open(.sideband, EventAttributes.sideband(), pid, cpu)
        rings.append(try Ring(first.descriptor.number, plan.watchesWaits ? 8 << 20 : 4 << 20))
        // Births must be seen while the other events are being opened.
        try first.descriptor.enable()
      }
      try watchWakings()
    } catch { throw Self.reason(error, pid) }
  }

  /// Opens the events of a thread, unless it has them; a thread that is gone has none.
  func cover(_ tid: Int32) throws(SamplingError) {
    guard covered.insert(tid).inserted else { return }
    do throws(SystemError) {
      for cpu in 0..<processors {
        if tid != pid {
          try add(.sideband, EventAttributes.sideband(), tid, cpu).descriptor.enable()
        }
        try addClock(tid, cpu)
        if plan.watchesWaits { try add(.switchOut, EventAttributes.switchOut(waits), tid, cpu) }
      }
    } catch {
      if error.code == ESRCH { return }
      throw Self.reason(error, tid)
    }
  }

  /// Lets go of what was only needed to see births: each event costs time at every switch.
  func seal() {
    events.removeAll { $0.kind == .sideband && !owners.contains($0.descriptor.number) }
  }

  private var owners: Set<Int32> { Set(rings.map { $0.ring.descriptor }) }

  /// A thread was born of one that is covered, and has inherited its events.
  func inherit(_ tid: Int32) { covered.insert(tid) }

  func enable() { for event in events { try? event.descriptor.enable() } }

  func disable() { for event in events { try? event.descriptor.disable() } }

  /// Nanoseconds that the clocks of all threads counted, whether or not a sample came of them.
  func countedCPU() -> UInt64 {
    events.filter { $0.kind == .cpuClock }.reduce(0) {
      $0 &+ ((try? $1.descriptor.count()) ?? 0)
    }
  }

  /// From now on only every n-th switch is recorded with its stack.
  func thinOut(to period: UInt64) {
    for event in events where event.kind == .switchOut {
      _ = vb_event_set_period(event.descriptor.number, period)
    }
    for event in events where event.kind == .waking { try? event.descriptor.disable() }
  }

  /// Hands over all records that are there.
  func drain(_ body: ([UInt8], Range<Int>) -> Void) {
    for ring in rings { ring.ring.drain(body) }
  }

  // MARK: - Opening

  private var clock: EventAttributes.Sampling {
    EventAttributes.Sampling(
      period: UInt64(1_000_000_000 / max(1, plan.hertz)), stackBytes: plan.stackBytes)
  }

  private var waits: EventAttributes.Sampling {
    EventAttributes.Sampling(period: 1, stackBytes: plan.waitStackBytes)
  }

  /// Wakings are watched on whole processors: a timer or a disk wakes in an interrupt, which is no
  /// thread's.
  ///
  /// Where that is not allowed, the time between a waking and running is part of the wait.
  private func watchWakings() throws(SystemError) {
    guard let tracepoint, wakingFields != nil else { return }
    let attributes = EventAttributes.waking(waits, tracepoint: tracepoint.number)
    for cpu in 0..<processors {
      do throws(SystemError) {
        let event = try add(.waking, attributes, -1, cpu)
        // Threads are younger than their process, so older ones need not be looked at.
        // SAFETY: the kernel copies the text during the call.
        _ = unsafe vb_event_set_filter(event.descriptor.number, "pid>=\(pid)")
      } catch {
        if !error.isPermission { throw error }
      }
    }
  }

  private func addClock(_ tid: Int32, _ cpu: Int32) throws(SystemError) {
    if covered.count == 1, cpu == 0 {
      layouts.clockCarriesCount = true
      let attributes = EventAttributes.cpuClock(clock, withCount: true)
      do throws(SystemError) {
        try add(.cpuClock, attributes, tid, cpu)
        return
      } catch {
        if error.code != EINVAL { throw error }
        layouts.clockCarriesCount = false
      }
    }
    let attributes = EventAttributes.cpuClock(clock, withCount: layouts.clockCarriesCount)
    try add(.cpuClock, attributes, tid, cpu)
  }

  @discardableResult
  private func add(
    _ kind: EventKind, _ attributes: vb_event_attributes, _ tid: Int32, _ cpu: Int32
  ) throws(SystemError) -> OpenEvent {
    let event = try open(kind, attributes, tid, cpu)
    try event.descriptor.redirect(to: rings[Int(cpu)].ring.descriptor)
    return event
  }

  private func open(
    _ kind: EventKind, _ attributes: vb_event_attributes, _ tid: Int32, _ cpu: Int32
  ) throws(SystemError) -> OpenEvent {
    let event = try OpenEvent(kind, attributes, tid, cpu)
    layouts.add(try event.descriptor.identifier(), kind)
    events.append(event)
    return event
  }

  private static func reason(_ error: SystemError, _ pid: Int32) -> SamplingError {
    switch error.code {
    case EACCES, EPERM, ENOSYS:
      let text = try? FileSystem.text(of: "/proc/sys/kernel/perf_event_paranoid")
      let paranoid = text.flatMap { Int($0.filter { $0.isNumber || $0 == "-" }) }
      return .notPermitted(paranoid: paranoid, reason: SystemError.text(of: error.code))
    case ESRCH: return .noSuchProcess(pid)
    case EMFILE, ENFILE: return .tooManyEvents
    default: return .system("\(error)")
    }
  }
}

/// Reads who is woken from the payload of `sched_waking`.
struct WakingFields {
  private let wakee: Int

  init?(_ tracepoint: Tracepoint) {
    guard let offset = tracepoint.offset(of: "pid") else { return nil }
    wakee = offset
  }

  func wakee(in bytes: [UInt8], _ payload: Range<Int>) -> Int32? {
    guard payload.count >= wakee + 4 else { return nil }
    var reader = RecordBytes(bytes, (payload.lowerBound + wakee)..<payload.upperBound)
    return try? reader.integer()
  }

  /// An interrupt wakes in the name of whoever happens to run: a bystander.
  static func isInterrupt(_ bytes: [UInt8], _ payload: Range<Int>) -> Bool {
    payload.count > 2 && bytes[payload.lowerBound + 2] & 0x18 != 0
  }
}
