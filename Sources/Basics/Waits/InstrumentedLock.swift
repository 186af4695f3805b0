import CSelfSampler
import Glibc

/// A mutex that can say who waited for it, how long, and who made them wait.
///
/// While nobody records it is a plain pthread mutex behind one relaxed load, of which a thread that
/// finds it taken only adds up how long it waited (`ThreadWaits`). While somebody records, such a
/// thread notes its stack and the time before it sleeps; the holder, seeing
/// that somebody waits, leaves its own stack behind when it unlocks. Nothing is allocated or
/// written down while the mutex is held: the wait stays in `guarded` until its thread unlocks.
///
/// Invariants: `mutex`, `guarded` and `waiters` lie in memory of their own that never moves, as
/// pthread demands, and live as long as the lock. `guarded` is touched only by whoever holds the
/// mutex. It is not recursive, and must not be locked when it goes out of scope.
@safe package final class InstrumentedLock: @unchecked Sendable {
  private let name: StaticString
  fileprivate let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let guarded: UnsafeMutablePointer<Guarded>
  /// How many threads are about to wait or wait, counted only while somebody records.
  private let waiters: UnsafeMutablePointer<Int32>

  private struct Guarded {
    /// The stack of the last unlock that happened with somebody waiting.
    var releaser = CapturedStack()
    /// The wait of the present holder, to be filed once it has unlocked.
    var pending: PendingWait?
  }

  package init(_ name: StaticString) {
    self.name = name
    unsafe mutex = .allocate(capacity: 1)
    unsafe guarded = .allocate(capacity: 1)
    unsafe waiters = .allocate(capacity: 1)
    // SAFETY: fresh memory for one value each, initialized here and freed in deinit.
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe guarded.initialize(to: Guarded())
    unsafe waiters.initialize(to: 0)
    // SAFETY: the text of a literal lives as long as the program.
    name.withUTF8Buffer { text in
      guard let start = text.baseAddress else { return }
      unsafe vb_lock_remember(address, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
    }
  }

  /// By which a watcher knows the lock.
  private var address: UInt64 { unsafe UInt64(UInt(bitPattern: mutex)) }

  deinit {
    vb_lock_forget(address)
    // SAFETY: nobody can hold the lock any more, because holding it needs a reference.
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe guarded.deinitialize(count: 1).deallocate()
    unsafe waiters.deallocate()
  }

  package func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock()
    defer { unlock() }
    return try body()
  }

  package func lock() {
    let session = vb_wait_session()
    // SAFETY: the mutex was initialized in init and lives as long as self.
    if unsafe pthread_mutex_trylock(mutex) == 0 { return }
    if session != 0 { return lockSlowly(session) }
    let start = Clock.now()
    // SAFETY: as above.
    unsafe pthread_mutex_lock(mutex)
    ThreadWaits.note(.lock, Clock.now() - start)
  }

  package func unlock() {
    if vb_wait_session() == 0 {
      // SAFETY: the caller holds the mutex.
      unsafe pthread_mutex_unlock(mutex)
    } else {
      unlockSlowly()
    }
  }

  @inline(never)
  private func lockSlowly(_ session: UInt32) {
    var wait = PendingWait(session: session, waitClass: .lock, name: name)
    // SAFETY: both words live as long as self; the counter is only ever touched atomically.
    unsafe vb_add_waiter(waiters, 1)
    unsafe pthread_mutex_lock(mutex)
    wait.end = Clock.now()
    ThreadWaits.note(.lock, wait.end - wait.start)
    unsafe vb_add_waiter(waiters, -1)
    // SAFETY: the mutex is held now, so guarded is ours. The releaser's stack is used up, or the
    // next waiter could take it for its own.
    unsafe wait.releaser = guarded.pointee.releaser
    unsafe guarded.pointee.releaser.clear()
    unsafe guarded.pointee.pending = wait
  }

  @inline(never)
  private func unlockSlowly() {
    // SAFETY: the caller holds the mutex, so guarded is ours until it is unlocked.
    let pending = takePending()
    noteReleaser()
    unsafe pthread_mutex_unlock(mutex)
    if let pending { Waits.record(pending) }
  }

  /// Needs the mutex to be held.
  private func takePending() -> PendingWait? {
    // SAFETY: guarded belongs to whoever holds the mutex, which is the caller.
    guard unsafe guarded.pointee.pending != nil else { return nil }
    return unsafe guarded.pointee.pending.take()
  }

  /// Leaves the stack of the thread that is about to unlock, if somebody waits for it.
  ///
  /// The stack is cleared when nobody does, so that what is there always belongs to the last
  /// unlock. Needs the mutex to be held.
  private func noteReleaser() {
    // SAFETY: as above.
    if unsafe vb_waiter_count(waiters) > 0 {
      unsafe guarded.pointee.releaser.capture()
    } else {
      unsafe guarded.pointee.releaser.clear()
    }
  }

  /// Lets go of the mutex and takes it back around a wait on a condition.
  func whileReleased<Result>(
    _ wait: (UnsafeMutablePointer<pthread_mutex_t>) -> Result
  ) -> Result {
    guard vb_wait_session() != 0 else { return unsafe wait(mutex) }
    // The condition lets the mutex go, so this thread is the releaser of whoever waits for it.
    if let pending = takePending() { Waits.record(pending) }
    noteReleaser()
    defer { clearReleaser() }
    return unsafe wait(mutex)
  }

  private func clearReleaser() {
    // SAFETY: the condition has taken the mutex back for the caller.
    unsafe guarded.pointee.releaser.clear()
  }
}
