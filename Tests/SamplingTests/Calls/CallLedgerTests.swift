import Basics
import Testing

@testable import Sampling

/// Beginnings and ends as a kernel might tell them, well and badly.
struct CallLedgerTests {
  private func sum(_ ledger: CallLedger, _ tid: Int32, _ call: Int) -> CallLedger.Sum? {
    ledger.threads[tid]?.sums[call]
  }

  @Test func `a call has its count, its time and the error it ended with`() {
    var ledger = CallLedger()
    ledger.begin(at: 0)
    for round in 0..<10 {
      let time = UInt64(round) * 100_000
      ledger.entered(0, 7, at: time)
      ledger.left(0, answer: round == 3 ? -11 : 1, 7, at: time + 1_000)
    }
    ledger.finish(at: 5_000_000)
    let sum = sum(ledger, 7, 0)
    #expect(sum?.count == 10)
    #expect(sum?.nanoseconds == 10_000)
    #expect(sum?.errors == [11: 1])
    #expect(sum?.open == 0)
    #expect(sum?.untimed == 0)
    #expect(ledger.entered == 10)
  }

  @Test func `a large address is an answer and not an error`() {
    var ledger = CallLedger()
    ledger.entered(9, 1, at: 1)
    ledger.left(9, answer: -4_096, 1, at: 2)
    #expect(sum(ledger, 1, 9)?.errors.isEmpty == true)
  }

  @Test func `what is under way at both ends of the window is cut at its edges and named open`() {
    var ledger = CallLedger()
    ledger.begin(at: 1_000, underWay: [(tid: 1, call: 232), (tid: 2, call: 202)])
    ledger.left(232, answer: 1, 1, at: 1_500)
    ledger.entered(232, 1, at: 1_600)
    ledger.finish(at: 2_000)
    #expect(sum(ledger, 1, 232)?.count == 2)
    #expect(sum(ledger, 1, 232)?.begunBefore == 1)
    #expect(sum(ledger, 1, 232)?.open == 1)
    #expect(sum(ledger, 1, 232)?.partNanoseconds == 900)
    #expect(sum(ledger, 1, 232)?.times.total == 0)
    #expect(sum(ledger, 2, 202)?.partNanoseconds == 1_000)
    #expect(sum(ledger, 2, 202)?.open == 1)
  }

  @Test func `a newborn returns from a call that its maker made`() {
    var ledger = CallLedger()
    ledger.entered(56, 1, at: 10)
    ledger.born(2)
    ledger.left(56, answer: 0, 2, at: 20)
    ledger.left(56, answer: 2, 1, at: 30)
    #expect(sum(ledger, 1, 56)?.count == 1)
    #expect(sum(ledger, 2, 56) == nil)
  }

  @Test func `a call that its thread does not survive has lasted until then`() {
    var ledger = CallLedger()
    ledger.entered(231, 1, at: 10)
    ledger.died(1, at: 50)
    ledger.finish(at: 1_000)
    #expect(sum(ledger, 1, 231)?.nanoseconds == 40)
    #expect(sum(ledger, 1, 231)?.open == 0)
  }

  @Test func `lost beginnings and ends leave calls without a length`() {
    var ledger = CallLedger()
    ledger.entered(0, 1, at: 10)
    // The end is lost.
    ledger.entered(0, 1, at: 30)
    ledger.left(0, answer: 0, 1, at: 40)
    // The beginning is lost.
    ledger.left(1, answer: 0, 1, at: 60)
    // End and beginning are lost.
    ledger.entered(0, 1, at: 70)
    ledger.left(1, answer: 0, 1, at: 90)
    #expect(sum(ledger, 1, 0)?.count == 3)
    #expect(sum(ledger, 1, 0)?.untimed == 2)
    #expect(sum(ledger, 1, 0)?.nanoseconds == 10)
    #expect(sum(ledger, 1, 1)?.count == 2)
    #expect(sum(ledger, 1, 1)?.untimed == 2)
  }

  @Test func `the return from a signal handler ends the call that led there`() {
    var ledger = CallLedger()
    ledger.entered(15, 1, at: 10)
    ledger.left(-1, answer: -4, 1, at: 25)
    #expect(sum(ledger, 1, 15)?.nanoseconds == 15)
    #expect(sum(ledger, 1, 15)?.errors.isEmpty == true)
  }

  @Test func `what a command does before its exec is not the command's`() {
    var ledger = CallLedger(held: [5])
    ledger.left(0, answer: 1, 5, at: 5)
    ledger.entered(59, 5, at: 10)
    ledger.left(59, answer: -2, 5, at: 20)
    ledger.entered(59, 5, at: 30)
    ledger.executed(5)
    ledger.left(59, answer: 0, 5, at: 40)
    ledger.executed(5)
    #expect(sum(ledger, 5, 0) == nil)
    #expect(sum(ledger, 5, 59)?.count == 1)
    #expect(sum(ledger, 5, 59)?.nanoseconds == 10)
    #expect(ledger.entered == 2, "the kernel counts them all, and so must we to compare")
  }

  @Test(arguments: [true, false])
  func `a stack belongs to the call beside it, whichever record comes first`(stackFirst: Bool) {
    var ledger = CallLedger()
    if stackFirst {
      ledger.saw(StackID(index: 4), of: 0, 1, at: 9, spacing: .some)
      ledger.entered(0, 1, at: 10)
    } else {
      ledger.entered(0, 1, at: 10)
      ledger.saw(StackID(index: 4), of: 0, 1, at: 11, spacing: .some)
    }
    ledger.left(0, answer: 0, 1, at: 110)
    let key = CallLedger.StackKey(tid: 1, call: 0, stack: StackID(index: 4))
    #expect(ledger.stacks[key]?.samples == 1)
    #expect(ledger.stacks[key]?.calls == 61)
    #expect(ledger.stacks[key]?.nanoseconds == 6_100)
  }

  @Test func `CPU is charged to the call it was used in`() {
    var ledger = CallLedger()
    ledger.ran(1, nanoseconds: 5)
    ledger.entered(0, 1, at: 10)
    ledger.ran(1, nanoseconds: 7)
    ledger.left(0, answer: 0, 1, at: 20)
    #expect(sum(ledger, 1, 0)?.cpuNanoseconds == 7)
    #expect(ledger.cpuNanoseconds == 12)
  }

  @Test(arguments: 0..<6) func `no history makes more calls than it has events`(seed: Int) {
    var random = SeededRandom(UInt64(seed))
    var ledger = CallLedger(held: [1])
    var (entered, left) = (0, 0)
    for step in 0..<5_000 {
      let (tid, call) = (Int32(1 + random.below(3)), random.below(4) - 1)
      let time = UInt64(max(0, step * 10 - random.below(50)))
      switch random.below(8) {
      case 0...2:
        ledger.entered(call, tid, at: time)
        entered += 1
      case 3...5:
        ledger.left(call, answer: -random.below(5_000), tid, at: time)
        left += 1
      case 6:
        ledger.saw(StackID(index: 0), of: call, tid, at: time, spacing: .every)
      default:
        random.below(2) == 0 ? ledger.born(tid) : ledger.died(tid, at: time)
      }
    }
    ledger.finish(at: 10)
    let counted = ledger.threads.values.flatMap(\.sums.values).reduce(0) { $0 + $1.count }
    #expect(ledger.entered == entered, "seed \(seed)")
    #expect(counted >= entered && counted <= entered + left, "seed \(seed)")
  }
}
