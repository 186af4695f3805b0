import Basics
import Synchronization

/// Faults that are waits: their shares are of time or of other waits, not of CPU.
enum PlantedWaits {
  static func work(_ name: String, _ dose: Dose) throws -> [String: UInt64]? {
    switch name {
    case "lock": try contended(dose)
    case "lock-flush": try contendedTwice(dose, flushHeld)
    case "lock-lookup": try contendedTwice(dose, lookupHeld)
    case "idle": idle(dose)
    default: nil
    }
  }

  // MARK: Locks

  /// A lock that is wanted, and not had, for a share of the time.
  private static func contended(_ dose: Dose) throws -> [String: UInt64] {
    let hold: UInt64 = 8
    let round = Double(hold) / max(dose.share, 1e-3)
    let contest = Contest(milliseconds: hold, rest: UInt64(round) - hold)
    let rounds = max(3, Int(Double(dose.nanoseconds) / 1e6 / round))
    let start = Clock.now()
    let waited = try WorkerThreads.run(count: 2, name: "contender") { worker -> UInt64 in
      worker == 0
        ? contest.hold(rounds) { plainHeld(contest.lock, $0) }
        : contest.want(rounds) { want(contest.lock) }
    }
    return ["plant": waited.reduce(0, +), "whole": Clock.now() - start]
  }

  /// Two locks: one whose holder is the fault, and one that is held by somebody harmless.
  ///
  /// The share is of what both together make others wait.
  private static func contendedTwice(
    _ dose: Dose, _ held: @escaping @Sendable (InstrumentedLock, () -> Void) -> Void
  ) throws -> [String: UInt64] {
    let round = 20.0
    let fault = Contest(microseconds: UInt64(round * 1_000 * dose.share), rest: 4)
    let rest = Contest(microseconds: UInt64(round * 1_000 * (1 - dose.share)), rest: 4)
    let rounds = max(10, Int(Double(dose.nanoseconds) / 1e6 / (round + 8)))
    let waited = try WorkerThreads.run(count: 4, name: "contender") { worker -> UInt64 in
      switch worker {
      case 0: fault.hold(rounds) { held(fault.lock, $0) }
      case 1: fault.want(rounds) { want(fault.lock) }
      case 2: rest.hold(rounds) { plainHeld(rest.lock, $0) }
      default: rest.want(rounds) { want(rest.lock) }
      }
    }
    return ["plant": waited[1], "whole": waited.reduce(0, +)]
  }

  // Each does something else beside: two functions with equal bodies are made one by the compiler.
  private static let turns = Atomic<Int>(0)

  @inline(never)
  private static func plainHeld(_ lock: InstrumentedLock, _ body: () -> Void) {
    lock.withLock(body)
    turns.add(1, ordering: .relaxed)
  }

  @Sendable @inline(never)
  private static func flushHeld(_ lock: InstrumentedLock, _ body: () -> Void) {
    lock.withLock(body)
    turns.add(2, ordering: .relaxed)
  }

  @Sendable @inline(never)
  private static func lookupHeld(_ lock: InstrumentedLock, _ body: () -> Void) {
    lock.withLock(body)
    turns.add(3, ordering: .relaxed)
  }

  @inline(never)
  private static func want(_ lock: InstrumentedLock) {
    lock.withLock {}
    turns.add(4, ordering: .relaxed)
  }

  // MARK: Sleep

  private static func idle(_ dose: Dose) -> [String: UInt64] {
    let waited = Waiting.timed {
      Dose.times(Int(dose.nanoseconds / 10_000_000)) {
        Clock.sleep(until: Clock.now() + 10_000_000)
      }
    }
    return ["plant": waited, "whole": waited]
  }
}
