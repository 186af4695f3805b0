import Basics
import Glibc
import Synchronization

/// Ways to wait.
enum Waiting {
  static func sleep(times: Int, milliseconds: UInt64) -> [String: UInt64] {
    let waited = (0..<times).reduce(UInt64(0)) { sum, _ in
      sum + timed { Clock.sleep(until: Clock.now() + milliseconds * 1_000_000) }
    }
    return ["sleep": waited]
  }

  static func pipe(times: Int, milliseconds: UInt64) throws -> [String: UInt64] {
    let pipe = try Pipe()
    let (reading, writing) = (pipe.reading.descriptor, pipe.writing.descriptor)
    let sums = try WorkerThreads.run(count: 2, name: "waiter") { worker -> UInt64 in
      (0..<times).reduce(0) { sum, _ in
        if worker == 0 { return sum + timed { transferIn(reading) } }
        Clock.sleep(until: Clock.now() + milliseconds * 1_000_000)
        transferOut(writing)
        return sum
      }
    }
    return ["pipe": sums[0]]
  }

  @inline(never)
  private static func transferIn(_ descriptor: Int32) {
    var byte: UInt8 = 0
    // SAFETY: one byte is asked for, and there is one.
    _ = unsafe read(descriptor, &byte, 1)
  }

  private static func transferOut(_ descriptor: Int32) {
    var byte: UInt8 = 1
    // SAFETY: as above.
    _ = unsafe write(descriptor, &byte, 1)
  }

  static func condition(times: Int, milliseconds: UInt64) throws -> [String: UInt64] {
    let lock = InstrumentedLock("victim")
    let changed = InstrumentedCondition("victim")
    let turn = Atomic<Int>(0)
    let sums = try WorkerThreads.run(count: 2, name: "waiter") { worker -> UInt64 in
      (1...times).reduce(0) { sum, round in
        if worker == 0 {
          return sum
            + timed {
              lock.withLock {
                while turn.load(ordering: .relaxed) < round { changed.wait(holding: lock) }
              }
            }
        }
        Clock.sleep(until: Clock.now() + milliseconds * 1_000_000)
        lock.withLock { turn.store(round, ordering: .relaxed) }
        changed.broadcast()
        return sum
      }
    }
    return ["condition": sums[0]]
  }

  /// One thread holds the lock for known times, and another one wants it as soon as it is taken.
  static func lock(times: Int, milliseconds: UInt64) throws -> [String: UInt64] {
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
  private static func wantLock(_ lock: InstrumentedLock) -> UInt64 { timed { lock.withLock {} } }

  @inline(never)
  private static func holdLock(
    _ lock: InstrumentedLock, _ milliseconds: UInt64, _ body: () -> Void
  ) {
    lock.withLock {
      body()
      Clock.sleep(until: Clock.now() + milliseconds * 1_000_000)
    }
  }

  @inline(never)
  private static func timed(_ body: () -> Void) -> UInt64 {
    let start = Clock.now()
    body()
    return Clock.now() - start
  }
}
