import Basics
import Testing

@testable import Sampling

struct TimelineLedgerTests {
  private let stack = StackID(index: 3)

  @Test func `a thread runs, waits, is woken and runs again`() {
    let slices = slices([
      (100_000, .entered), (130_000, .stack(stack)), (130_000, .left(isPreempted: false)),
      (160_000, .woken(by: nil)), (165_000, .entered),
    ])
    #expect(
      slices == [
        slice(5_000, 100_000, .unknown),
        slice(100_000, 130_000, .running, "op3"),
        slice(130_000, 160_000, .blocked(class: "class3"), "op3", waker: 9),
        slice(160_000, 165_000, .runnable, "op3", waker: 9),
        slice(165_000, 1_000_000, .running),
      ])
  }

  @Test func `a thread that leaves first had been running since the window began`() {
    let slices = slices([(40_000, .left(isPreempted: true)), (50_000, .entered)])
    #expect(
      slices == [
        slice(5_000, 40_000, .running), slice(40_000, 50_000, .preempted),
        slice(50_000, 1_000_000, .running),
      ])
  }

  @Test func `what is still open is closed by the end of the window`() {
    let slices = slices([
      (40_000, .stack(stack)), (40_000, .left(isPreempted: false)), (70_000, .woken(by: nil)),
    ])
    #expect(
      slices.dropFirst() == [
        slice(40_000, 70_000, .blocked(class: "class3"), "op3", waker: 9),
        slice(70_000, 1_000_000, .runnable, "op3", waker: 9),
      ])
  }

  @Test func `a switch without its stack is a wait of unknown class`() {
    let slices = slices([(40_000, .left(isPreempted: false)), (70_000, .entered)])
    #expect(slices[1] == slice(40_000, 70_000, .blocked(class: "unknown")))
  }

  @Test func `a thread that yields is runnable`() {
    let yielding = StackID(index: -1)
    let slices = slices([
      (40_000, .stack(yielding)), (40_000, .left(isPreempted: false)), (70_000, .entered),
    ])
    #expect(slices[1].state == .runnable)
  }

  @Test func `a coming that nobody saw leaves a gap that is called unknown`() {
    let slices = slices([
      (40_000, .left(isPreempted: false)), (70_000, .left(isPreempted: false)), (90_000, .entered),
    ])
    #expect(slices[1] == slice(40_000, 70_000, .unknown))
    #expect(slices[2] == slice(70_000, 90_000, .blocked(class: "unknown")))
  }

  @Test func `nothing is drawn before a thread is born and after it died`() {
    var ledger = TimelineLedger(start: 5_000)
    ledger.noteBirth(of: 1, at: 20_000)
    for (time, event) in [(30_000, Moment.Event.entered), (60_000, .died)] {
      ledger.take(Moment(time: UInt64(time), tid: 1, event: event))
    }
    // Another thread gets the number.
    ledger.noteBirth(of: 1, at: 80_000)
    ledger.take(Moment(time: 85_000, tid: 1, event: .entered))
    ledger.finish(at: 100_000)
    #expect(
      Array(named(ledger).slices) == [
        slice(20_000, 30_000, .runnable), slice(30_000, 60_000, .running),
        slice(80_000, 85_000, .runnable), slice(85_000, 100_000, .running),
      ])
  }

  @Test func `what is too short to be seen becomes part of the longer slice beside it`() {
    var ledger = TimelineLedger(start: 0)
    // Runs 50 µs, waits 0.3 µs, runs 40 µs, waits 20 µs.
    for (time, event) in [
      (0, Moment.Event.entered), (50_000, .left(isPreempted: false)), (50_300, .entered),
      (90_300, .left(isPreempted: false)), (110_300, .entered),
    ] { ledger.take(Moment(time: UInt64(time), tid: 1, event: event)) }
    ledger.finish(at: 200_000)
    #expect(
      Array(named(ledger).slices) == [
        slice(0, 50_300, .running), slice(50_300, 90_300, .running),
        slice(90_300, 110_300, .blocked(class: "unknown")), slice(110_300, 200_000, .running),
      ])
    #expect(ledger.losses.mergedSlices == 1)
    #expect(ledger.losses.mergedNanoseconds == 300)
  }

  @Test func `beyond the limit slices are counted and not kept`() {
    var ledger = TimelineLedger(start: 0, limit: 3)
    for turn in 0..<10 {
      let time = UInt64(turn) * 20_000
      ledger.take(Moment(time: time, tid: 1, event: .entered))
      ledger.take(Moment(time: time + 10_000, tid: 1, event: .left(isPreempted: true)))
    }
    ledger.finish(at: 200_000)
    let losses = named(ledger).losses
    #expect(named(ledger).sliceCount == 3)
    #expect(losses.droppedSlices == 17)
    #expect(losses.droppedNanoseconds == 170_000)
  }

  @Test func `a name nobody knows is the number of the thread`() {
    var ledger = TimelineLedger(start: 0)
    ledger.take(Moment(time: 10, tid: 7, event: .entered))
    ledger.finish(at: 5_000)
    #expect(named(ledger).threads.map(\.name) == ["main", "thread 7"])
    #expect(named(ledger).threads.map(\.pid) == [1, 1])
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `waits add up to what the wait ledger says, whatever happened`(seed: UInt64) {
    let history = History(seed: seed)
    let timeline = history.timeline
    for (activity, truth) in [("blocked", history.blocked), ("runnable", history.runnable)] {
      let drawn = timeline.slices.reduce(UInt64(0)) { sum, slice in
        sum + (History.kind(slice.state) == activity ? slice.end - slice.start : 0)
      }
      let difference = max(drawn, truth) - min(drawn, truth)
      #expect(difference <= timeline.losses.mergedNanoseconds, "seed \(seed)")
    }
    for tid in Set(timeline.slices.map(\.tid)) {
      let own = timeline.slices.filter { $0.tid == tid }
      #expect(zip(own, own.dropFirst()).allSatisfy { $0.end <= $1.start }, "seed \(seed)")
      #expect(own.allSatisfy { $0.start < $0.end && $0.end <= timeline.end }, "seed \(seed)")
    }
  }

  // MARK: - Making ledgers

  private func slices(_ events: [(UInt64, Moment.Event)]) -> [Timeline.Slice] {
    var ledger = TimelineLedger(start: 5_000)
    for (time, event) in events {
      ledger.take(Moment(time: time, tid: 1, event: event, wakerTid: 9))
    }
    ledger.finish(at: 1_000_000)
    return Array(named(ledger).slices)
  }

  private func named(_ ledger: TimelineLedger) -> Timeline {
    ledger.timeline(
      processes: [Timeline.Process(pid: 1, name: "victim")],
      threads: [Timeline.Thread(pid: 1, tid: 1, name: "main")],
      operation: { "op\($0.index)" },
      reason: { $0.index < 0 ? "runnable" : "class\($0.index)" })
  }

  private func slice(
    _ start: UInt64, _ end: UInt64, _ state: Timeline.State, _ operation: String? = nil,
    waker: Int32? = nil
  ) -> Timeline.Slice {
    Timeline.Slice(
      tid: 1, start: start, end: end, state: state, operation: operation, wakerTid: waker)
  }
}
