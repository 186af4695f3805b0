// Stands in for the instrumented locks until they land; same interface, nothing recorded.
import Glibc

package enum WaitClass: String, Codable, Sendable { case lock, condition, disk, sleep, other }

@safe package final class InstrumentedLock: @unchecked Sendable {
  fileprivate let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  package init(_ name: StaticString) { unsafe _ = pthread_mutex_init(mutex, nil) }
  deinit { unsafe mutex.deallocate() }
  package func lock() { unsafe _ = pthread_mutex_lock(mutex) }
  package func unlock() { unsafe _ = pthread_mutex_unlock(mutex) }
  package func withLock<R, E>(_ body: () throws(E) -> R) throws(E) -> R {
    lock()
    defer { unlock() }
    return try body()
  }
}

@safe package final class InstrumentedCondition: @unchecked Sendable {
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  package init(_ name: StaticString) { 
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
  }
  deinit { unsafe condition.deallocate() }
  package func wait(holding lock: InstrumentedLock) {
    unsafe _ = pthread_cond_wait(condition, lock.mutex)
  }
  package func wait(holding lock: InstrumentedLock, until deadline: UInt64) -> Bool {
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    return unsafe pthread_cond_timedwait(condition, lock.mutex, &time) == 0
  }
  package func signal() { unsafe _ = pthread_cond_signal(condition) }
  package func broadcast() { unsafe _ = pthread_cond_broadcast(condition) }
}

package enum Waits {
  package static func timed<R, E>(
    _ wait: WaitClass, _ name: StaticString, _ body: () throws(E) -> R
  ) throws(E) -> R { try body() }
}
