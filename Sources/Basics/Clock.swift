import Glibc

/// The monotonic clock in nanoseconds, the same one that stamps the sampler's records.
package enum Clock {
  package static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// CPU time of the calling thread.
  package static func threadCPU() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// CPU time of the whole process, finished threads included.
  package static func processCPU() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  /// CPU time of another process of ours; zero when it is gone.
  package static func processCPU(of pid: Int32) -> UInt64 {
    // The kernel's own encoding of "the scheduler's clock of that process".
    read(clockid_t(~pid << 3 | 2))
  }

  /// Nanoseconds between two ticks of the kernel, on which CPU timers fire.
  package static var tick: UInt64 {
    var time = timespec()
    // SAFETY: the pointer is to a local that outlives the call.
    guard unsafe clock_getres(CLOCK_REALTIME_COARSE, &time) == 0 else { return 10_000_000 }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Wall-clock nanoseconds since 1970: for people and file names, never for durations.
  package static func wall() -> UInt64 { read(CLOCK_REALTIME) }

  /// Sleeps until the monotonic clock shows `deadline`; returns at once when it already does.
  package static func sleep(until deadline: UInt64) {
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    // SAFETY: the pointer is to a local that outlives the call; the remainder is not asked for.
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // SAFETY: the kernel writes one timespec into a local of that type.
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
