import CBasics
import Glibc

/// A child process with pipes on chosen descriptors, reaped exactly once.
@safe package struct ChildProcess: ~Copyable {
  package let pid: Int32
  private var isReaped = false

  /// How a child ended.
  package enum End: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)

    /// As a shell would say it.
    package var status: Int32 {
      switch self {
      case .exited(let code): code
      case .killed(let signal): 128 + signal
      }
    }
  }

  /// Starts `arguments[0]`, giving it our descriptors under the numbers asked for.
  ///
  /// - Parameters:
  ///   - arguments: The program's path and its words.
  ///   - descriptors: Ours → the child's. Standard streams not named here are inherited.
  ///   - environment: Set in addition to ours.
  ///   - detached: In a session of its own, out of reach of the terminal's signals.
  /// - Throws: What the system said when the program could not be started.
  package init(
    _ arguments: [String], descriptors: [(ours: Int32, childs: Int32)] = [],
    environment: [String: String] = [:], detached: Bool = false
  ) throws(SystemError) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    // SAFETY: both are initialized here and destroyed below, after the last call that uses them.
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for pair in descriptors {
      unsafe posix_spawn_file_actions_adddup2(&actions, pair.ours, pair.childs)
    }
    if detached { unsafe posix_spawnattr_setflags(&attributes, Int16(vb_spawn_session_flag())) }
    let program = arguments.first ?? ""
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var started: pid_t = 0
    var pairs =
      unsafe ProcessEnvironment.merged(with: environment).map { unsafe strdup($0) } + [nil]
    defer { unsafe pairs.forEach { unsafe free($0) } }
    // SAFETY: both lists are nil-terminated and live until the child has its own copies.
    let code = unsafe posix_spawn(&started, program, &actions, &attributes, &words, &pairs)
    if code != 0 { throw SystemError("start", program, code: code) }
    pid = started
  }

  deinit {
    if !isReaped {
      Glibc.kill(pid, SIGKILL)
      // SAFETY: the status is not asked for.
      _ = waitpid(pid, nil, 0)
    }
  }

  package func signal(_ number: Int32) { Glibc.kill(pid, number) }

  package func kill() { signal(SIGKILL) }

  /// To a detached child and everybody it started.
  package func signalSession(_ number: Int32) { Glibc.kill(-pid, number) }

  /// Waits until the child has ended.
  package mutating func wait() throws(SystemError) -> End {
    var status: Int32 = 0
    // SAFETY: the kernel writes one Int32, a local.
    _ = try retrying("wait for", "process \(pid)") { unsafe waitpid(pid, &status, 0) }
    isReaped = true
    return status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: status & 0x7f)
  }
}

/// A pipe whose ends do not leak into children unless handed over.
package struct Pipe: ~Copyable {
  package let reading: File
  package let writing: File

  package init() throws(SystemError) {
    var ends: [Int32] = [0, 0]
    // SAFETY: pipe2 writes two descriptors into an array of two.
    _ = try retrying("make a pipe", "") { unsafe vb_pipe(&ends) }
    reading = File(adopting: ends[0], path: "pipe")
    writing = File(adopting: ends[1], path: "pipe")
  }

  /// Keeps the reading end and closes the other.
  package consuming func keepReading() -> File { reading }

  /// Keeps the writing end and closes the other.
  package consuming func keepWriting() -> File { writing }
}
