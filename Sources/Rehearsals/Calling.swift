import Basics
import FoundationEssentials
import Glibc

/// System calls in known numbers, each kind in a function of its own.
enum Calling {
  /// Works at once; nil for a mode of somebody else.
  static func work(_ mode: String) throws -> [String: UInt64]? {
    switch mode {
    case "calls": try all()
    case "calls-forked": try forked()
    case "calls-loop": askOften(2_000_000)
    case "calls-loop-brief": askOften(100_000)
    case "calls-pipe": try pingPong(rounds: 100_000)
    case "calls-pipe-brief": try pingPong(rounds: 5_000)
    default: nil
    }
  }

  private static func all() throws -> [String: UInt64] {
    let folder = FileManager.default.temporaryDirectory.path + "/vbench-calls-\(Clock.now())"
    try FileSystem.makeDirectory(folder)
    defer { try? FileSystem.removeTree(folder) }
    let parents = askForParent(10_000)
    readBytes(500)
    let slept = sleepBriefly(times: 50)
    try syncOften("\(folder)/file", times: 100)
    failToOpen("\(folder)/none", times: 30)
    return [
      "getppid": UInt64(parents), "read": 500, "nanosleep": 50, "fsync": 100, "failed": 30,
      "slept": slept,
    ]
  }

  /// The same in a child that becomes the same program again.
  private static func forked() throws -> [String: UInt64] {
    let own = SymbolicLink.target(of: "/proc/self/exe") ?? ""
    let words = CommandLine.arguments.dropFirst().map { $0 == "calls-forked" ? "calls" : $0 }
    let output = try Pipe()
    var child = try ChildProcess(
      [own] + words, descriptors: [(output.writing.descriptor, 1)])
    var channel = LineChannel(input: output.keepReading(), output: try Pipe().keepWriting())
    guard case .text(let line) = try channel.receive(milliseconds: 60_000),
      line.hasPrefix("done ")
    else { return [:] }
    _ = try child.wait()
    return line.dropFirst(5).split(separator: " ").reduce(into: [:]) { truth, pair in
      let parts = pair.split(separator: "=")
      truth[String(parts[0])] = UInt64(parts[1])
    }
  }

  @inline(never)
  private static func askForParent(_ times: Int) -> Int {
    (0..<times).count { _ in getppid() >= 0 }
  }

  @inline(never)
  private static func readBytes(_ times: Int) {
    // SAFETY: the path is alive during the call, which reads it; so it is below.
    let zeros = unsafe open("/dev/zero", O_RDONLY)
    defer { close(zeros) }
    var byte: UInt8 = 1
    for _ in 0..<times {
      // SAFETY: one byte is asked for, and there is one.
      _ = unsafe read(zeros, &byte, 1)
    }
  }

  /// Two milliseconds each; answers how long all of them took by the clock.
  @inline(never)
  private static func sleepBriefly(times: Int) -> UInt64 {
    let length = timespec(tv_sec: 0, tv_nsec: 2_000_000)
    return (0..<times).reduce(UInt64(0)) { sum, _ in
      var length = length
      let start = Clock.now()
      // SAFETY: the kernel reads a local; the rest is not asked for.
      _ = unsafe nanosleep(&length, nil)
      return sum + Clock.now() - start
    }
  }

  @inline(never)
  private static func syncOften(_ path: String, times: Int) throws {
    // SAFETY: as above.
    let file = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
    defer { close(file) }
    for _ in 0..<times { fsync(file) }
  }

  @inline(never)
  private static func failToOpen(_ path: String, times: Int) {
    // SAFETY: as above.
    for _ in 0..<times { _ = unsafe open(path, O_RDONLY) }
  }

  // MARK: - For measuring what watching costs

  private static func askOften(_ times: Int) -> [String: UInt64] {
    let start = Clock.now()
    let count = askForParent(times)
    return ["getppid": UInt64(count), "loop": Clock.now() - start]
  }

  /// A byte to and fro between two threads.
  private static func pingPong(rounds: Int) throws -> [String: UInt64] {
    let there = try Pipe()
    let back = try Pipe()
    let ends = [
      (there.writing.descriptor, back.reading.descriptor),
      (back.writing.descriptor, there.reading.descriptor),
    ]
    let start = Clock.now()
    _ = try WorkerThreads.run(count: 2, name: "player") { player in
      for _ in 0..<rounds {
        if player == 0 { send(ends[0].0) }
        receive(ends[player].1)
        if player == 1 { send(ends[1].0) }
      }
    }
    return ["rounds": UInt64(rounds), "loop": Clock.now() - start]
  }

  @inline(never)
  private static func send(_ descriptor: Int32) {
    var byte: UInt8 = 1
    // SAFETY: one byte is given, and there is one.
    _ = unsafe write(descriptor, &byte, 1)
  }

  @inline(never)
  private static func receive(_ descriptor: Int32) {
    var byte: UInt8 = 0
    // SAFETY: one byte is asked for, and there is one.
    _ = unsafe read(descriptor, &byte, 1)
  }
}
