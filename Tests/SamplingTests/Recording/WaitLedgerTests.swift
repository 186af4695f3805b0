import Testing

@testable import Sampling

struct WaitLedgerTests {
  private let stack = StackID(index: 3)
  private let waker = StackID(index: 4)

  @Test func `a wait is blocked until it is woken and runnable until it runs`() {
    let ledger = ledger([
      (10, .stack(stack)), (10, .left(isPreempted: false)), (40, .woken(by: waker)), (45, .entered),
    ])
    #expect(
      ledger.sums == [
        key(.blocked, stack, waker): WaitLedger.Sum(count: 1, blocked: 30, runnable: 5)
      ])
    #expect(ledger.switches == 1)
    #expect(ledger.switchesWithStack == 1)
  }

  @Test func `without a waking the whole wait is blocked`() {
    let ledger = ledger([(10, .stack(stack)), (10, .left(isPreempted: false)), (45, .entered)])
    #expect(ledger.sums[key(.blocked, stack)]?.blocked == 35)
  }

  @Test func `the first waking counts, and only with its own waker`() {
    let ledger = ledger([
      (10, .stack(stack)), (10, .left(isPreempted: false)), (20, .woken(by: nil)),
      (30, .woken(by: waker)), (45, .entered),
    ])
    #expect(
      ledger.sums[key(.blocked, stack)] == WaitLedger.Sum(count: 1, blocked: 10, runnable: 25))
  }

  @Test func `a thread that lost its core was never blocked`() {
    let ledger = ledger([
      (10, .stack(stack)), (10, .left(isPreempted: true)), (20, .woken(by: waker)), (45, .entered),
    ])
    #expect(
      ledger.sums == [key(.preempted, stack): WaitLedger.Sum(count: 1, blocked: 0, runnable: 35)])
  }

  @Test func `what had begun before the window counts from its start, without a stack`() {
    let ledger = ledger([(45, .entered)])
    #expect(
      ledger.sums == [key(.begunBefore, nil): WaitLedger.Sum(count: 1, blocked: 40, runnable: 0)])
  }

  @Test func `what is still open at the end counts until then`() {
    let ledger = ledger([(10, .stack(stack)), (10, .left(isPreempted: false))])
    #expect(
      ledger.sums == [key(.open, stack): WaitLedger.Sum(count: 1, blocked: 90, runnable: 0)])
  }

  @Test func `a thread that dies waits for nothing`() {
    let ledger = ledger([(10, .stack(stack)), (10, .left(isPreempted: false)), (12, .died)])
    #expect(ledger.sums.isEmpty)
  }

  @Test func `a switch without its stack keeps its time`() {
    let ledger = ledger([
      (10, .stack(stack)), (10, .left(isPreempted: false)), (20, .entered),
      (30, .left(isPreempted: false)), (50, .entered),
    ])
    #expect(ledger.sums[key(.blocked, stack)]?.blocked == 10)
    #expect(ledger.sums[key(.blocked, nil)]?.blocked == 20)
    #expect(ledger.switchesWithStack == 1)
  }

  private func ledger(_ events: [(UInt64, Moment.Event)]) -> WaitLedger {
    var ledger = WaitLedger(start: 5)
    for (time, event) in events { ledger.take(Moment(time: time, tid: 1, event: event)) }
    ledger.finish(at: 100)
    return ledger
  }

  private func key(
    _ kind: WaitLedger.Kind, _ stack: StackID?, _ waker: StackID? = nil
  ) -> WaitLedger.Key {
    WaitLedger.Key(tid: 1, stack: stack, waker: waker, kind: kind)
  }
}
