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

  /// Two threads that pass a turn to and fro at a rate, with a little work at each.
  static func turns(perSecond: Int, seconds: Int) throws -> [String: UInt64] {
    let lock = InstrumentedLock("turns")
    let changed = InstrumentedCondition("turns")
    let turn = Atomic<Int>(0)
    let start = Clock.now()
    let pulse = Pulse()
    let seen = try WorkerThreads.run(count: 3, name: "turner") { worker -> [String: UInt64] in
      if worker == 2 { return pulse.watch() }
      for round in 0..<(perSecond * seconds) {
        if worker == 0 {
          Clock.sleep(until: start + UInt64(round) * 1_000_000_000 / UInt64(perSecond))
          lock.withLock { turn.store(round + 1, ordering: .relaxed) }
          changed.signal()
        } else {
          lock.withLock {
            while turn.load(ordering: .relaxed) <= round { changed.wait(holding: lock) }
          }
        }
        pulse.work.add(1, ordering: .relaxed)
      }
      pulse.isOver.store(true, ordering: .relaxed)
      return [:]
    }
    return seen[2]
  }

  @inline(never)
  static func timed(_ body: () -> Void) -> UInt64 {
    let start = Clock.now()
    body()
    return Clock.now() - start
  }
}
