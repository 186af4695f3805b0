import Basics

/// Where all workers meet: the last to arrive does something while the others wait.
final class PhaseBarrier: Sendable {
  private let lock = InstrumentedLock("harness.barrier")
  private let changed = InstrumentedCondition("harness.barrier")
  private let state: State

  /// Guarded by `lock`.
  private final class State: @unchecked Sendable {
    var missing: Int
    init(_ count: Int) { missing = count }
  }

  init(_ count: Int) { state = State(count) }

  func meet(_ action: () -> Void) {
    lock.lock()
    defer { lock.unlock() }
    state.missing -= 1
    if state.missing == 0 {
      action()
      changed.broadcast()
    }
    while state.missing > 0 { changed.wait(holding: lock) }
  }
}
