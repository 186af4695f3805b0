import Foundation
import TestSupport
import Testing

/// The built program on tiny workloads, one at a time.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct WorkloadTests {
  private let tiny = ["--dataset", "2000", "--dims", "32", "-d", "300ms", "--warmup", "100ms"]

  @Test(arguments: ["market", "search-only", "write-only"])
  func `a workload ends with a run directory and leaves nothing else behind`(name: String) throws {
    let folder = try TemporaryDirectory("run")
    let run = try BuiltProgram.run(
      [name, "--trials", "2", "--rate", "200"] + tiny, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("replay: vbench \(name)"))
    #expect(run.output.contains("Results in Profiles/"))
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/Profiles")
    #expect(names.count == 2, "a run and `latest`: \(names)")
    let json = try Data(contentsOf: URL(filePath: "\(folder.path)/Profiles/latest/run.json"))
    let record = try JSONSerialization.jsonObject(with: json) as? [String: Any]
    #expect(record?["status"] as? String == "complete")
    #expect((record?["trials"] as? [Any])?.count == 2)
  }

  @Test(.enabled(if: Watching.isAllowed, "kernel events are refused here"))
  func `a wait of a write is the engine's, seen from its stack to the end`() throws {
    let folder = try TemporaryDirectory("waits")
    let run = try BuiltProgram.run(
      ["write-only", "--trials", "1", "--rate", "200"] + tiny, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    // A stack cut short loses its beginning, which says whose wait it is.
    let tags = try BuiltProgram.run(
      ["tags", "Profiles/latest/engine_block.pprof"], in: folder.path)
    #expect(tags.output.contains("class: Total"))
    #expect(!tags.output.contains("truncated"), "\(tags.output)")
  }

  @Test func `two runs of one program compare without an alarm, and different data is refused`()
    throws
  {
    let folder = try TemporaryDirectory("compare")
    let words = ["search-only", "--trials", "2", "--rate", "300", "--out", "P"] + tiny
    for label in ["a", "b"] {
      let run = try BuiltProgram.run(words + ["--label", label], in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
    }
    _ = try BuiltProgram.run(words + ["--label", "c", "--seed", "7"], in: folder.path)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/P").sorted()
    func path(_ label: String) -> String {
      "P/" + (names.first { $0.hasSuffix("_\(label)") } ?? "")
    }
    let same = try BuiltProgram.run(["compare", path("a"), path("b")], in: folder.path)
    #expect(same.status == 0, "\(same.errors)")
    #expect(same.output.contains("CANNOT TELL"), "two trials are too few for a verdict")
    let other = try BuiltProgram.run(["compare", path("a"), path("c")], in: folder.path)
    #expect(other.status == 5)
    #expect(other.output.contains("they do not measure the same thing"))
  }

  @Test func `workers that outnumber the cores wait for one inside their operations`() throws {
    let folder = try TemporaryDirectory("crowd")
    let run = try BuiltProgram.run(
      [
        "search-only", "--dataset", "2000", "--dims", "64", "--arrival", "closed", "-c", "32",
        "-d", "1s", "--warmup", "0", "--trials", "1", "--profile", "none", "--json",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    func value(_ name: String) throws -> Double {
      let results = record["results"] as? [[String: Any]] ?? []
      let result = try #require(results.first { $0["name"] as? String == name }, "\(name)")
      return try #require((result["estimate"] as? [String: Any])?["value"] as? Double)
    }
    // Rate times response time is what is under way, unless responses lack what threads waited for.
    let (seen, expected) = (try value("concurrency.seen"), try value("concurrency.expected"))
    #expect(seen > 24 && expected > 0.6 * seen, "\(seen) seen, \(expected) by Little's law")
    // Operations cannot have used more than their process, whatever the host took meanwhile.
    #expect(try value("client.cpu.share") > 0)
  }

  @Test func `a cold run drops the store's pages before it opens it, and says how far that went`()
    throws
  {
    let folder = try TemporaryDirectory("cold")
    let words = [
      "search-only", "--trials", "2", "--rate", "200", "--profile", "none", "--dataset", "2000",
      "--dims", "32", "-d", "200ms", "--json",
    ]
    func results(_ more: [String]) throws -> (values: [String: Double], flags: [String]) {
      let run = try BuiltProgram.run(words + more, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      let record = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let rows = record?["results"] as? [[String: Any]] ?? []
      let values = rows.map { row in
        let estimate = row["estimate"] as? [String: Any]
        return (row["name"] as? String ?? "", estimate?["value"] as? Double ?? -1)
      }
      let flags = (record?["flags"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      return (Dictionary(uniqueKeysWithValues: values), flags)
    }
    let warm = try results([])
    #expect(warm.values["cold.open"] == nil && warm.values["cold.pages.kept"] == nil)
    let cold = try results(["--cold"])
    #expect((cold.values["cold.open"] ?? 0) > 0)
    let kept = try #require(cold.values["cold.pages.kept"])
    // Where the file system is memory nothing can be dropped, and that is what must be told.
    #expect(cold.flags.contains(kept > 0.01 ? "cold.incomplete" : "cold"), "\(kept) \(cold.flags)")
    let plan = try BuiltProgram.run(["search-only", "--cold", "--dry-run"], in: folder.path)
    #expect(plan.output.contains("cold = true (flag)") && plan.output.contains("warmup = 0"))
    let warmed = try BuiltProgram.run(
      ["search-only", "--cold", "--warmup", "1s", "--dry-run"], in: folder.path)
    #expect(warmed.output.contains("warmup = 1.0 (flag)"))
  }

  @Test func `a CPU profile has the engine's functions under their operations`() throws {
    let folder = try TemporaryDirectory("profile")
    let run = try BuiltProgram.run(
      ["search-only", "--trials", "1", "--arrival", "closed", "--dataset", "2000", "-d", "1s"],
      in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let top = try BuiltProgram.run(
      ["top", "-tagfocus=op=search", "Profiles/latest"], in: folder.path)
    #expect(top.status == 0, "\(top.errors)")
    #expect(top.output.contains("GraphIndex"))
    let nothing = try BuiltProgram.run(
      ["top", "-tagfocus=op=insert", "Profiles/latest"], in: folder.path)
    #expect(!nothing.output.contains("GraphIndex"))
  }

  @Test func `a writer that is killed loses nothing that it acknowledged`() throws {
    let folder = try TemporaryDirectory("kill")
    let run = try BuiltProgram.run(
      ["write-only", "--kill-test", "8", "--seed", "11", "--json"], in: folder.path)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let outcome =
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(outcome?["kills"] as? Int == 8)
    #expect((outcome?["verifiedVectors"] as? Int ?? 0) > 0)
    #expect((outcome?["problems"] as? [Any])?.isEmpty == true)
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/Profiles")
    #expect(left.isEmpty, "\(left)")
  }

  @Test func `a run like another takes its data and rate`() throws {
    let folder = try TemporaryDirectory("like")
    let words = ["search-only", "--trials", "1", "--rate", "150", "--label", "a"] + tiny
    #expect(try BuiltProgram.run(words, in: folder.path).status == 0)
    let plan = try BuiltProgram.run(
      ["search-only", "--like", "Profiles/latest", "--ef", "99", "--dry-run"], in: folder.path)
    #expect(plan.status == 0, "\(plan.errors)")
    for word in ["2,000", "32", "150", "99"] { #expect(plan.output.contains(word), "\(word)") }
  }

  @Test func `a mix of five operations is measured, each by itself, and replayed`() throws {
    let folder = try TemporaryDirectory("mix")
    let words =
      ["market", "--trials", "1", "--rate", "300", "--profile", "none", "--write-batch", "3"] + tiny
      + [
        "--mix", "search=40,insert=20,upsert=20,delete=10,get=10", "--keys", "zipf:0.9", "--ramp",
        "100ms", "--filter", "sel=0.05,sel=1", "--json",
      ]
    let run = try BuiltProgram.run(words, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let record = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let results = record?["results"] as? [[String: Any]] ?? []
    let names = Set(results.compactMap { $0["name"] as? String })
    for kind in ["search", "insert", "upsert", "delete", "get"] {
      #expect(names.contains("\(kind).rate"), "\(names.sorted())")
      #expect(names.contains("\(kind).response.mean"))
      #expect(names.contains("cpu.per.\(kind)"))
    }
    for name in [
      "recall.before", "recall.after", "search.recall", "search.hot.response.mean",
      "search.sel_0.05.response.mean", "search.sel_0.05.recall", "search.sel_1.0.recall",
    ] {
      #expect(names.contains(name), "\(names.sorted())")
    }
    let phases = (record?["phases"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    #expect(phases.contains("ramp"))
    let replay = try #require(record?["replay"] as? String)
    for word in ["--mix search=40,insert=20,upsert=20,delete=10,get=10", "--keys zipf:0.9"] {
      #expect(replay.contains(word))
    }
    let plan = try BuiltProgram.run(
      ["market", "--like", "Profiles/latest", "--dry-run"], in: folder.path)
    #expect(plan.output.contains("mix = search=40,insert=20,upsert=20,delete=10,get=10 (like)"))
    #expect(plan.output.contains("keys = zipf:0.9 (like)"))
  }

  @Test(arguments: [
    (["--mix", "search=1,scan=1"], "scan"), (["--mix", "search=0"], "weight above zero"),
    (["--mix", "search=1", "--read-ratio", "0.5"], "both say"),
    (["--keys", "zipfian"], "--keys wants"), (["--ramp", "10s", "-d", "5s"], "longer than"),
    (["--filter", "0.1"], "--filter wants"), (["--filter", "sel=0"], "--filter wants"),
    (["--filter", "sel=0.1,sel=0.1"], "--filter wants"),
    (["--warmup", "soon"], "--warmup wants"), (["--warmup", "auto:0"], "--warmup wants"),
  ])
  func `a workload that cannot be is refused in a sentence`(words: [String], part: String) throws {
    let run = try BuiltProgram.run(["market", "--dry-run"] + words)
    #expect(run.status == 64)
    #expect(run.errors.contains(part), "\(run.errors)")
  }

  @Test func `a mix that does not add up says what it is taken as`() throws {
    let run = try BuiltProgram.run(["market", "--dry-run", "--mix", "search=3,upsert=1"])
    #expect(run.status == 0)
    #expect(run.output.contains("add up to 4.00, not to 100"))
    #expect(run.output.contains("taken as search 75.0 %, upsert 25.0 %"))
  }

  @Test func `bad words end with status 64 and a hint`() throws {
    let run = try BuiltProgram.run(["market", "--datset", "5k"])
    #expect(run.status == 64)
    #expect(run.errors.contains("--dataset"))
  }

  @Test func `a file that is no profile ends with status 6`() throws {
    let folder = try TemporaryDirectory("bad")
    try "hello".write(toFile: folder.file("x.pprof"), atomically: true, encoding: .utf8)
    let run = try BuiltProgram.run(["top", "x.pprof"], in: folder.path)
    #expect(run.status == 6)
    #expect(run.errors.contains("x.pprof is"))
  }

  @Test func `a planned command says that it is planned`() throws {
    let run = try BuiltProgram.run(["store"])
    #expect(run.status == 64)
    #expect(run.errors.contains("planned"))
  }
}
