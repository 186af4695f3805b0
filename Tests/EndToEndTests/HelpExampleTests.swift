import Foundation
import TestSupport
import Testing

/// Every example of every help page is accepted, and runs, in a folder that has what it names.
///
/// The program itself tells which examples there are, so a new one is tested without a change here.
/// What would take longer than a few seconds gets flags behind its own that make it small; a
/// process to watch and a time to watch it for are put in their places. Experiments of many runs
/// (`ab`, `ablate`, `saturate`) are only planned and the doctor's minutes only begun: they have
/// tests of their own.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct HelpExampleTests {
  private let tinyWorkload = "-n 300 --dims 8 -d 150ms --warmup 0 --trials 1 --rate 200"

  /// What stands behind the words of an example so that it ends soon; the last flag of a kind wins.
  private func reduction(of command: String, _ example: String) -> String {
    switch command {
    // The source's load is a closed loop, which has no rate.
    case "market" where example.contains("--preset source"):
      tinyWorkload.replacing(" --rate 200", with: "")
    // A machine without valgrind refuses to begin; SimulatedCacheTests run it where there is one.
    case "search-only" where example.contains("--simulate-cache"): "--dry-run"
    case "market", "search-only":
      example.contains("file:") ? tinyWorkload.replacing(" --dims 8", with: "") : tinyWorkload
    case "write-only":
      example.contains("--kill-test") ? "--kill-test 1" : tinyWorkload
    case "run": example.contains("--list") || example.contains("--show") ? "" : tinyWorkload
    case "quick": "-n 200 --dims 16 --query-count 250 --trials 2"
    case "sweep" where example.contains("file:"):
      "--query-count 20 --trials 1 -d 20ms --warmup 0"
    case "sweep": "-n 300 --dims 8 --query-count 50 --trials 1 -d 20ms --warmup 0"
    case "micro": "-n 2k --samples 11"
    case "doctor" where example.contains("--disk"): "--disk-time 500ms"
    case "dataset" where example.contains(" gen "): "-n 400 --query-count 20"
    default: ""
    }
  }

  private static func isLong(_ example: String) -> Bool {
    example.contains("--self-test") || example.contains("--diagnosis")
  }

  /// What a command may end with when nothing is wrong with its line, beside 0.
  private func statuses(of command: String, _ example: String) -> Set<Int32> {
    switch command {
    // Two equal runs prove nothing, and `done` says so.
    case "tracker": [0, 1]
    // Beside other tests the machine may be too noisy for what it plants.
    case "compare" where example.contains("--self-test"): [0, 1]
    // They take minutes: here they only begin, and are interrupted.
    case "doctor" where Self.isLong(example): [0, 1, 124, 130]
    // A temporary folder may be memory, and then there is no disk to ask.
    case "doctor" where example.contains("--disk"): [0, 1]
    default: [0]
    }
  }

  @Test func `every example of every help page can be typed as it stands`() throws {
    let place = try ExamplePlace()
    var seen = 0
    for command in try commands() {
      for example in try examples(of: command) {
        #expect(example.hasPrefix("vbench "), "\(command): \(example)")
        let whole = place.line(example, small: reduction(of: command, example))
        let isLong = command == "doctor" && Self.isLong(example)
        let line = isLong ? "timeout --signal INT --kill-after 10 4 \(whole)" : whole
        let run = try place.run(line)
        let isFine = statuses(of: command, example).contains(run.status)
        #expect(isFine, "\(line) ended with \(run.status): \(run.errors.suffix(400))")
        #expect(!run.errors.contains("vbench bug"), "\(line)")
        seen += 1
      }
    }
    #expect(seen > 60, "the help pages name \(seen) examples")
  }

  /// As the overview lists them.
  private func commands() throws -> [String] {
    let help = try BuiltProgram.run(["help"])
    let list = help.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    try #require(list.contains("market") && list.contains("completions"))
    return list
  }

  private func examples(of command: String) throws -> [String] {
    let parts = try BuiltProgram.run(["help", command]).output.components(
      separatedBy: "\nExamples:\n")
    guard parts.count == 2 else { return [] }
    return parts[1].split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// A folder with every file, run and program that an example names.
private final class ExamplePlace {
  private let folder: TemporaryDirectory
  /// Two processes that stay, to be watched.
  private let servers = [Process(), Process()]

  var work: String { folder.file("work") }

  init() throws {
    folder = try TemporaryDirectory("help")
    let files = FileManager.default
    for path in ["work/Profiles", "work/Reports", "work/Data", "bin", "before/.build/release"] {
      try files.createDirectory(atPath: folder.file(path), withIntermediateDirectories: true)
    }
    let shells = ".local/share/bash-completion/completions"
    try files.createDirectory(
      atPath: folder.file("work/\(shells)"), withIntermediateDirectories: true)
    let program = try #require(BuiltProgram.path)
    try files.createSymbolicLink(
      atPath: folder.file("bin/vbench"), withDestinationPath: program)
    // Another build, as far as anybody can tell.
    let before = folder.file("before/.build/release/vbench")
    try files.copyItem(atPath: program, toPath: before)
    let end = try FileHandle(forWritingTo: URL(filePath: before))
    try end.seekToEnd()
    try end.write(contentsOf: Data([0]))
    try end.close()
    try placeRuns()
    try placeFiles()
    try placePrograms()
    // Two commits, for the examples that compare revisions.
    let commit = "git -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m x"
    let repository = try run("git init --quiet && \(commit) && \(commit)")
    try #require(repository.status == 0, "\(repository.errors)")
    let data = try run("vbench dataset gen Data/mine -n 400 --dims 8 --query-count 20")
    try #require(data.status == 0, "\(data.errors)")
    let name = try run("vbench baseline save release-1.2 Profiles/before")
    try #require(name.status == 0, "\(name.errors)")
    for item in ["one", "two", "three"] {
      let added = try run("vbench tracker add \(item)")
      try #require(added.status == 0, "\(added.errors)")
    }
  }

  deinit { for server in servers where server.isRunning { server.terminate() } }

  private func placeRuns() throws {
    let example = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Profiles/example")
    let services = example.deletingLastPathComponent().appending(path: "example-services").path
    try FileManager.default.copyItem(atPath: services, toPath: "\(work)/Profiles/services")
    for name in [
      "20260206_234749", "20260207_014636", "before", "after", "a1", "a2", "a3", "b1", "b2",
    ] {
      try FileManager.default.copyItem(atPath: example.path, toPath: "\(work)/Profiles/\(name)")
    }
    try FileManager.default.copyItem(
      atPath: example.appending(path: "engine_cpu.pprof").path, toPath: "\(work)/engine_cpu.pprof")
  }

  private func placeFiles() throws {
    let fixtures = Golden.fixtures
    for (name, source) in [
      ("worker1_cpu.pprof", "go/go_cpu.pprof"), ("old.pprof", "go/go_cpu.pprof"),
      ("new.pprof", "go/go_cpu.pprof"), ("perf.data", "foreign/perf.data"),
      ("script.txt", "foreign/perf_script.txt"), ("old_bench.txt", "foreign/go_bench.txt"),
      ("new_bench.txt", "foreign/go_bench.txt"), ("our.rules", "our.rules"),
      ("Reports/targets.txt", "../../Reports/example-targets.txt"),
    ] {
      try FileManager.default.copyItem(atPath: "\(fixtures)/\(source)", toPath: "\(work)/\(name)")
    }
    let values = (0..<(40 * 4)).map { Float($0 % 17) + 1 }
    try (numpy(rows: 40, dimensions: 4) + bytes(values)).write(
      to: URL(filePath: "\(work)/rows.npy"))
    try (words([5, 4]) + bytes(Array(values.prefix(20)))).write(
      to: URL(filePath: "\(work)/asked.fbin"))
  }

  private func numpy(rows: Int, dimensions: Int) -> Data {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(dimensions)), }"
    let padded = text.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8))
  }

  private func bytes(_ values: [Float]) -> Data { words(values.map(\.bitPattern)) }

  private func words(_ values: [UInt32]) -> Data {
    Data(values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } })
  }

  /// A server that is busy for a moment and ends, and what `make` needs.
  private func placePrograms() throws {
    try "#!/bin/bash\nfor ((i = 0; i < 20000; i++)); do :; done\n".write(
      toFile: "\(work)/server", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: "\(work)/server")
    try "all:\n\t@true\n".write(toFile: "\(work)/Makefile", atomically: true, encoding: .utf8)
    for server in servers {
      server.executableURL = URL(filePath: "/bin/bash")
      server.arguments = ["-c", "exec sleep 300"]
      server.standardInput = FileHandle.nullDevice
      try server.run()
    }
  }

  /// The line to type: all words of the example, with a process that is there, and the reduction.
  func line(_ example: String, small: String) -> String {
    var line = example
    for (number, server) in zip(["4711", "4712"], servers) {
      line = line.replacing(number, with: "\(server.processIdentifier)")
    }
    if line.contains(" -p ") || line.contains("--service") {
      for time in ["30s", "1m"] { line = line.replacing("-d \(time)", with: "-d 300ms") }
    }
    if line.hasPrefix("vbench doctor --aa") {
      let tiny = "-n 300 --dims 8 -d 100ms --warmup 0 --trials 1"
      return line.contains(" -- ") ? "\(line) \(tiny)" : "\(line) -- market \(tiny)"
    }
    if line.hasPrefix("vbench dataset import Data/mine") {
      return "mv Data/mine Data/kept && \(line); s=$?; rm -r Data/mine; mv Data/kept Data/mine; "
        + "(exit $s)"
    }
    // These make dozens of trials, which tests of their own do; here they only plan them.
    for command in ["ab", "ablate", "saturate"] where line.hasPrefix("vbench \(command) ") {
      return line.replacing("vbench \(command) ", with: "vbench \(command) --dry-run ")
    }
    // What is redirected gets nothing behind it.
    return small.isEmpty || line.contains(" > ") ? line : "\(line) \(small)"
  }

  func run(_ line: String) throws -> (status: Int32, errors: String) {
    let (out, err) = (folder.file("out"), folder.file("err"))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    // Runs that were made meanwhile are the latest ones; the examples speak of another.
    process.arguments = [
      "-c", "ln -sfn 20260207_014636 Profiles/latest; { \(line); } > '\(out)' 2> '\(err)'",
    ]
    process.currentDirectoryURL = URL(filePath: work)
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(folder.file("bin")):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["HOME"] = work
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let errors = try String(contentsOfFile: err, encoding: .utf8)
    return (process.terminationStatus, errors)
  }
}
