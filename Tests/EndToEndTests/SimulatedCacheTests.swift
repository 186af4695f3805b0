import Foundation
import TestSupport
import Testing

/// `--simulate-cache` as a user runs it: with valgrind, with a broken one, and with none.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct SimulatedCacheTests {
  private let folder: TemporaryDirectory
  private let tiny = [
    "search-only", "-n", "200", "--dims", "32", "--data", "uniform", "--ef", "16", "-k", "5", "-d",
    "60ms", "--warmup", "0", "--trials", "1", "--rate", "200", "--profile", "none",
    "--simulate-cache",
  ]

  init() throws { folder = try TemporaryDirectory("simulated") }

  private func latest(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: folder.file("Profiles/latest/\(name)")))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test(.enabled(if: Tool.path(of: "valgrind") != nil, "valgrind is not installed"))
  func `twice the searches are twice the instructions, in a table of their own`() throws {
    let run = try BuiltProgram.run(tiny, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("simulated by cachegrind (valgrind 3"), "\(run.output)")
    #expect(run.output.hasSuffix("Results in Profiles/\(try name())\n"))
    let file = try latest("simulated-cache.json")
    let operation = try #require((file["operations"] as? [[String: Any]])?.first)
    func count(_ part: String, _ name: String) -> Double {
      (operation[part] as? [String: Any])?[name] as? Double ?? -1
    }
    let (half, all) = (count("firstHalf", "instructions"), count("counts", "instructions"))
    let calls = try #require(operation["calls"] as? Double)
    #expect(abs(all / (2 * half) - 1) < 0.05, "\(half) in half of the calls, \(all) in all")
    // Two hundred rows of 32 components: no search looks at fewer than a few dozen of them.
    #expect(2_000...20_000_000 ~= all / calls)
    #expect(count("counts", "branches") > count("counts", "branchMisses"))
    let functions = operation["functions"] as? [[String: Any]] ?? []
    let names = functions.compactMap { $0["name"] as? String }
    #expect(names.contains { $0.contains("GraphIndex") }, "demangled: \(names)")
    let report = try BuiltProgram.run(["report", "Profiles/latest"], in: folder.path)
    #expect(report.output.contains("## Simulated Caches"), "\(report.errors)")
  }

  private func name() throws -> String {
    try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles"))
        .first { $0 != "latest" })
  }

  @Test func `without valgrind nothing begins, and one sentence says how to get it`() throws {
    let run = try BuiltProgram.run(tiny, in: folder.path, environment: ["PATH": folder.path])
    #expect(run.status == 1)
    #expect(run.errors.contains("needs valgrind, and none is in the PATH; install it"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("Profiles")))
    let plan = try BuiltProgram.run(
      tiny + ["--dry-run"], in: folder.path, environment: ["PATH": folder.path])
    #expect(plan.output.contains("valgrind is not installed"))
  }

  /// A valgrind of which something is wrong, in front of all others.
  private func broken(_ body: String) throws -> [String: String] {
    let script = """
      #!/bin/sh
      if [ "$1" = --version ]; then echo valgrind-9.9.9; exit 0; fi
      while :; do
        case $1 in
          --cachegrind-out-file=*) out=${1#*=};;
          --log-file=*) log=${1#*=};;
          --*) ;;
          *) break;;
        esac
        shift
      done
      \(body)

      """
    let path = folder.file("valgrind")
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let known = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": "\(folder.path):\(known)"]
  }

  @Test(arguments: [
    (
      "\"$@\"; printf 'events: Ir Dr\\nfn=f\\n1 5 5\\nsummary: 5 5\\n' >$out",
      "What valgrind 9.9.9 left has no column Dw"
    ),
    (
      "echo '==1== valgrind: the impossible happened' >$log; exit 1",
      "valgrind said: valgrind: the impossible happened"
    ),
    ("\"$@\"", "ended and left no counts"),
  ])
  func `a broken valgrind costs the simulation and nothing else`(
    body: String, sentence: String
  ) throws {
    let run = try BuiltProgram.run(tiny, in: folder.path, environment: try broken(body))
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("warning: The caches were not simulated: "), "\(run.output)")
    #expect(run.output.contains(sentence), "\(run.output)")
    #expect(run.output.contains("throughput.achieved"), "what was measured is there")
    let record = try latest("run.json")
    #expect(record["status"] as? String == "complete")
    #expect(
      !FileManager.default.fileExists(atPath: folder.file("Profiles/latest/simulated-cache.json")))
  }

  @Test func `Ctrl-C while a simulation runs keeps the run and ends with 130`() throws {
    // The simulator tells its parent, which is vbench, that the user has enough.
    let run = try BuiltProgram.run(
      tiny, in: folder.path, environment: try broken("kill -INT $PPID; exec sleep 60"))
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.output.contains("it was interrupted; what was measured is whole"))
    #expect(try latest("run.json")["status"] as? String == "complete")
  }

  @Test func `rows without a simulation, or more than there are, are refused`() throws {
    let alone = try BuiltProgram.run(["market", "--simulate-rows", "100", "--dry-run"])
    #expect(alone.status == 64 && alone.errors.contains("that is not asked for"))
    let many = try BuiltProgram.run([
      "market", "-n", "100", "--simulate-rows", "200", "--simulate-cache", "--dry-run",
    ])
    #expect(many.status == 64 && many.errors.contains("wants 200 rows and the run has 100"))
  }
}
