import Synchronization
import Testing

@testable import Basics

/// Recording is one switch for the whole process, so these tests take turns.
@Suite(.serialized)
struct WaitTests {
  private static func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

  private static func hold(_ milliseconds: UInt64) {
    Clock.sleep(until: Clock.now() + Self.milliseconds(milliseconds))
  }

  /// Which round each side has reached.
  private final class Turns: Sendable {
    private let held = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)

    func holds(_ round: Int) { held.store(round, ordering: .releasing) }
    func took(_ round: Int) { taken.store(round, ordering: .releasing) }

    func waitUntilHeld(_ round: Int) {
      while held.load(ordering: .acquiring) < round { Clock.sleep(until: Clock.now() + 1) }
    }

    func waitUntilTaken(_ round: Int) {
      while taken.load(ordering: .acquiring) < round { Clock.sleep(until: Clock.now() + 1) }
    }
  }

  /// Two threads: one holds the lock again and again, the other wants it each time.
  ///
  /// Answers how long the second one waited by its own clock.
  private static func contend(_ lock: InstrumentedLock, rounds: Int) throws -> UInt64 {
    let turns = Turns()
    let waited = try WorkerThreads.run(count: 2, name: "contend") { index in
      index == 0 ? holdAgainAndAgain(lock, turns, rounds) : wantAgainAndAgain(lock, turns, rounds)
    }
    return waited[1]
  }

  private static func holdAgainAndAgain(
    _ lock: InstrumentedLock, _ turns: Turns, _ rounds: Int
  ) -> UInt64 {
    for round in 1...rounds {
      holdLock(lock) { turns.holds(round) }
      turns.waitUntilTaken(round)
    }
    return 0
  }

  private static func wantAgainAndAgain(
    _ lock: InstrumentedLock, _ turns: Turns, _ rounds: Int
  ) -> UInt64 {
    var waited: UInt64 = 0
    for round in 1...rounds {
      turns.waitUntilHeld(round)
      let start = Clock.now()
      lock.lock()
      waited += Clock.now() - start
      lock.unlock()
      turns.took(round)
    }
    return waited
  }

  @inline(never)
  private static func holdLock(_ lock: InstrumentedLock, _ announce: () -> Void) {
    lock.withLock {
      announce()
      hold(20)
    }
  }

  @Test func `a thread's own waits are added up although nobody records`() throws {
    #expect(!Waits.isRecording)
    let lock = InstrumentedLock("own")
    let turns = Turns()
    let counted = try WorkerThreads.run(count: 2, name: "own") { index -> (UInt64, ThreadWaits) in
      let before = ThreadWaits.now()
      let waited =
        index == 0
        ? Self.holdAgainAndAgain(lock, turns, 5) : Self.wantAgainAndAgain(lock, turns, 5)
      return (waited, ThreadWaits.now() - before)
    }
    // The one who holds waits for nothing that is counted; the other one for the lock alone.
    #expect(counted[0].1 == ThreadWaits())
    let (byItsClock, own) = counted[1]
    #expect(own.lock > 0 && own.lock <= byItsClock)
    #expect(Double(own.lock) >= 0.9 * Double(byItsClock))
    #expect(own.condition == 0 && own.disk == 0)
    let before = ThreadWaits.now()
    Waits.timed(.disk, "sync") { Self.hold(2) }
    Waits.timed(.sleep, "sleep") { Self.hold(2) }
    let after = ThreadWaits.now() - before
    #expect(after.disk >= Self.milliseconds(2) && after.lock == 0 && after.condition == 0)
  }

  @Test func `the time waited for a lock is what the waiter itself measured`() throws {
    let lock = InstrumentedLock("test.lock")
    Waits.beginRecording()
    let truth = try Self.contend(lock, rounds: 20)
    let recording = Waits.endRecording()
    let waits = recording.waits.filter { $0.name == "test.lock" }
    let total = waits.reduce(0) { $0 + $1.duration }
    #expect(truth > Self.milliseconds(200), "the threads never met")
    // The waiter's own clock encloses the recorder's, so the truth can only be the longer one.
    #expect(total <= truth)
    #expect(Double(total) >= 0.95 * Double(truth), "recorded \(total) of \(truth) ns")
    #expect(waits.allSatisfy { $0.waitClass == .lock })
    #expect(Set(waits.map { recording.threadNames[$0.thread] }) == ["contend-1"])
  }

  @Test func `a wait knows the stack of the waiter and of who made it wait`() throws {
    let lock = InstrumentedLock("test.lock")
    Waits.beginRecording()
    _ = try Self.contend(lock, rounds: 10)
    let waits = Waits.endRecording().waits.filter { $0.name == "test.lock" }
    #expect(waits.count >= 9)
    for wait in waits {
      #expect(wait.stack.count > 2)
      #expect(wait.releaser.count > 2)
      #expect(wait.stack != wait.releaser)
    }
    // Ten times the same two places in the program.
    #expect(Set(waits.map(\.stack)).count == 1)
    #expect(Set(waits.map(\.releaser)).count == 1)
  }

  @Test func `nothing is recorded when nobody asked`() throws {
    let lock = InstrumentedLock("test.lock")
    _ = try Self.contend(lock, rounds: 2)
    Waits.timed(.sleep, "test.sleep") { Self.hold(1) }
    #expect(Waits.endRecording() == WaitRecording())
  }

  @Test func `a lock that is free is not a wait`() {
    let lock = InstrumentedLock("test.lock")
    Waits.beginRecording()
    for _ in 0..<1_000 { lock.withLock {} }
    #expect(Waits.endRecording().waits.isEmpty)
  }

  @Test func `nested locks are told apart by their names`() throws {
    let (outer, inner) = (InstrumentedLock("test.outer"), InstrumentedLock("test.inner"))
    Waits.beginRecording()
    let turns = Turns()
    _ = try WorkerThreads.run(count: 3, name: "nested") { index in
      if index == 0 {
        outer.withLock { Self.holdLock(inner) { turns.holds(1) } }
      } else {
        turns.waitUntilHeld(1)
        (index == 1 ? inner : outer).withLock {}
      }
    }
    let recording = Waits.endRecording()
    let seen = recording.waits.map { "\(recording.threadNames[$0.thread] ?? "") \($0.name)" }
    #expect(Set(seen) == ["nested-1 test.inner", "nested-2 test.outer"])
  }

  @Test func `waiting for a condition is timed, and a deadline is kept`() {
    let (lock, changed) = (InstrumentedLock("test.lock"), InstrumentedCondition("test.changed"))
    Waits.beginRecording()
    let start = Clock.now()
    let wasSignaled = lock.withLock {
      var signaled = true
      // A condition may wake early; only the deadline ends this wait.
      while signaled { signaled = changed.wait(holding: lock, until: start + 30_000_000) }
      return signaled
    }
    let waits = Waits.endRecording().waits
    #expect(!wasSignaled)
    #expect(Clock.now() >= start + 30_000_000)
    #expect(!waits.isEmpty)
    #expect(waits.allSatisfy { $0.waitClass == .condition && $0.name == "test.changed" })
    #expect(waits.reduce(0) { $0 + $1.duration } > 25_000_000)
  }

  @Test func `a wait that throws is recorded all the same`() {
    struct Trouble: Error {}
    Waits.beginRecording()
    #expect(throws: Trouble.self) {
      try Waits.timed(.disk, "test.disk") { () throws(Trouble) in
        Self.hold(2)
        throw Trouble()
      }
    }
    let waits = Waits.endRecording().waits
    #expect(waits.map(\.waitClass) == [.disk])
    #expect(waits.allSatisfy { $0.duration >= 2_000_000 })
  }

  @Test func `a full list counts what it drops, with its length`() {
    let shard = WaitShard()
    shard.open(session: 7)
    var wait = PendingWait(session: 7, waitClass: .other, name: "test.many")
    wait.end = wait.start + 10
    for _ in 0..<(WaitShard.entriesMax + 3) { shard.append(wait, thread: 1) }
    let contents = shard.close()
    #expect(contents.entries.count == WaitShard.entriesMax)
    #expect(contents.droppedCount == 3)
    #expect(contents.droppedNanoseconds == 30)
    #expect(contents.stacks.count == 2)
  }

  @Test func `a wait of an earlier recording does not leak into the next`() {
    let shard = WaitShard()
    shard.open(session: 2)
    shard.append(PendingWait(session: 1, waitClass: .lock, name: "test.old"), thread: 1)
    #expect(shard.close().entries.isEmpty)
  }
}
