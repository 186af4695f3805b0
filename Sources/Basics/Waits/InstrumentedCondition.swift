import CSelfSampler
import Glibc

/// A condition to wait for while holding an `InstrumentedLock`; its waits can be recorded.
///
/// Deadlines are on the monotonic clock. As with every condition, a waiter can wake without a
/// signal, so it waits in a loop that looks at what it waits for.
///
/// Invariant: `condition` lies in memory of its own that never moves and lives as long as self.
@safe package final class InstrumentedCondition: @unchecked Sendable {
  private let name: StaticString
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  package init(_ name: StaticString) {
    self.name = name
    unsafe condition = .allocate(capacity: 1)
    // SAFETY: fresh memory for one condition; the attribute is a local that init copies from.
    unsafe condition.initialize(to: pthread_cond_t())
    var attribute = pthread_condattr_t()
    unsafe pthread_condattr_init(&attribute)
    unsafe pthread_condattr_setclock(&attribute, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attribute)
    unsafe pthread_condattr_destroy(&attribute)
  }

  deinit {
    // SAFETY: nobody can wait any more, because waiting needs a reference.
    unsafe pthread_cond_destroy(condition)
    unsafe condition.deallocate()
  }

  /// Waits for a signal; the caller holds `lock`, before and after.
  package func wait(holding lock: InstrumentedLock) {
    recorded {
      // SAFETY: both live as long as the objects they belong to, which the caller keeps.
      unsafe lock.whileReleased { mutex in
        _ = unsafe pthread_cond_wait(condition, mutex)
      }
    }
  }

  /// Waits for a signal, but not past `deadline`; answers false when the deadline came first.
  package func wait(holding lock: InstrumentedLock, until deadline: UInt64) -> Bool {
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    return recorded {
      // SAFETY: as above; the time is a local that outlives the call.
      unsafe lock.whileReleased { mutex in
        unsafe pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
      }
    }
  }

  package func signal() {
    // SAFETY: the condition was initialized in init and lives as long as self.
    unsafe pthread_cond_signal(condition)
  }

  package func broadcast() {
    // SAFETY: as above.
    unsafe pthread_cond_broadcast(condition)
  }

  private func recorded<Result>(_ body: () -> Result) -> Result {
    Waits.timed(.condition, name, body)
  }
}
