import Basics

/// Lets many writers pass at once, and stops them all for a checkpoint.
final class WriterGate: Sendable {
  private let lock = InstrumentedLock("store.gate")
  private let changed = InstrumentedCondition("store.gate")
  private let state = State()

  /// Guarded by `lock`.
  private final class State: @unchecked Sendable {
    var active = 0
    var isShut = false
  }

  func pass<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.withLock {
      while state.isShut { changed.wait(holding: lock) }
      state.active += 1
    }
    defer {
      lock.withLock {
        state.active -= 1
        if state.active == 0, state.isShut { changed.broadcast() }
      }
    }
    return try body()
  }

  /// Runs something while no writer is inside; one at a time.
  func shut<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.withLock {
      while state.isShut { changed.wait(holding: lock) }
      state.isShut = true
      while state.active > 0 { changed.wait(holding: lock) }
    }
    defer {
      lock.withLock {
        state.isShut = false
        changed.broadcast()
      }
    }
    return try body()
  }
}
