import Basics
import Measurement
import Synchronization

/// Ends a warm-up when its rate has settled.
///
/// It counts what the workers took up in every 20 ms, and asks MSER-5 four times a second whether
/// a steady state is in sight (see `SteadyState`); it is when at least as much lies behind its
/// beginning as before it.
final class WarmUpWatch: Sendable {
  private let phase: Worker.Phase
  private let outcome = Mutex<TrialOutcome.WarmUp?>(nil)
  private let begins = Semaphore()
  private let isOver = Atomic<Bool>(false)
  private static let interval: UInt64 = 20_000_000
  private static let askedEvery = 12

  init(_ phase: Worker.Phase) { self.phase = phase }

  func begin() { begins.give() }
  func end() { isOver.store(true, ordering: .releasing) }

  var found: TrialOutcome.WarmUp? { outcome.withLock { $0 } }

  /// What its thread does, from `begin` until the phase is over or enough.
  func watch() {
    begins.wait()
    let start = phase.start.load(ordering: .acquiring)
    var (counts, before, next) = ([Double](), 0, start)
    while !isOver.load(ordering: .acquiring) {
      next += Self.interval
      Clock.sleep(until: next)
      let taken = phase.taken
      counts.append(Double(taken - before))
      before = taken
      guard counts.count % Self.askedEvery == 0 else { continue }
      if let steady = SteadyState.beginning(of: counts) {
        phase.isEnough.store(true, ordering: .releasing)
        return note(counts.count, steady)
      }
    }
    note(counts.count, nil)
  }

  private func note(_ count: Int, _ steady: Int?) {
    func seconds(_ intervals: Int) -> Double { Double(intervals) * Double(Self.interval) / 1e9 }
    outcome.withLock {
      $0 = TrialOutcome.WarmUp(seconds: seconds(count), steadyAfter: steady.map(seconds))
    }
  }
}
