import CVectorKernels

/// A value behind a lock byte, for changes of a few instructions.
///
/// The standard Mutex would do, but the thread sanitizer cannot see it and would report every
/// change; this one it sees, so a report is a race.
///
/// Invariants: `value` is touched only while `lock` is 1 by the one who made it so.
@safe final class Guarded<Value>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<UInt8>
  private var value: Value

  init(_ value: consuming sending Value) {
    self.value = value
    unsafe lock = .allocate(capacity: 1)
    unsafe lock.initialize(to: 0)
  }

  deinit { unsafe lock.deallocate() }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    var tries = 0
    // SAFETY: the lock byte lives as long as this object.
    while unsafe vb_try_lock_8(lock) == 0 {
      tries &+= 1
      // The holder may have been taken off its core.
      if tries & 63 == 0 { vb_yield() } else { vb_pause() }
    }
    defer { unsafe vb_store_release_8(lock, 0) }
    return body(&value)
  }

  /// Runs `body` unless somebody else is at it.
  func withLockIfFree(_ body: (inout Value) -> Void) {
    // SAFETY: as above.
    if unsafe vb_try_lock_8(lock) == 0 { return }
    defer { unsafe vb_store_release_8(lock, 0) }
    body(&value)
  }
}
