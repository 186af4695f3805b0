import CBasics
import Glibc

/// The CPU time of the thread that made it.
///
/// The kernel settles the account of a thread that asks for CLOCK_THREAD_CPUTIME_ID, sees that its
/// turn is over, and gives the core to another one. With 48 threads on two cores nearly all that
/// they waited for a core fell into these calls, and next to nothing into the work between them. An
/// event that counts the same time is read without that; where none may be opened, the clock must
/// do.
///
/// The event also counts what the host took away from the processor meanwhile, and the kernel's
/// account does not: `shareOfOwn` holds the one against the other.
package final class ThreadCPUClock {
  /// Negative where none may be opened.
  private let event = vb_thread_clock_open()
  private let born = Clock.threadCPU()

  package init() {}

  deinit { if event >= 0 { close(event) } }

  /// CPU time, and the moments around asking for it.
  package struct Reading {
    package let cpu: UInt64
    private let asked: UInt64
    private let answered: UInt64

    @inline(never)
    fileprivate init(_ event: Int32) {
      asked = Clock.now()
      cpu = event >= 0 ? vb_thread_clock_read(event) : Clock.threadCPU()
      answered = Clock.now()
    }

    /// No system call takes that long by itself: the thread lost its core in it.
    private static let longest: UInt64 = 20_000

    private var isPutOff: Bool { answered - asked > Self.longest }

    /// When the work behind it began: a core that is lost here would have been lost in the work.
    package var beginning: UInt64 { isPutOff ? asked : answered }

    /// When the work before it was over.
    package var end: UInt64 { isPutOff ? answered : asked }
  }

  package func read() -> Reading { Reading(event) }

  /// What of all that was read so far the kernel holds to be the thread's own.
  package var shareOfOwn: Double {
    let counted = read().cpu
    guard event >= 0, counted > 0 else { return 1 }
    return min(1, Double(Clock.threadCPU() - born) / Double(counted))
  }
}
