package import Basics
import CPerfEvents
import Glibc

/// A command that has been forked and waits before its exec, so that it can be watched from its
/// first instruction on.
///
/// Invariants: `release` and `failure` are our ends of two pipes, closed once, by `letGo` or
/// `deinit`. A command that is never let go ends by itself when its pipe closes.
package struct HeldCommand: ~Copyable {
  package let pid: Int32
  private let release: Int32
  private let failure: Int32
  private var isHeld = true

  /// How a command ended and what it used.
  package struct End: Sendable {
    package let end: ChildProcess.End
    package let userSeconds: Double
    package let systemSeconds: Double
    package let peakResidentBytes: Int
  }

  /// Forks; `more` is added to the environment.
  package init(_ words: [String], more: [String: String] = [:]) throws(SystemError) {
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var pairs = unsafe ProcessEnvironment.merged(with: more).map { unsafe strdup($0) } + [nil]
    defer {
      unsafe arguments.forEach { unsafe free($0) }
      unsafe pairs.forEach { unsafe free($0) }
    }
    var (release, failure): (Int32, Int32) = (0, 0)
    // SAFETY: both lists end with nil and live until the child has its own copy of them.
    let pid = unsafe vb_command_hold(&arguments, &pairs, &release, &failure)
    if pid < 0 { throw SystemError("start", words.first ?? "", code: -pid) }
    (self.pid, self.release, self.failure) = (pid, release, failure)
  }

  deinit {
    if isHeld {
      close(release)
      close(failure)
      // SAFETY: the status is not asked for.
      _ = waitpid(pid, nil, 0)
    }
  }

  /// Lets it become the command; says why when there is no such command.
  package mutating func letGo(_ name: String) throws(SystemError) {
    isHeld = false
    let code = vb_command_release(release, failure)
    guard code != 0 else { return }
    // SAFETY: the status is not asked for.
    _ = waitpid(pid, nil, 0)
    throw SystemError("run", name, code: code)
  }

  /// How it ended; nil while it runs, unless told to wait.
  package func ended(waiting: Bool = false) -> End? {
    var status: Int32 = 0
    var usage = rusage()
    // SAFETY: the kernel writes into two locals.
    let got = unsafe wait4(pid, &status, waiting ? 0 : WNOHANG, &usage)
    guard got == pid else { return nil }
    let end: ChildProcess.End =
      status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: status & 0x7f)
    return End(
      end: end, userSeconds: Self.seconds(usage.ru_utime),
      systemSeconds: Self.seconds(usage.ru_stime), peakResidentBytes: usage.ru_maxrss * 1_024)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
