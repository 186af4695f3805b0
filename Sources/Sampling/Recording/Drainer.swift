import Basics
import Glibc
import Synchronization

/// Reads the rings of a process and turns records into sums, on a thread of its own.
///
/// Used by the thread that made it before `run` begins and after it ended, by that thread between.
final class Drainer: @unchecked Sendable {
  let isStopping = Atomic<Bool>(false)
  let plan: ProcessEvents.Plan
  private let pid: Int32
  private let events: ProcessEvents
  private var parser: RecordParser
  private var table = StackTable()
  private var cpu = CPULedger()
  private var waits = WaitLedger(start: 0)
  private var sorter = MomentSorter()
  private var governor: Governor
  private var quality = RecordingQuality()
  private var names: [Int32: String] = [:]

  struct Result {
    let table: StackTable
    let cpu: CPULedger
    let waits: WaitLedger
    let names: [Int32: String]
    let quality: RecordingQuality
  }

  /// How often the rings are emptied; they hold the stacks of a few hundred switches.
  private static let pause: UInt32 = 10_000

  init(pid: Int32, plan: ProcessEvents.Plan) throws(SamplingError) {
    self.pid = pid
    self.plan = plan
    governor = Governor()
    events = try ProcessEvents(pid: pid, plan: plan)
    parser = RecordParser(layouts: events.layouts)
    // A thread that is born while we open events has inherited them if its maker was covered by
    // then; the record of its birth tells.
    for _ in 0..<8 {
      let before = Threads.of(pid)
      for tid in before { try events.cover(tid) }
      parser = RecordParser(layouts: events.layouts)
      events.drain { bytes, range in
        if case .born(let birth)? = try? parser.parse(bytes, range) { events.inherit(birth.tid) }
      }
      if Set(Threads.of(pid)).isSubset(of: before) { break }
    }
    events.seal()
  }

  func begin(at start: UInt64) {
    waits = WaitLedger(start: start)
    events.enable()
  }

  func end() { events.disable() }

  func run(_ unwinder: StackUnwinder) {
    let began = Clock.threadCPU()
    while !isStopping.load(ordering: .acquiring) {
      round(unwinder)
      if let period = governor.decide(Clock.now(), switches: waits.switches) {
        events.thinOut(to: period)
        quality.switchPeriod = Int(period)
      }
      usleep(Self.pause)
    }
    round(unwinder)
    sorter.finish { waits.take($0) }
    quality.recorderCPUSeconds = Double(Clock.threadCPU() - began) / 1e9
  }

  /// What was seen until `end`; the thread of `run` has ended.
  func result(at end: UInt64) -> Result {
    waits.finish(at: end)
    quality.count(cpu)
    quality.lateRecords = sorter.late
    quality.countedCPUSeconds = Double(events.countedCPU()) / 1e9
    return Result(table: table, cpu: cpu, waits: waits, names: names, quality: quality)
  }

  private func round(_ unwinder: StackUnwinder) {
    let start = Clock.now()
    events.drain { bytes, range in
      guard let record = try? parser.parse(bytes, range) else { return }
      take(record, bytes, unwinder)
    }
    sorter.finishRound(startedAt: start) { waits.take($0) }
  }

  private func take(_ record: PerfRecord, _ bytes: [UInt8], _ unwinder: StackUnwinder) {
    switch record {
    case .sample(let sample): take(sample, bytes, unwinder)
    case .switched(let change) where change.pid == pid:
      let event: Moment.Event =
        change.direction == .entered ? .entered : .left(isPreempted: change.direction == .preempted)
      sorter.append(Moment(time: change.time, tid: change.tid, event: event))
    case .named(let naming) where naming.pid == pid: names[naming.tid] = naming.name
    case .died(let pid, let tid, let time) where pid == self.pid:
      sorter.append(Moment(time: time, tid: tid, event: .died))
    case .lost(let count): quality.lostRecords += Int(clamping: count)
    case .throttled: quality.throttledRecords += 1
    default: break
    }
  }

  private func take(_ sample: PerfRecord.Sample, _ bytes: [UInt8], _ unwinder: StackUnwinder) {
    switch sample.kind {
    case .cpuClock where sample.pid == pid:
      let stack = place(sample, bytes, unwinder, isCPU: true)
      cpu.add(
        stack, of: CPULedger.Clock(tid: sample.tid, cpu: sample.cpu), period: sample.period,
        count: sample.count)
    case .switchOut where sample.pid == pid:
      let stack = place(sample, bytes, unwinder, isCPU: false)
      sorter.append(Moment(time: sample.time, tid: sample.tid, event: .stack(stack)))
    case .waking:
      guard let wakee = events.wakingFields?.wakee(in: bytes, sample.raw) else { return }
      // An interrupt wakes in the name of whoever happens to run: a bystander.
      let isOurs = sample.pid == pid && !WakingFields.isInterrupt(bytes, sample.raw)
      let waker = isOurs ? place(sample, bytes, unwinder, isCPU: false) : nil
      sorter.append(Moment(time: sample.time, tid: wakee, event: .woken(by: waker)))
    default: break
    }
  }

  private func place(
    _ sample: PerfRecord.Sample, _ bytes: [UInt8], _ unwinder: StackUnwinder, isCPU: Bool
  ) -> StackID {
    let record = SampleRecord(sample, in: bytes)
    let (frames, ending) = unwinder.walk(record)
    if isCPU { quality.count(ending) }
    return table.place(
      StackTable.Stack(
        kernel: record.kernelFrames, user: frames, isTruncated: ending == .truncated))
  }
}
