import Basics
import Synchronization

/// Where all workers meet: the last to arrive does something while the others wait.
///
/// It takes no lock, because those who leave it would wait for each other just when the measured
/// phase begins.
final class PhaseBarrier: Sendable {
  private let missing: Atomic<Int>
  private let others: Int
  private let gate = Semaphore()

  init(_ count: Int) {
    missing = Atomic(count)
    others = count - 1
  }

  func meet(_ action: () -> Void) {
    if missing.subtract(1, ordering: .acquiringAndReleasing).newValue > 0 { return gate.wait() }
    action()
    gate.give(others)
  }
}
