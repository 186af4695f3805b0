import Basics
import Glibc
import Synchronization

/// Ways to fight for a lock.
enum Locking {
  /// One thread holds the lock for known times, and another one wants it as soon as it is taken.
  static func one(times: Int, milliseconds: UInt64) throws -> [String: UInt64] {
    let lock = InstrumentedLock("victim")
    let taken = Atomic<Int>(0)
    let wanted = Atomic<Int>(0)
    let sums = try WorkerThreads.run(count: 2, name: "waiter") { worker -> UInt64 in
      (1...times).reduce(0) { sum, round in
        if worker == 0 {
          while taken.load(ordering: .acquiring) < round { usleep(100) }
          wanted.store(round, ordering: .releasing)
          return sum + wantLock(lock)
        }
        holdLock(lock, milliseconds) { taken.store(round, ordering: .releasing) }
        while wanted.load(ordering: .acquiring) < round { usleep(100) }
        // Let the other one have it before it is taken again.
        usleep(5_000)
        return sum
      }
    }
    return ["lock": sums[0]]
  }

  @inline(never)
  private static func wantLock(_ lock: InstrumentedLock) -> UInt64 {
    Waiting.timed { lock.withLock {} }
  }

  @inline(never)
  private static func holdLock(
    _ lock: InstrumentedLock, _ milliseconds: UInt64, _ body: () -> Void
  ) {
    lock.withLock {
      body()
      Clock.sleep(until: Clock.now() + milliseconds * 1_000_000)
    }
  }

  /// Two locks, each held for known times by a function of its own while another thread wants it:
  /// the first three times as long as the second.
  static func two(times: Int) throws -> [String: UInt64] {
    let first = Contest(milliseconds: 30)
    let second = Contest(milliseconds: 10)
    let waited = try WorkerThreads.run(count: 4, name: "contender") { worker -> UInt64 in
      switch worker {
      case 0: first.hold(times) { body in holdFirst(first.lock, body) }
      case 1: first.want(times) { wantFirst(first.lock) }
      case 2: second.hold(times) { body in holdSecond(second.lock, body) }
      default: second.want(times) { wantSecond(second.lock) }
      }
    }
    return ["first": waited[1], "second": waited[3]]
  }

  // Each does something else beside: two functions with equal bodies are made one by the compiler.
  private static let turns = Atomic<Int>(0)

  @inline(never)
  private static func holdFirst(_ lock: InstrumentedLock, _ body: () -> Void) {
    lock.withLock(body)
    turns.add(1, ordering: .relaxed)
  }

  @inline(never)
  private static func holdSecond(_ lock: InstrumentedLock, _ body: () -> Void) {
    lock.withLock(body)
    turns.add(2, ordering: .relaxed)
  }

  @inline(never)
  private static func wantFirst(_ lock: InstrumentedLock) {
    lock.withLock {}
    turns.add(3, ordering: .relaxed)
  }

  @inline(never)
  private static func wantSecond(_ lock: InstrumentedLock) {
    lock.withLock {}
    turns.add(4, ordering: .relaxed)
  }
}

/// One thread that holds a lock and one that wants it, in step.
final class Contest: Sendable {
  let lock = InstrumentedLock("contest")
  private let microseconds: UInt64
  private let rest: UInt64
  private let taken = Atomic<Int>(0)
  private let wanted = Atomic<Int>(0)

  /// `rest` is how many milliseconds lie between two turns.
  init(microseconds: UInt64, rest: UInt64 = 2) {
    self.microseconds = microseconds
    self.rest = rest
  }

  convenience init(milliseconds: UInt64, rest: UInt64 = 2) {
    self.init(microseconds: milliseconds * 1_000, rest: rest)
  }

  /// - Returns: How long it waited for the lock itself: on a busy machine the other one may lose its
  ///   core while it has it.
  func hold(_ times: Int, _ locked: (() -> Void) -> Void) -> UInt64 {
    var waited: UInt64 = 0
    for round in 1...times {
      let asked = Clock.now()
      locked {
        waited += Clock.now() - asked
        taken.store(round, ordering: .releasing)
        Clock.sleep(until: Clock.now() + microseconds * 1_000)
      }
      while wanted.load(ordering: .acquiring) < round { usleep(100) }
      // Let the other one have it before it is taken again.
      Clock.sleep(until: Clock.now() + rest * 1_000_000)
    }
    return waited
  }

  /// - Returns: How long it waited for the lock.
  func want(_ times: Int, _ body: () -> Void) -> UInt64 {
    (1...times).reduce(0) { sum, round in
      // Seldom enough that each switch is recorded with its stack.
      while taken.load(ordering: .acquiring) < round { usleep(1_000) }
      wanted.store(round, ordering: .releasing)
      return sum + Waiting.timed(body)
    }
  }
}
