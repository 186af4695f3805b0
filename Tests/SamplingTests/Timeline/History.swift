import Basics

@testable import Sampling

/// A made-up past of some threads, told to both ledgers.
struct History {
  let timeline: Timeline
  /// What the wait ledger says, in nanoseconds.
  private(set) var blocked: UInt64 = 0
  private(set) var runnable: UInt64 = 0

  static let start: UInt64 = 22_141_000_000_123

  init(seed: UInt64, moments: Int = 4_000, threads: Int32 = 6, names: [String] = []) {
    var random = SeededRandom(seed)
    var waits = WaitLedger(start: Self.start)
    var ledger = TimelineLedger(start: Self.start)
    var time = Self.start
    for _ in 0..<moments {
      time += random.next() % 8 == 0 ? random.next() % 700 : random.next() % 90_000
      let moment = Self.moment(time, threads, &random)
      waits.take(moment)
      ledger.take(moment)
    }
    time += 1_000_000
    waits.finish(at: time)
    ledger.finish(at: time)
    for (key, sum) in waits.sums {
      // Of what had begun before only the end is known: it is drawn as unknown.
      if key.kind != .begunBefore { blocked += UInt64(sum.blocked) }
      runnable += UInt64(sum.runnable)
    }
    // The second half of the threads belongs to another process.
    let tracks = (0..<threads).map { tid in
      Timeline.Thread(
        pid: tid < threads / 2 ? 40 : 45, tid: tid + 40,
        name: tid < names.count ? names[Int(tid)] : "worker-\(tid)")
    }
    var timeline = ledger.timeline(
      processes: [
        Timeline.Process(pid: 40, name: names.first ?? "victim"),
        Timeline.Process(pid: 45, name: "client"),
      ], threads: tracks,
      operation: { $0.index % 3 == 0 ? nil : names.last ?? "operation \($0.index)" },
      reason: { $0.index % 2 == 0 ? "lock" : "disk" })
    timeline.phases = [
      Timeline.Phase(name: names.last ?? "load", start: Self.start, end: Self.start + 5_000_001),
      Timeline.Phase(name: "measure", start: Self.start + 5_000_001, end: time),
      Timeline.Phase(name: "inner", start: Self.start + 6_000_000, end: Self.start + 7_000_000),
    ]
    timeline.counters = [
      Timeline.Counter(
        name: "depth",
        points: [
          Timeline.Counter.Point(time: Self.start + 10, value: 0),
          Timeline.Counter.Point(time: Self.start + 20, value: -5),
        ])
    ]
    self.timeline = timeline
  }

  private static func moment(
    _ time: UInt64, _ threads: Int32, _ random: inout SeededRandom
  ) -> Moment {
    let tid = 40 + Int32(random.next() % UInt64(threads))
    let stack = StackID(index: Int32(random.next() % 7))
    let event: Moment.Event =
      switch random.next() % 10 {
      case 0...2: .stack(stack)
      case 3...4: .left(isPreempted: false)
      case 5: .left(isPreempted: true)
      case 6: .woken(by: stack)
      case 7: random.next() % 40 == 0 ? .died : .woken(by: nil)
      default: .entered
      }
    let waker: Int32? = if case .woken(by: .some) = event { 41 } else { nil }
    return Moment(time: time, tid: tid, event: event, wakerTid: waker)
  }

  /// What the wait ledger calls it.
  static func kind(_ state: Timeline.State) -> String {
    switch state {
    case .running: "running"
    case .runnable, .preempted: "runnable"
    case .blocked: "blocked"
    case .unknown: "unknown"
    }
  }
}
