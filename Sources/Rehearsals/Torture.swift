import Basics
import FoundationEssentials
import Glibc
import Synchronization

@_silgen_name("fork")
private func forkThisProcess() -> Int32

@_silgen_name("_Unwind_Backtrace")
private func walkOwnStack(
  _ visit: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32

/// All that makes a watcher hang or crash which does more than look: the loader's lock, the
/// allocator's, unwinding, threads that come and go, forks, and programs that follow each other.
enum Torture {
  private struct Thrown: Error { let text: [Int] }

  private static let bodies: [(name: String, body: @Sendable () -> Void)] = [
    ("loads", loads), ("throws", throwing), ("unwinds", unwinds), ("allocations", allocates),
    ("threads", startsThreads), ("forks", forks), ("programs", runsPrograms),
  ]

  /// Does it all at once for a while; answers how many rounds each way took.
  static func everything(seconds: UInt64) throws -> [String: UInt64] {
    let end = Clock.now() + seconds * 1_000_000_000
    let rounds = try WorkerThreads.run(count: bodies.count, name: "torture") { index -> UInt64 in
      var rounds: UInt64 = 0
      while Clock.now() < end {
        bodies[index].body()
        rounds += 1
      }
      return rounds
    }
    return Dictionary(uniqueKeysWithValues: zip(bodies.map(\.name), rounds))
  }

  private static let loads: @Sendable () -> Void = {
    for name in ["libresolv.so.2", "libnss_files.so.2", "libutil.so.1", "libanl.so.1"] {
      // SAFETY: the name is a constant; what was opened is closed once and never used.
      if let handle = unsafe dlopen(name, RTLD_NOW) { _ = unsafe dlclose(handle) }
    }
  }

  @inline(never)
  private static func throwDeep(_ depth: Int) throws -> Int {
    if depth == 0 { throw Thrown(text: Array(0..<50)) }
    return try throwDeep(depth - 1) + 1
  }

  private static let throwing: @Sendable () -> Void = { _ = try? throwDeep(30) }

  /// Takes the same locks and walks the same tables as a C++ exception does.
  private static let unwinds: @Sendable () -> Void = {
    for _ in 0..<20 {
      // SAFETY: the visitor touches nothing and goes on until the stack ends.
      _ = unsafe walkOwnStack({ _, _ in 0 }, nil)
    }
  }

  private static let allocates: @Sendable () -> Void = {
    var kept: [[UInt8]] = []
    for size in 1..<400 { kept.append([UInt8](repeating: 1, count: size * 37 % 5_000)) }
    kept.removeAll()
  }

  private static let startsThreads: @Sendable () -> Void = {
    let threads = (0..<4).compactMap { _ in
      try? WorkerThreads.start(name: "brief") { for _ in 0..<3 { allocates() } }
    }
    threads.forEach(WorkerThreads.join)
  }

  private static let forks: @Sendable () -> Void = {
    let pid = forkThisProcess()
    if pid == 0 { _exit(0) }
    if pid > 0 {
      // SAFETY: the status is not asked for.
      _ = waitpid(pid, nil, 0)
    }
  }

  private static let runsPrograms: @Sendable () -> Void = {
    guard var child = try? ChildProcess(["/bin/true"]) else { return }
    _ = try? child.wait()
  }
}
