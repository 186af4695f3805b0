import CSelfSampler

/// How long a thread has stood still since it was born, by what it waited for, in nanoseconds.
///
/// It is added up whether or not anybody records: two looks at the clock beside a wait, which took
/// a switch of threads anyway, and nothing where there is none. It sees what goes through
/// `InstrumentedLock`, `InstrumentedCondition` and `Waits.timed`; the turn for a core after a wait
/// is part of the wait.
package struct ThreadWaits: Sendable, Equatable {
  package var lock: UInt64
  package var condition: UInt64
  package var disk: UInt64

  package init(lock: UInt64 = 0, condition: UInt64 = 0, disk: UInt64 = 0) {
    (self.lock, self.condition, self.disk) = (lock, condition, disk)
  }

  /// Those of the calling thread; the difference of two is what happened between.
  package static func now() -> ThreadWaits {
    ThreadWaits(lock: sum(.lock), condition: sum(.condition), disk: sum(.disk))
  }

  package static func - (later: ThreadWaits, earlier: ThreadWaits) -> ThreadWaits {
    ThreadWaits(
      lock: later.lock &- earlier.lock, condition: later.condition &- earlier.condition,
      disk: later.disk &- earlier.disk)
  }

  /// Adds a wait of the calling thread.
  static func note(_ wait: WaitClass, _ nanoseconds: UInt64) {
    vb_note_own_wait(place(wait), nanoseconds)
  }

  private static func sum(_ wait: WaitClass) -> UInt64 { vb_own_wait(place(wait)) }

  private static func place(_ wait: WaitClass) -> Int32 {
    switch wait {
    case .lock: 0
    case .condition: 1
    case .disk: 2
    case .sleep: 3
    case .other: 4
    }
  }
}
