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
  /// What is decided second by second for so many switches in each, at so much of a core.
  private func periods(
    _ budget: RecordingPlan.WaitBudget, cores: Double = 1, _ switches: [Int]
  ) -> [UInt64?] {
    var governor = Governor(budget)
    var total = 0
    return ([0] + switches).enumerated().map { second, more in
      total += more
      return governor.decide(
        Governor.Reading(
          time: UInt64(second) * 1_000_000_000, switches: total,
          cpu: UInt64(Double(second) * cores * 1e9)))
    }
  }

  @Test func `few switches are all recorded`() {
    #expect(periods(.standard, [3_000, 3_000]) == [nil, nil, nil])
  }

  @Test func `too many are thinned out once for each level`() {
    #expect(
      periods(.standard, [20_000, 20_000, 60_000, 60_000]) == [nil, 10, nil, 20, nil])
    #expect(periods(.standard, [10_000_000]) == [nil, 100])
  }

  @Test func `when it gets clearly calmer, all are recorded again`() {
    // Just below the limit it would go to and fro.
    #expect(periods(.standard, [4_000, 3_000, 1_000]) == [nil, 2, nil, 1])
  }

  @Test func `a program that is being timed pays a share of what it uses`() {
    #expect(periods(.ofTarget(0.005), cores: 2, [1_000]) == [nil, nil])
    #expect(periods(.ofTarget(0.005), cores: 0.5, [1_000]) == [nil, 5])
    #expect(periods(.ofTarget(0.005), cores: 0, [1_000]) == [nil, 100])
  }

  @Test func `a fixed distance holds from the first moment on`() {
    #expect(periods(.everySwitch(5), [10, 100_000]) == [5, nil, nil])
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
