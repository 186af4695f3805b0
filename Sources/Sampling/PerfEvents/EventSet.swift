import Basics
import CPerfEvents
import Glibc

/// The kernel events of the watched processes, all records of a processor in one ring.
///
/// What a thread waits for is watched on the thread, and what it starts inherits that. Its CPU is
/// watched on the thread too, because a clock that follows its thread also counts spells of a few
/// microseconds, which a machine that mostly sleeps is full of; or on the processors, for programs
/// whose threads do not live long enough to be sampled by clocks of their own.
final class EventSet {
  /// How much of the machine this user may see.
  enum Sight { case all, userOnly }

  private(set) var layouts = EventLayouts()
  /// Where the payload of a waking says who is woken and whether an interrupt did it.
  private(set) var wakingFields: WakingFields?
  /// Where the payloads of the system calls say which call it is.
  private(set) var callFields: CallFields?
  private var callSpacing = StackSpacing.some
  private(set) var sight = Sight.all
  let rings = RingSet()
  private let plan: RecordingPlan
  private let processors = Int32(ProcessorCount.online)
  private let tracepoint: Tracepoint?
  private var events: [OpenEvent] = []
  private var counters: [EventDescriptorBox] = []
  private var covered: Set<Int32> = []
  private var hasHeirs = false

  private final class OpenEvent {
    let kind: EventKind
    /// Whose event it is, and on which processor.
    let clock: CPULedger.Clock
    let descriptor: EventDescriptor

    init(_ kind: EventKind, _ attributes: vb_event_attributes, _ pid: Int32, _ cpu: Int32)
      throws(SystemError)
    {
      self.kind = kind
      clock = CPULedger.Clock(tid: pid, cpu: UInt32(bitPattern: cpu))
      descriptor = try EventDescriptor(attributes, pid: pid, cpu: cpu)
    }
  }

  private final class EventDescriptorBox {
    let descriptor: EventDescriptor

    init(_ descriptor: consuming EventDescriptor) { self.descriptor = descriptor }
  }

  /// Opens what belongs to the whole: the rings, and the events of processors.
  ///
  /// No record of a process older than `pids` matters. `acceptsUserOnly` goes on without the
  /// kernel's part where that is refused.
  init(pids: [Int32], plan: RecordingPlan, acceptsUserOnly: Bool) throws(SamplingError) {
    self.plan = plan
    tracepoint = plan.watchesWaits ? Tracepoint("sched/sched_waking") : nil
    wakingFields = tracepoint.flatMap(WakingFields.init)
    if plan.watchesCalls {
      callFields = CallFields()
      if callFields == nil { throw .noTracepoints }
    }
    let first = pids.first ?? getpid()
    if acceptsUserOnly, !Self.seesKernel(first) { sight = .userOnly }
    do throws(SystemError) {
      for cpu in 0..<processors {
        let owner =
          plan.scope == .processors
          ? try open(.cpuClock, EventAttributes.cpuClock(clock, wholeProcessor: true), -1, cpu)
          : try open(.sideband, sideband, first, cpu)
        try rings.add(
          descriptor: owner.descriptor.number,
          dataBytes: ringBytes)
        // Births must be seen while the other events are being opened.
        try owner.descriptor.enable()
      }
      if callFields != nil { try addStackRings(first) }
      try watchWakings(since: pids.min() ?? first)
    } catch { throw Self.reason(error, first) }
  }

  /// Opens the events of a thread, unless it has them; a thread that is gone has none.
  func cover(_ tid: Int32) throws(SamplingError) {
    guard covered.insert(tid).inserted else { return }
    do throws(SystemError) {
      for cpu in 0..<processors {
        if plan.scope == .threads {
          try add(.sideband, sideband, tid, cpu).descriptor.enable()
          if plan.watchesCPU { try addClock(tid, cpu) }
        }
        if let event = plan.event { try addNamed(event, tid, cpu) }
        if let callFields { try addCalls(callFields, tid, cpu) }
        if plan.watchesWaits { try add(.switchOut, EventAttributes.switchOut(waits), tid, cpu) }
      }
      if plan.scope == .processors {
        let counter = try EventDescriptor(
          EventAttributes.countedCPU(excludeKernel: sight == .userOnly), pid: tid, cpu: -1)
        counters.append(EventDescriptorBox(counter))
      }
    } catch {
      if error.code == ESRCH { return }
      if let event = plan.event, [ENOENT, EOPNOTSUPP, ENODEV].contains(error.code) {
        throw .notSupported(event.name.spelling)
      }
      throw Self.reason(error, tid)
    }
  }

  /// Lets go of what was only needed to see births: each event costs time at every switch.
  func seal() {
    let owners = rings.owners
    events.removeAll { $0.kind == .sideband && !owners.contains($0.descriptor.number) }
  }

  /// A thread was born of one that is covered, and has inherited its events.
  func inherit(_ tid: Int32) {
    covered.insert(tid)
    hasHeirs = true
  }

  func enable() {
    for event in events where isWanted(event.kind) { try? event.descriptor.enable() }
    for counter in counters { try? counter.descriptor.enable() }
  }

  func disable() {
    for event in events { try? event.descriptor.disable() }
    for counter in counters { try? counter.descriptor.disable() }
  }

  /// Nanoseconds that the clocks of all threads counted, whether or not a sample came of them.
  func countedCPU() -> UInt64 {
    if plan.scope == .processors {
      return counters.reduce(0) { $0 &+ ((try? $1.descriptor.count()) ?? 0) }
    }
    return events.filter { $0.kind == .cpuClock }.reduce(0) {
      $0 &+ ((try? $1.descriptor.count()) ?? 0)
    }
  }

  /// What each thread's clocks have counted; nothing where heirs count into those of their makers.
  func finalCounts() -> [(clock: CPULedger.Clock, count: UInt64)] {
    guard layouts.clockCarriesCount, !hasHeirs else { return [] }
    return events.filter { $0.kind == .cpuClock }.compactMap { event in
      (try? event.descriptor.count()).map { (event.clock, $0) }
    }
  }

  /// From now on only every n-th switch, and every n-th waking by a thread, is recorded with its
  /// stack; what has no stack is cheap, and still comes each time.
  func thinOut(to period: UInt64) {
    for event in events where Self.isThinnedOut(event.kind) {
      _ = vb_event_set_period(event.descriptor.number, period)
    }
  }

  /// From now on one system call in so many is recorded with its stack.
  func spaceStacks(_ spacing: StackSpacing) {
    callSpacing = spacing
    for event in events {
      guard case .callStack = event.kind else { continue }
      try? isWanted(event.kind) ? event.descriptor.enable() : event.descriptor.disable()
    }
  }

  /// How often a system call began, whether or not its record found room.
  func countedCalls() -> UInt64 {
    events.filter { $0.kind == .callEntered }.reduce(0) {
      $0 &+ ((try? $1.descriptor.count()) ?? 0)
    }
  }

  private static func isThinnedOut(_ kind: EventKind) -> Bool {
    kind == .switchOut || kind == .waking
  }

  private func isWanted(_ kind: EventKind) -> Bool {
    if case .callStack(let spacing) = kind { return spacing == callSpacing }
    return true
  }

  // MARK: - Opening

  /// Room for a tenth of a second of what may come: CPU samples, switches, a flood of calls.
  private var ringBytes: Int {
    plan.watchesCalls ? 16 << 20 : plan.watchesWaits ? 8 << 20 : 4 << 20
  }

  private var clock: EventAttributes.Sampling {
    EventAttributes.Sampling(
      period: UInt64(1_000_000_000 / max(1, plan.hertz)), stackBytes: plan.stackBytes,
      excludeKernel: sight == .userOnly)
  }

  private var sideband: vb_event_attributes {
    EventAttributes.sideband(excludeKernel: sight == .userOnly)
  }

  private var waitStackBytes: Int { min(plan.stackBytes, plan.waitStackBytes) }

  private var waits: EventAttributes.Sampling {
    EventAttributes.Sampling(
      period: 1, stackBytes: waitStackBytes, excludeKernel: sight == .userOnly)
  }

  /// Whether the kernel's part of this thread may be sampled.
  private static func seesKernel(_ tid: Int32) -> Bool {
    let sampling = EventAttributes.Sampling(period: 1_000_000, stackBytes: 0)
    do throws(SystemError) {
      _ = try EventDescriptor(EventAttributes.cpuClock(sampling), pid: tid, cpu: 0)
      return true
    } catch { return !error.isPermission }
  }

  /// Wakings are watched on whole processors: a timer or a disk wakes in an interrupt, which is no
  /// thread's.
  ///
  /// Where that is not allowed, the time between a waking and running is part of the wait.
  private func watchWakings(since pid: Int32) throws(SystemError) {
    guard let tracepoint, wakingFields != nil else { return }
    for cpu in 0..<processors {
      for kind in [EventKind.waking, .strangersWaking] {
        let attributes = EventAttributes.waking(kind, waits, tracepoint: tracepoint.number)
        do throws(SystemError) {
          let event = try add(kind, attributes, -1, cpu)
          try event.descriptor.keepOnly(WakingFields.filter(kind, since: pid))
        } catch {
          if !error.isPermission { throw error }
        }
      }
    }
  }

  private func addNamed(_ event: NamedEvent, _ tid: Int32, _ cpu: Int32) throws(SystemError) {
    let sampling = EventAttributes.Sampling(
      period: event.period, stackBytes: plan.stackBytes, excludeKernel: sight == .userOnly)
    try add(.named, EventAttributes.named(event.name, sampling), tid, cpu)
  }

  /// Rings for the stacks of system calls alone, behind those of the processors.
  ///
  /// A stack takes as much room as a hundred calls: when they come too fast, stacks are lost and no
  /// call is.
  private func addStackRings(_ pid: Int32) throws(SystemError) {
    for cpu in 0..<processors {
      let owner = try open(.sideband, EventAttributes.silent(), pid, cpu)
      try rings.add(descriptor: owner.descriptor.number, dataBytes: 8 << 20)
    }
  }

  private func addCalls(_ fields: CallFields, _ tid: Int32, _ cpu: Int32) throws(SystemError) {
    func add(
      _ kind: EventKind, _ tracepoint: UInt64, period: UInt64, ring: Int32? = nil
    ) throws(SystemError) {
      let sampling = EventAttributes.Sampling(period: period, stackBytes: waitStackBytes)
      try self.add(
        kind, EventAttributes.call(kind, tracepoint: tracepoint, sampling), tid, cpu, ring: ring)
    }
    try add(.callEntered, fields.entering, period: 1)
    try add(.callLeft, fields.leaving, period: 1)
    let stackRing = processors + cpu
    for spacing in StackSpacing.allCases {
      try add(.callStack(spacing), fields.entering, period: spacing.rawValue, ring: stackRing)
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
    _ kind: EventKind, _ attributes: vb_event_attributes, _ tid: Int32, _ cpu: Int32,
    ring: Int32? = nil
  ) throws(SystemError) -> OpenEvent {
    let event = try open(kind, attributes, tid, cpu)
    try event.descriptor.redirect(to: rings.owner(of: ring ?? cpu))
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
