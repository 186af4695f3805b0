import Glibc

/// Counts permits; whoever finds none sleeps until somebody gives one.
///
/// Unlike a condition it has no lock that all who wake must take in turn.
///
/// Invariants: `semaphore` lies in memory of its own that never moves, as the C library demands,
/// and lives as long as self; nobody waits when the last reference goes.
@safe package final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  package init() {
    unsafe semaphore = .allocate(capacity: 1)
    // SAFETY: fresh memory for one semaphore, initialized here and destroyed in deinit.
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    // SAFETY: waiting needs a reference, so nobody does.
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  package func wait() {
    // SAFETY: initialized in init, alive as long as self.
    while unsafe sem_wait(semaphore) != 0 {}
  }

  package func give(_ permits: Int = 1) {
    // SAFETY: as above.
    for _ in 0..<permits { unsafe sem_post(semaphore) }
  }
}
