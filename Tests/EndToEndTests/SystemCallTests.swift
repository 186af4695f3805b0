import Foundation
import TestSupport
import Testing

/// Programs that make known calls, watched by the built program.
private enum Watched {
  /// Whether this user may watch system calls; the reason is printed when not.
  static let isPossible: Bool = {
    guard BuiltProgram.path != nil else {
      print("skipped: the program is not built")
      return false
    }
    guard let run = try? BuiltProgram.run(["syscalls", "--", "true"]) else { return false }
    if run.status != 0 { print("skipped: \(run.errors)") }
    return run.status == 0
  }()

  struct Caller: Decodable {
    let function: String
    let operation: String?
    let count: Int
    let seconds: Double
  }

  struct Call: Decodable {
    let call: String
    let count: Int
    let errors: Int
    let errorNames: [String: Int]
    let seconds: Double
    let p50Seconds: Double?
    let openAtEnd: Int
    let untimed: Int
    let callers: [Caller]
  }

  struct Document: Decodable {
    let calls: [Call]
    let count: Int
    let lostCalls: Int
    let isLowerBound: Bool

    subscript(name: String) -> Call? { calls.first { $0.call == name } }
  }

  /// What was seen, and what the program says it did.
  static func watch(
    _ mode: String, _ flags: [String] = [], in folder: TemporaryDirectory
  ) throws -> (seen: Document, truth: [String: Int], status: Int32) {
    let file = folder.file("calls.json")
    let run = try BuiltProgram.run(
      ["syscalls", "--json", "-o", file] + flags + [
        "--", BuiltProgram.path ?? "", "__rehearse", mode,
      ],
      in: folder.path)
    let seen = try JSONDecoder().decode(
      Document.self, from: Data(contentsOf: URL(filePath: file)))
    return (seen, truth(run.output), run.status)
  }

  static func truth(_ output: String) -> [String: Int] {
    let line = output.split(separator: "\n").first { $0.hasPrefix("done ") } ?? ""
    return line.dropFirst(5).split(separator: " ").reduce(into: [:]) { truth, pair in
      let parts = pair.split(separator: "=")
      if parts.count == 2 { truth[String(parts[0])] = Int(parts[1]) }
    }
  }
}

@Suite(.serialized, .enabled(if: Watched.isPossible, "system calls cannot be watched here"))
struct SystemCallTests {
  @Test(arguments: ["calls", "calls-forked"])
  func `counts, errors and times are those of the program, its children's too`(
    mode: String
  ) throws {
    let folder = try TemporaryDirectory("calls")
    let (seen, truth, status) = try Watched.watch(mode, in: folder)
    #expect(status == 0)
    #expect(truth["getppid"] == 10_000)
    try #require(!seen.isLowerBound, "records were lost on this machine")
    #expect(seen["getppid"]?.count == truth["getppid"])
    #expect(seen["fsync"]?.count == truth["fsync"])
    #expect(seen["clock_nanosleep"]?.count == truth["nanosleep"])
    #expect((seen["read"]?.count ?? 0) >= 500)
    #expect((seen["openat"]?.errorNames["ENOENT"] ?? 0) >= 30)
    let slept = Double(truth["slept"] ?? 0) / 1e9
    #expect(abs((seen["clock_nanosleep"]?.seconds ?? 0) / slept - 1) < 0.05)
    let median = try #require(seen["clock_nanosleep"]?.p50Seconds)
    #expect(median > 0.0019 && median < 0.02)
    #expect(seen.calls.allSatisfy { $0.untimed == 0 && $0.openAtEnd == 0 })
  }

  /// A call of which no stack was taken says so; one that was taken names the right function.
  @Test func `each call is charged to the function that makes it, or to nobody`() throws {
    let folder = try TemporaryDirectory("callers")
    let (seen, _, _) = try Watched.watch("calls", in: folder)
    for (call, function) in [
      ("getppid", "askForParent"), ("clock_nanosleep", "sleepBriefly"), ("fsync", "syncOften"),
    ] {
      let callers = seen[call]?.callers ?? []
      let named = callers.map(\.function).filter { $0 != "[no stack taken]" }
      // Ten thousand calls cannot be missed; a hundred right after them can.
      if call == "getppid" { #expect(!named.isEmpty) }
      #expect(named.allSatisfy { $0.contains(function) }, "\(call): \(named)")
      #expect(callers.reduce(0) { $0 + $1.count } == seen[call]?.count, "\(call)")
    }
  }

  @Test(.enabled(if: Tool.path(of: "strace") != nil, "strace is not installed"))
  func `strace counts the same`() throws {
    let folder = try TemporaryDirectory("strace")
    let (seen, _, _) = try Watched.watch("calls-forked", in: folder)
    try #require(!seen.isLowerBound, "records were lost on this machine")
    let file = folder.file("strace")
    let output = try Tool.output(
      ["strace", "-c", "-f", "-o", file, BuiltProgram.path ?? "", "__rehearse", "calls-forked"])
    try #require(output != nil)
    var theirs: [String: Int] = [:]
    for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 5, let name = words.last, let count = Int(words[3]) else { continue }
      theirs[String(name)] = count
    }
    #expect(theirs["getppid"] == 10_000)
    for name in [
      "getppid", "read", "clock_nanosleep", "fsync", "openat", "close", "execve", "mmap",
    ] {
      #expect(seen[name]?.count == theirs[name], "\(name)")
    }
  }

  @Test func `a flood is counted, and what was lost of it is said`() throws {
    let folder = try TemporaryDirectory("flood")
    let (seen, truth, _) = try Watched.watch("calls-loop", in: folder)
    let called = truth["getppid"] ?? 0
    #expect(called == 2_000_000)
    let counted = (seen["getppid"]?.count ?? 0)
    #expect(counted <= called)
    #expect(counted + seen.lostCalls >= called)
    #expect(seen.isLowerBound == (seen.lostCalls > 0) || counted == called)
    #expect(seen["getppid"]?.callers.first?.function.contains("askForParent") == true)
  }

  @Test func `a run directory has a profile with the call and its operation as labels`() throws {
    let folder = try TemporaryDirectory("folder")
    let run = try BuiltProgram.run(
      [
        "syscalls", "--out", "P", "--name", "engine", "--", BuiltProgram.path ?? "", "__rehearse",
        "calls",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("getppid"))
    let top = try BuiltProgram.run(
      [
        "top", "-sample_index=calls", "-tagfocus=syscall=getppid",
        "P/latest/engine_syscalls.pprof",
      ], in: folder.path)
    #expect(top.status == 0, "\(top.errors)")
    #expect(top.output.contains("10000") || top.output.contains("10,000"), "\(top.output)")
    #expect(top.output.contains("askForParent"))
    #expect(try BuiltProgram.run(["top", "P/latest"], in: folder.path).status == 0)
  }

  @Test func `a process that only waits has its wait named as open`() throws {
    let folder = try TemporaryDirectory("open")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sleep")
    process.arguments = ["30"]
    try process.run()
    defer { process.terminate() }
    Thread.sleep(forTimeInterval: 0.2)
    let run = try BuiltProgram.run(
      ["syscalls", "-p", "\(process.processIdentifier)", "-d", "300ms"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Still open at the end: clock_nanosleep"), "\(run.output)")
  }

  @Test func `the command's status is ours, and a missing one is 127`() throws {
    #expect(try BuiltProgram.run(["syscalls", "-q", "--", "sh", "-c", "exit 7"]).status == 7)
    #expect(try BuiltProgram.run(["syscalls", "--", "there-is-no-such-program"]).status == 127)
  }

  @Test func `a user who may not look is told what to do`() throws {
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    guard getuid() == 0, let trial = try? BuiltProgram.run(["version"], through: words),
      trial.status == 0
    else {
      print("skipped: this user cannot become another one")
      return
    }
    let run = try BuiltProgram.run(["syscalls", "--", "true"], through: words)
    #expect(run.status == 1)
    #expect(run.errors.contains("root"), "\(run.errors)")
  }

  @Test func `a run's profiles name the calls, their cost and their callers`() throws {
    let folder = try TemporaryDirectory("run")
    let run = try BuiltProgram.run(
      [
        "write-only", "--trials", "1", "--dataset", "2000", "--dims", "32", "-d", "700ms",
        "--warmup", "100ms",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let table = try BuiltProgram.run(["syscalls", "Profiles/latest"], in: folder.path)
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("insert"), "\(table.output)")
    #expect(table.output.contains("futex") || table.output.contains("sync"), "\(table.output)")
  }
}
