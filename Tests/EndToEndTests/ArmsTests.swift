import Foundation
import TestSupport
import Testing

/// Commands that run several arms, on tiny workloads, one at a time.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ArmsTests {
  private let tiny = [
    "--dataset", "1000", "--dims", "16", "-d", "200ms", "--warmup", "0", "--rate", "200",
    "--profile", "none",
  ]
  private let planted = [
    "--dataset", "200", "--dims", "8", "--warmup", "0", "-c", "16", "--profile", "none",
  ]

  private func record(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path + "/run.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func runs(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "latest" }.sorted()
  }

  private func trials(_ record: [String: Any], _ status: String) -> [Int] {
    (record["trials"] as? [[String: Any]] ?? []).filter { $0["status"] as? String == status }
      .compactMap { $0["number"] as? Int }
  }

  @Test func `two arms leave two runs of the same rate and stream, and one comparison of pairs`()
    throws
  {
    let folder = try TemporaryDirectory("ab")
    let run = try BuiltProgram.run(
      ["ab", "--b", "--visited map", "--pairs", "6", "--json", "--", "search-only"]
        + tiny, in: folder.path)
    #expect([0, 2].contains(run.status), "\(run.errors)")
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let records = try ["base", "new"].map { side in
      try record("\(folder.path)/\(try #require(answer[side] as? String))")
    }
    for record in records { #expect(trials(record, "complete") == [1, 2, 3, 4, 5, 6]) }
    let settings = records.map { record in
      Dictionary(
        uniqueKeysWithValues: (record["settings"] as? [[String: String]] ?? []).map {
          ($0["name"] ?? "", $0["value"] ?? "")
        })
    }
    #expect(Set(settings[0].keys).filter { settings[0][$0] != settings[1][$0] } == ["visited"])
    let operations = records.map { record in
      (record["trials"] as? [[String: Any]] ?? []).map { $0["operations"] as? [String: Int] }
    }
    #expect(operations[0] == operations[1], "trial n of both arms has the same operations")
    let comparison = try #require(answer["comparison"] as? [String: Any])
    let rows = try #require(comparison["results"] as? [[String: Any]])
    #expect(rows.contains { $0["name"] as? String == "capacity" })
    let again = try BuiltProgram.run(
      ["compare"] + records.indices.map { answer[$0 == 0 ? "base" : "new"] as? String ?? "" },
      in: folder.path)
    #expect([0, 2].contains(again.status), "the runs are runs like any other: \(again.errors)")
  }

  @Test func `what the pairs will show is said before the first of them, when noise is stored`()
    throws
  {
    let folder = try TemporaryDirectory("forecast")
    let ab = ["ab", "--b", "--visited map", "--pairs", "6", "--", "search-only"] + tiny
    let before = try BuiltProgram.run(ab, in: folder.path)
    let unknown = try #require(before.errors.range(of: "No noise of this measurement is stored"))
    let first = try #require(before.errors.range(of: "Round 1 of 6"))
    #expect(unknown.lowerBound < first.lowerBound)
    let early = try #require(before.errors.range(of: "By the first 4 pairs, 6 pairs will show"))
    let fifth = try #require(before.errors.range(of: "Round 5 of 6"))
    #expect(early.lowerBound < fifth.lowerBound)
    let measured = try BuiltProgram.run(
      ["doctor", "--aa", "4", "--", "search-only", "--trials", "2"] + tiny, in: folder.path)
    #expect(measured.status == 0, "\(measured.errors)")
    try restless(folder.file("Profiles/noise.json"))
    let after = try BuiltProgram.run(ab, in: folder.path)
    let told = try #require(
      after.errors.range(of: "A change of 5 % will not be detectable in capacity"))
    let round = try #require(after.errors.range(of: "Round 1 of 6"))
    #expect(told.lowerBound < round.lowerBound, "\(after.errors)")
    #expect(after.errors.contains("By the noise stored on"))
  }

  /// Makes the trials of a stored noise floor spread by a fifth.
  private func restless(_ path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    var file = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    file["entries"] = (file["entries"] as? [[String: Any]] ?? []).map { entry in
      var entry = entry
      entry["spreads"] = (entry["spreads"] as? [String: [String: Any]] ?? [:]).mapValues { spread in
        spread.merging(["betweenTrials": 0.2]) { $1 }
      }
      return entry
    }
    try JSONSerialization.data(withJSONObject: file).write(to: URL(filePath: path))
  }

  @Test func `equal arms, unknown options and other data are refused before anything runs`() throws
  {
    let folder = try TemporaryDirectory("ab-usage")
    for (words, part) in [
      (["ab", "--a", "--ef 5", "--b", "--ef 5", "--", "search-only"], "nothing to compare"),
      (["ab", "--b", "--visitd map", "--", "search-only"], "--visited"),
      (["ab", "--b", "--dataset 5k", "--", "search-only"], "what is measured"),
      (["ab", "--b", "--ef 5", "--", "top"], "no workload"),
      (["ab", "--b", "--ef 5"], "behind `--`"),
      (["saturate", "--slo", "p98=1ms"], "--slo knows"),
      (["ablate", "--only", "speed"], "one of"),
      (["run", "chrun"], "churn"),
    ] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect([64, 6].contains(run.status), "\(words): \(run.errors)")
      #expect(run.errors.contains(part), "\(words): \(run.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `every example of a help page is a command line that can be run`() throws {
    let folder = try TemporaryDirectory("examples")
    for command in ["ab", "ablate", "saturate", "run"] {
      let help = try BuiltProgram.run(["help", command])
      let examples =
        help.output.components(separatedBy: "Examples:\n").last?
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
      #expect(!examples.isEmpty)
      for example in examples
      where !example.contains("--program") && !example.contains("HEAD") {
        let words = example.replacing(" -- ", with: " --dry-run -- ").dropFirst("vbench ".count)
        let line = words.contains(" -- ") ? String(words) : words + " --dry-run"
        let path = try #require(BuiltProgram.path)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "'\(path)' \(line) > out.txt 2> err.txt"]
        process.currentDirectoryURL = URL(filePath: folder.path)
        try process.run()
        process.waitUntilExit()
        let errors = try String(contentsOfFile: folder.file("err.txt"), encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(example): \(errors)")
      }
    }
  }

  @Test func `points make a run each and one table over them`() throws {
    let folder = try TemporaryDirectory("points")
    let run = try BuiltProgram.run(
      ["search-only", "--trials", "2", "-c", "2,4"] + tiny, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try runs(in: "\(folder.path)/Profiles").count == 2)
    for point in ["concurrency 2", "concurrency 4"] { #expect(run.output.contains(point)) }
  }

  @Test func `a plan makes its runs, and a run that fails does not stop the others`() throws {
    let folder = try TemporaryDirectory("plan")
    let plan = """
      [all]
      dataset = 1000
      dims = 16
      duration = 200ms
      warmup = 0
      rate = 200
      profile = none
      trials = 2
      [runs.bad]
      workload = search-only
      store-dir = "file/in/the/way"
      [runs.good]
      workload = search-only
      """
    try plan.write(toFile: folder.file("plan.toml"), atomically: true, encoding: .utf8)
    try "x".write(toFile: folder.file("file"), atomically: true, encoding: .utf8)
    let run = try BuiltProgram.run(["run", "plan.toml"], in: folder.path)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("run `bad` failed"))
    #expect(try runs(in: "\(folder.path)/Profiles").filter { $0.hasSuffix("_good") }.count == 1)
  }

  @Test func `an ablation names the worth of each option, or that it saw none`() throws {
    let folder = try TemporaryDirectory("ablate")
    let run = try BuiltProgram.run(
      ["ablate", "--rounds", "2", "--only", "visited,scratch,durability", "--json", "search-only"]
        + tiny, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let rows = try #require(table["rows"] as? [[String: Any]])
    #expect(rows.compactMap { $0["option"] as? String } == ["scratch", "visited"])
    #expect(
      rows.allSatisfy { ($0["finding"] as? String)?.hasPrefix("cannot tell") == true },
      "two rounds are too few for a verdict")
    #expect((table["skipped"] as? [[String: Any]])?.first?["flag"] as? String == "durability")
  }

  @Test func `the capacity of a planted target is found within five percent`() throws {
    let folder = try TemporaryDirectory("saturate")
    let run = try BuiltProgram.run(
      [
        "saturate", "--slo", "p99=60ms", "--json", "search-only", "-d", "2s", "--trials", "2",
        "--target", "planted:service=1ms,servers=2",
      ] + planted, in: folder.path)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let outcome = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(outcome["answer"] as? String == "found")
    let rate = try #require(outcome["rate"] as? Double)
    #expect((1_900...2_100).contains(rate), "\(rate) of 2000/s")
    #expect(try runs(in: "\(folder.path)/Profiles").count == 1)
  }

  @Test func `trials too short for a queue to grow past the promise are named`() throws {
    let folder = try TemporaryDirectory("short")
    let run = try BuiltProgram.run(
      [
        "saturate", "--slo", "p99=1s", "--budget", "1s", "search-only", "-d", "300ms",
        "--target", "planted:service=5ms,servers=2",
      ] + planted, in: folder.path)
    #expect(run.errors.contains("trials of 33.3 s tell them apart"), "\(run.errors)")
  }

  @Test func `a promise below the service time is missed with status 4, without a long search`()
    throws
  {
    let folder = try TemporaryDirectory("hopeless")
    let run = try BuiltProgram.run(
      [
        "saturate", "--slo", "p99=1ms", "search-only", "-d", "300ms",
        "--target", "planted:service=5ms,servers=2",
      ] + planted, in: folder.path)
    #expect(run.status == 4, "\(run.output) \(run.errors)")
    #expect(run.output.contains("NO RATE keeps p99=1ms"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/Profiles").isEmpty)
  }

  /// The results of a planted run, by name.
  private func results(_ words: [String], _ folder: String) throws -> [String: Double] {
    let run = try BuiltProgram.run(
      ["search-only", "--json", "--trials", "1", "-d", "3s"] + words + planted, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let record = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rows = record?["results"] as? [[String: Any]] ?? []
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        ($0["name"] as? String ?? "", ($0["estimate"] as? [String: Any])?["value"] as? Double ?? 0)
      })
  }

  @Test func `a stall of the target stands in the p99 of an open loop, and a closed loop hides it`()
    throws
  {
    let folder = try TemporaryDirectory("omission")
    let target = ["--target", "planted:service=1ms,servers=2,stall=300ms@1s"]
    let open = try results(target + ["--rate", "1000"], folder.path)
    let closed = try results(target + ["--arrival", "closed"], folder.path)
    #expect(open["search.response.p99"] ?? 0 > 0.15)
    #expect(closed["search.response.p99"] ?? 1 < 0.15)
    #expect(closed["search.response.max"] ?? 0 > 0.25, "the closed loop met the stall as well")
  }

  // MARK: - Bad days

  /// A started program whose standard error can be watched.
  private final class Started {
    let process = Process()
    let errors: String

    init(_ words: [String], _ folder: String) throws {
      errors = "\(folder)/err.txt"
      for name in ["out.txt", "err.txt"] {
        _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
      }
      process.executableURL = URL(filePath: BuiltProgram.path ?? "")
      process.arguments = words
      process.currentDirectoryURL = URL(filePath: folder)
      process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/out.txt")
      process.standardError = FileHandle(forWritingAtPath: errors)
      try process.run()
    }

    /// Waits until it has said so, or has ended.
    func waitUntilItSays(_ text: String) throws {
      while process.isRunning, try !String(contentsOfFile: errors, encoding: .utf8).contains(text) {
        usleep(5_000)
      }
    }

    /// The process id of its trial, once there is one.
    func trial() throws -> Int32 {
      while process.isRunning {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
          guard let pid = Int32(name),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            status.contains("PPid:\t\(process.processIdentifier)\n"),
            let line = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
            line.contains("__trial")
          else { continue }
          return pid
        }
        usleep(2_000)
      }
      throw Ended()
    }

    struct Ended: Error {}
  }

  @Test func `a disk that is too small is told before anything is loaded`() throws {
    let folder = try TemporaryDirectory("room")
    let run = try BuiltProgram.run(
      [
        "ab", "--b", "--m 8", "--", "search-only", "--dataset", "100M", "--dims", "65536",
        "--profile", "none",
      ], in: folder.path)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("2 loaded stores and a copy"))
    #expect(run.errors.contains("--store-dir"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/Profiles").isEmpty)
  }

  @Test func `an interrupt saves the pairs that were finished and ends with 130`() throws {
    let folder = try TemporaryDirectory("interrupt")
    let started = try Started(
      ["ab", "--b", "--visited map", "--pairs", "500", "--", "search-only"] + tiny, folder.path)
    try started.waitUntilItSays("Round 4 of 500")
    kill(started.process.processIdentifier, SIGINT)
    started.process.waitUntilExit()
    #expect(started.process.terminationStatus == 130)
    let all = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/Profiles")
    #expect(all.count == 3, "two runs and `latest`, and no store: \(all)")
    for name in try runs(in: "\(folder.path)/Profiles") {
      let record = try record("\(folder.path)/Profiles/\(name)")
      #expect(record["status"] as? String == "interrupted")
      #expect(trials(record, "complete").count >= 3)
    }
    let output = try String(contentsOfFile: folder.file("out.txt"), encoding: .utf8)
    #expect(output.contains("interrupted"))
  }

  /// An arm that does ten times the work, so that chance has no part in the answer.
  private let worse =
    [
      "ab", "--a", "--ef 10", "--b", "--ef 400", "--allow", "recall", "--gate", "3%", "--pairs",
      "6",
    ]
    + ["--", "search-only"]
  private let again = "6 more pairs must say so too"

  @Test func `a regression is measured a second time, and fails the gate when it is there again`()
    throws
  {
    let folder = try TemporaryDirectory("again")
    let run = try BuiltProgram.run(worse + tiny, in: folder.path)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains(again))
    #expect(run.output.contains(", and again in "), "\(run.output)")
    #expect(try runs(in: "\(folder.path)/Profiles").count == 4, "two runs of each measurement")
  }

  @Test func `an interrupt of the second measurement ends with 130, before its first trial too`()
    throws
  {
    let folder = try TemporaryDirectory("again-interrupt")
    let started = try Started(worse + tiny, folder.path)
    try started.waitUntilItSays(again)
    kill(started.process.processIdentifier, SIGINT)
    started.process.waitUntilExit()
    #expect(started.process.terminationStatus == 130)
    let output = try String(contentsOfFile: folder.file("out.txt"), encoding: .utf8)
    #expect(output.contains("interrupted") && output.contains("capacity"), "\(output)")
  }

  @Test func `a trial that dies costs its pair and nothing else`() throws {
    let folder = try TemporaryDirectory("dead")
    let started = try Started(
      ["ab", "--b", "--visited map", "--pairs", "4", "--", "search-only"] + tiny, folder.path)
    try started.waitUntilItSays("Round 2 of 4")
    kill(try started.trial(), SIGKILL)
    started.process.waitUntilExit()
    #expect([0, 2].contains(started.process.terminationStatus))
    let records = try runs(in: "\(folder.path)/Profiles").map {
      try record("\(folder.path)/Profiles/\($0)")
    }
    #expect(records.flatMap { trials($0, "failed") } == [2])
    #expect(records.reduce(0) { $0 + trials($1, "complete").count } == 7)
    let errors = try String(contentsOfFile: started.errors, encoding: .utf8)
    #expect(errors.contains("was killed by signal 9"))
    #expect(errors.contains("Round 2 is no pair"))
  }
}
