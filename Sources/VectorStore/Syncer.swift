import Basics
import StorageEngine
import Vocabulary

/// The background thread of the relaxed mode: syncs what was written, at least so often.
///
/// It runs on a timer, so that the last batch is synced even if nothing follows it; when nothing
/// was written it does nothing.
final class Syncer: Sendable {
  private let engine: StorageEngine
  private let interval: UInt64
  private let lock = InstrumentedLock("store.syncer")
  private let changed = InstrumentedCondition("store.syncer.idle")
  private let state = State()

  /// Guarded by `lock`.
  private final class State: @unchecked Sendable {
    var isStopping = false
    var thread: RunningThread?
  }

  static func start(engine: StorageEngine, durability: Durability) -> Syncer? {
    guard case .relaxed(let milliseconds, _) = durability else { return nil }
    let syncer = Syncer(engine, interval: UInt64(milliseconds) * 1_000_000)
    let thread = try? WorkerThreads.start(name: "engine-sync") { syncer.run() }
    guard let thread else { return nil }
    syncer.lock.withLock { syncer.state.thread = thread }
    return syncer
  }

  private init(_ engine: StorageEngine, interval: UInt64) {
    self.engine = engine
    self.interval = interval
  }

  private func run() {
    while waitForTurn() {
      // A failed sync poisons the log; the next writer is told.
      Marker.run(.flush) { try? engine.synchronize() }
    }
  }

  private func waitForTurn() -> Bool {
    lock.withLock {
      let deadline = Clock.now() + interval
      while !state.isStopping {
        if !changed.wait(holding: lock, until: deadline) { break }
      }
      return !state.isStopping
    }
  }

  func stop() {
    let thread = lock.withLock { () -> RunningThread? in
      state.isStopping = true
      changed.broadcast()
      return state.thread.take()
    }
    if let thread { WorkerThreads.join(thread) }
  }
}
