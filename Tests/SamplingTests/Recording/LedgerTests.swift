import Testing

@testable import Sampling

struct CPULedgerTests {
  private let clock = CPULedger.Clock(tid: 1, cpu: 0)
  private let stack = StackID(index: 0)

  @Test func `an unfinished period belongs to the stack that its thread was seen with last`() {
    var ledger = CPULedger()
    let clock = CPULedger.Clock(tid: 7, cpu: 0)
    ledger.add(StackID(index: 1), of: clock, period: 10, count: 10)
    ledger.add(StackID(index: 2), of: clock, period: 10, count: 20)
    ledger.finish(clock, at: 26, period: 10)
    // The same thread's clock on a processor where it was never sampled.
    ledger.finish(CPULedger.Clock(tid: 7, cpu: 1), at: 3, period: 10)
    #expect(ledger.nanoseconds == 29)
    #expect(ledger.samples == 2)
    #expect(ledger.sums[CPULedger.Key(tid: 7, stack: StackID(index: 2))]?.nanoseconds == 19)
  }

  @Test func `more than a period without a sample stays missing`() {
    var ledger = CPULedger()
    let clock = CPULedger.Clock(tid: 7, cpu: 0)
    ledger.add(StackID(index: 1), of: clock, period: 10, count: 10)
    ledger.finish(clock, at: 21, period: 10)
    ledger.finish(CPULedger.Clock(tid: 8, cpu: 0), at: 5, period: 10)
    #expect(ledger.nanoseconds == 10)
  }

  @Test func `a sample stands for what its clock counted since the one before`() {
    var ledger = CPULedger()
    for count in [1_010, 2_030, 5_040] as [UInt64] {
      ledger.add(stack, of: clock, period: 1_000, count: count)
    }
    #expect(ledger.nanoseconds == 5_040)
    #expect(ledger.samples == 3)
    // The last one came after three periods: two had none of their own.
    #expect(ledger.missedPeriods == 2)
  }

  @Test func `the clocks of two processors do not mix`() {
    var ledger = CPULedger()
    ledger.add(stack, of: clock, period: 1_000, count: 1_000)
    ledger.add(stack, of: CPULedger.Clock(tid: 1, cpu: 1), period: 1_000, count: 1_001)
    #expect(ledger.nanoseconds == 2_001)
  }

  @Test func `where the kernel does not tell, a sample is a period`() {
    var ledger = CPULedger()
    for _ in 0..<3 { ledger.add(stack, of: clock, period: 1_000, count: nil) }
    #expect(ledger.sums.values.map(\.nanoseconds) == [3_000])
  }
}

struct GovernorTests {
  @Test func `few switches are all recorded`() {
    var governor = Governor()
    #expect(governor.decide(0, switches: 0) == nil)
    #expect(governor.decide(1_000_000_000, switches: 3_000) == nil)
  }

  @Test func `too many are thinned out once for each level`() {
    var governor = Governor()
    #expect(governor.decide(0, switches: 0) == nil)
    #expect(governor.decide(1_000_000_000, switches: 20_000) == 7)
    #expect(governor.decide(2_000_000_000, switches: 40_000) == nil)
    #expect(governor.decide(3_000_000_000, switches: 100_000) == 23)
    #expect(governor.decide(4_000_000_000, switches: 120_000) == nil)
    #expect(governor.decide(5_000_000_000, switches: 9_000_000) == 97)
  }

  @Test func `when it gets clearly calmer, all are recorded again`() {
    var governor = Governor()
    _ = governor.decide(0, switches: 0)
    #expect(governor.decide(1_000_000_000, switches: 4_000) == 7)
    // Just below the limit it would go to and fro.
    #expect(governor.decide(2_000_000_000, switches: 7_000) == nil)
    #expect(governor.decide(3_000_000_000, switches: 8_000) == 1)
  }

  @Test func `a fixed distance holds from the first moment on`() {
    var governor = Governor(fixed: 7)
    #expect(governor.decide(0, switches: 0) == 7)
    #expect(governor.decide(1_000_000_000, switches: 10) == nil)
    #expect(governor.decide(2_000_000_000, switches: 1_000_000) == nil)
  }
}

struct WaitClassTests {
  @Test(arguments: [
    (
      ["__schedule", "schedule", "futex_do_wait"], ["__lll_lock_wait", "pthread_mutex_lock"], "lock"
    ),
    (["schedule", "futex_do_wait"], ["pthread_cond_wait", "work"], "condition"),
    (["schedule", "futex_do_wait"], ["pthread_join"], "join"),
    (["schedule", "do_nanosleep"], ["clock_nanosleep"], "sleep"),
    (["io_schedule", "folio_wait_bit_common"], ["fdatasync"], "disk"),
    (["schedule", "anon_pipe_read"], ["read"], "pipe"),
    (["schedule", "do_epoll_wait"], ["epoll_wait"], "poll"),
    (["schedule", "something_new"], ["read"], "unknown"),
    (["[kernel]"], ["fdatasync"], "disk"),
    ([], ["pthread_mutex_lock"], "lock"),
    (["schedule", "rwsem_down_read_slowpath"], [], "kernel"),
    (["schedule", "futex_do_wait"], ["runtime.futex", "runtime.stopm"], "idle"),
    (["schedule", "futex_do_wait"], ["PGSemaphoreLock", "LWLockAcquire"], "lock"),
    (
      ["schedule", "futex_do_wait"], ["_dispatch_sema4_timedwait", "_dispatch_worker_thread"],
      "idle"
    ),
  ])
  func `the functions a thread waits in say what it waits for`(
    kernel: [String], user: [String], expected: String
  ) {
    #expect(WaitReason.of(kernel: kernel, user: user).rawValue == expected)
  }
}
