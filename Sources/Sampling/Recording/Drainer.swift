import Basics
import Glibc
import Synchronization

/// Reads the rings of the watched processes and turns records into sums, on a thread of its own.
///
/// Used by the thread that made it before `run` begins and after it ended, by that thread between.
final class Drainer: @unchecked Sendable {
  let isStopping = Atomic<Bool>(false)
  let events: EventSet
  private let plan: RecordingPlan
  private let processes = ProcessTable()
  private var parser: RecordParser
  private var table = StackTable()
  private var cpu = CPULedger()
  private var named = CPULedger()
  private var waits = WaitLedger(start: 0)
  private var timeline: TimelineLedger?
  private var governor: Governor
  private var calls: CallLedger?
  private var callGovernor = CallGovernor()
  private var spool = RecordSpool()
  private var quality = RecordingQuality()
  private var names: [Int32: String] = [:]
  private var futexes = FutexFrames()
  private var start: UInt64 = .max

  struct Result {
    let table: StackTable
    let common: CommonSpace
    let owners: [ProcessTable.Owner]
    let programs: [Int: String]
    let processNames: [Int32: String]
    let cpu: CPULedger
    let named: CPULedger
    let waits: WaitLedger
    let timeline: TimelineLedger?
    let calls: CallLedger?
    let threads: Threads.Table
    let quality: RecordingQuality
  }

  /// How often the rings are emptied; they hold the stacks of a few hundred switches.
  private static let pause: UInt32 = 10_000
  /// What records may take until they are unwound, where that is put off.
  private static let spoolBytes = 256 << 20
  /// How old a record is at least that is surely in its ring: the kernel takes the time first.
  private static let margin: UInt64 = 200_000

  init(
    targets: [RecordingTarget], plan: RecordingPlan, acceptsUserOnly: Bool
  ) throws(SamplingError) {
    self.plan = plan
    governor = Governor(fixed: plan.switchPeriod)
    events = try EventSet(
      pids: targets.map(\.pid), plan: plan, acceptsUserOnly: acceptsUserOnly)
    parser = RecordParser(layouts: events.layouts)
    for (index, target) in targets.enumerated() {
      do throws(SystemError) { try processes.attach(target, at: index) } catch {
        throw error.isPermission ? .hidden(target.pid) : .noSuchProcess(target.pid)
      }
      names.merge(Threads.names(of: target.pid)) { known, _ in known }
    }
    if plan.watchesCalls { calls = CallLedger(held: targets.filter(\.isHeld).map(\.pid)) }
    try coverAll(targets.map(\.pid))
  }

  /// A thread that is born while we open events has inherited them if its maker was covered by
  /// then; the record of its birth tells.
  private func coverAll(_ pids: [Int32]) throws(SamplingError) {
    for _ in 0..<8 {
      let before = pids.flatMap(Threads.of)
      for tid in before { try events.cover(tid) }
      parser = RecordParser(layouts: events.layouts)
      events.rings.drain(until: .max) { bytes, range in
        guard let record = try? parser.parse(bytes, range) else { return }
        if case .born(let birth) = record { events.inherit(birth.tid) }
        keepBooks(record)
      }
      if Set(pids.flatMap(Threads.of)).isSubset(of: before) { break }
    }
    events.seal()
  }

  func begin(at start: UInt64) {
    self.start = start
    waits = WaitLedger(start: start)
    if plan.keepsTimeline { timeline = TimelineLedger(start: start) }
    calls?.begin(at: start, underWay: CallsUnderWay.of(processes.pids))
    events.enable()
  }

  func end() { events.disable() }

  func run() {
    let began = Clock.threadCPU()
    while !isStopping.load(ordering: .acquiring) {
      round(until: Clock.now() - Self.margin)
      govern(Clock.now())
      if let begun = calls?.entered, let spacing = callGovernor.decide(Clock.now(), calls: begun) {
        events.spaceStacks(spacing)
      }
      usleep(Self.pause)
    }
    round(until: .max)
    quality.recorderCPUSeconds = Double(Clock.threadCPU() - began) / 1e9
  }

  /// Where no switch has its stack, there is nothing to thin out.
  private func govern(_ now: UInt64) {
    guard plan.watchesWaits, events.sight == .all,
      let period = governor.decide(now, switches: waits.switches + spool.switches)
    else { return }
    events.thinOut(to: period)
    replay()
    waits.spacing = period
    quality.switchPeriod = max(quality.switchPeriod, Int(period))
  }

  /// What was seen until `end`; the thread of `run` has ended.
  func result(at end: UInt64) -> Result {
    replay()
    waits.finish(at: end)
    timeline?.finish(at: end)
    calls?.finish(at: end)
    for (clock, count) in events.finalCounts() {
      cpu.finish(clock, at: count, period: UInt64(1_000_000_000 / max(1, plan.hertz)))
    }
    quality.count(cpu)
    quality.lateRecords = events.rings.late
    quality.countedCPUSeconds = Double(events.countedCPU()) / 1e9
    return Result(
      table: table, common: processes.common, owners: processes.owners,
      programs: processes.programs, processNames: processes.names, cpu: cpu, named: named,
      waits: waits, timeline: timeline, calls: calls,
      threads: Threads.Table(
        names: names, targets: processes.targets, processes: processes.pids),
      quality: quality)
  }

  // MARK: - Records

  private func round(until end: UInt64) {
    events.rings.drain(until: end) { bytes, range in
      guard let record = try? parser.parse(bytes, range) else { return }
      if plan.defersStacks { spool.keep(record, bytes, range) } else { look(at: record, bytes) }
    }
    if spool.byteCount > Self.spoolBytes { replay() }
  }

  private func replay() { spool.empty(look) }

  private func look(at record: PerfRecord, _ bytes: [UInt8]) {
    if case .sample(let sample) = record { take(sample, bytes) } else { keepBooks(record) }
  }

  /// Follows what processes there are, what lies in their memory, and which thread runs.
  private func keepBooks(_ record: PerfRecord) {
    switch record {
    case .switched(let change) where processes[change.pid] != nil:
      let event: Moment.Event =
        change.direction == .entered ? .entered : .left(isPreempted: change.direction == .preempted)
      tell(Moment(time: change.time, tid: change.tid, event: event))
    case .mapping(let mapping): processes.mapped(mapping)
    case .named(let naming) where processes[naming.pid] != nil: name(naming)
    case .born(let birth) where processes.born(birth):
      events.inherit(birth.tid)
      if let name = names[birth.parentTid] { names[birth.tid] = name }
      tell(Moment(time: birth.time, tid: birth.tid, event: .born))
      calls?.born(birth.tid)
    case .died(let pid, let tid, let time) where processes[pid] != nil:
      tell(Moment(time: time, tid: tid, event: .died))
      calls?.died(tid, at: time)
      processes.died(pid: pid, tid: tid)
    case .lost(let count): quality.lostRecords += Int(clamping: count)
    case .throttled: quality.throttledRecords += 1
    default: break
    }
  }

  private func tell(_ moment: Moment) {
    waits.take(moment)
    timeline?.take(moment)
  }

  private func name(_ naming: PerfRecord.Naming) {
    names[naming.tid] = naming.name
    if naming.isExec {
      processes.executed(naming.pid, as: naming.name)
      calls?.executed(naming.tid)
    } else if naming.pid == naming.tid {
      processes.named(naming.pid, naming.name)
    }
  }

  private func take(_ sample: PerfRecord.Sample, _ bytes: [UInt8]) {
    let process = processes[sample.pid]
    switch sample.kind {
    case .cpuClock:
      guard let process, sample.time >= start else { return }
      let stack = place(sample, process, bytes, isCPU: true)
      cpu.add(
        stack, of: CPULedger.Clock(tid: sample.tid, cpu: sample.cpu), period: sample.period,
        count: sample.count)
      calls?.ran(sample.tid, nanoseconds: sample.period)
    case .switchOut:
      guard let process else { return }
      let stack = place(sample, process, bytes, isCPU: false)
      tell(Moment(time: sample.time, tid: sample.tid, event: .stack(stack)))
    case .waking, .strangersWaking:
      guard let wakee = events.wakingFields?.wakee(in: bytes, sample.raw),
        processes.owns(thread: wakee)
      else { return }
      // An interrupt wakes in the name of whoever happens to run: a bystander.
      let waker =
        sample.kind == .strangersWaking || WakingFields.isInterrupt(bytes, sample.raw)
        ? nil : process.map { place(sample, $0, bytes, isCPU: false) }
      let wakerTid = waker == nil ? nil : sample.tid
      tell(Moment(time: sample.time, tid: wakee, event: .woken(by: waker), wakerTid: wakerTid))
    case .named:
      guard let process, sample.time >= start else { return }
      named.add(
        place(sample, process, bytes, isCPU: false),
        of: CPULedger.Clock(tid: sample.tid, cpu: sample.cpu),
        period: plan.event?.period ?? 1, count: nil)
    case .callEntered, .callLeft, .callStack: takeCall(sample, bytes)
    case .sideband: break
    }
  }

  private func takeCall(_ sample: PerfRecord.Sample, _ bytes: [UInt8]) {
    guard let fields = events.callFields else { return }
    switch sample.kind {
    case .callLeft:
      guard let end = fields.leftCall(in: bytes, sample.raw) else { return }
      calls?.left(end.call, answer: end.answer, sample.tid, at: sample.time)
    case .callStack(let spacing):
      guard let call = fields.enteredCall(in: bytes, sample.raw),
        let process = processes[sample.pid]
      else { return }
      let stack = place(sample, process, bytes, isCPU: false)
      calls?.saw(stack, of: call, sample.tid, at: sample.time, spacing: spacing)
    default:
      guard let call = fields.enteredCall(in: bytes, sample.raw) else { return }
      calls?.entered(call, sample.tid, at: sample.time)
    }
  }

  private func place(
    _ sample: PerfRecord.Sample, _ process: ProcessTable.Process, _ bytes: [UInt8], isCPU: Bool
  ) -> StackID {
    let record = SampleRecord(sample, in: bytes)
    let unwinder = try? processes.unwinder(of: process)
    let (frames, ending) = unwinder?.walk(record) ?? ([], .broken)
    if isCPU { quality.count(ending) }
    return table.place(
      StackTable.Stack(
        owner: process.owner, kernel: record.kernelFrames,
        user: processes.common(frames, of: process),
        isTruncated: ending == .truncated,
        futex: sample.kind == .switchOut ? futexes.word(of: record) : 0))
  }
}
