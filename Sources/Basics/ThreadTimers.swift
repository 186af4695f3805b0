import CBasics

/// How exactly the kernel wakes the calling thread.
package enum ThreadTimers {
  /// Asks for wake-ups as exact as the machine gives them; the usual slack is 50 µs.
  package static func makeExact() { vb_set_exact_timers() }
}
