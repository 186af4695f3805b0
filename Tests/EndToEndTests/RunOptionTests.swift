import Foundation
import TestSupport
import Testing

/// What options of a workload mean together, and what a run says of itself afterwards.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct RunOptionTests {
  private let folder: TemporaryDirectory
  private let tiny = "-n 800 --dims 8 -d 200ms --trials 1 --profile none"

  init() throws { folder = try TemporaryDirectory("options") }

  private func vbench(_ line: String) throws -> BuiltProgram.Run {
    try BuiltProgram.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func value(_ name: String, _ record: [String: Any]) throws -> Double {
    let results = record["results"] as? [[String: Any]] ?? []
    let found = try #require(results.first { $0["name"] as? String == name }, "\(name)")
    return try #require((found["estimate"] as? [String: Any])?["value"] as? Double)
  }

  private func record(_ line: String) throws -> [String: Any] {
    let run = try vbench("\(line) \(tiny) --json")
    #expect(run.status == 0, "\(line): \(run.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func flags(_ record: [String: Any]) -> [String: String] {
    let flags = record["flags"] as? [[String: Any]] ?? []
    return Dictionary(
      flags.map { ($0["id"] as? String ?? "", $0["message"] as? String ?? "") },
      uniquingKeysWith: { $0 + $1 })
  }

  @Test(arguments: [
    ("market --arrival closed --rate 100", "has no --rate"),
    ("search-only --read-ratio 0.5", "use vbench market"),
    ("write-only --read-ratio 0.5", "use vbench market"),
    ("market --rate 1e9", "more than the 100,000,000"),
    ("market --label a/b --dry-run", "label"),
    ("write-only --kill-test 1 --durability relaxed", "has no effect on it"),
  ])
  func `options that contradict each other are refused before anything is loaded`(
    line: String, part: String
  ) throws {
    let run = try vbench("\(line) \(tiny)")
    #expect(run.status == 64 && run.errors.contains(part), "\(run.status): \(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a value has one spelling, however it was typed`() throws {
    let run = try vbench(
      "market \(tiny) --warmup 600ms --filter sel=0.10 --mix search=9,insert=1 --dry-run")
    #expect(run.status == 0, "\(run.errors)")
    for line in ["warmup = 0.6 ", "filter = sel=0.1 ", "mix = search=90,insert=10 "] {
      #expect(run.output.contains(line), "\(run.output)")
    }
  }

  @Test func `a run like another is watched alike, and its line still leads there`() throws {
    _ = try record("market --rate 300 --seed 7")
    let again = try record("market --like Profiles/latest")
    let replay = try #require(again["replay"] as? String)
    #expect(replay.contains("--rate 300 --seed 7"), "\(replay)")
    #expect(!replay.contains("latest") && replay.contains("--like Profiles/2"), "\(replay)")
    let watched = try vbench(
      "market --like Profiles/latest -n 800 --dims 8 -d 200ms --trials 1 --json")
    let record = try JSONSerialization.jsonObject(with: Data(watched.output.utf8))
    let profiling = (record as? [String: Any])?["profiling"] as? [String: Any]
    #expect(profiling?["hertz"] as? Double == 0, "the run that was taken had no profiles")
  }

  @Test func `what could not be done for want of a key is no throughput`() throws {
    let emptied = try record("market --mix delete=1 --max-live grow --rate 400 --warmup 0")
    let (all, deletes) = (
      try value("throughput.achieved", emptied), try value("delete.rate", emptied)
    )
    #expect(abs(all - deletes) <= 0.001 * all, "\(all)/s of which \(deletes)/s are deletes")
    #expect(flags(emptied)["run.skipped"] != nil)
  }

  @Test func `more than the engine takes is said by the run itself`() throws {
    let overloaded = try record("market --read-ratio 0 --rate 20000 --warmup 0")
    let flag = try #require(flags(overloaded)["run.overload"])
    #expect(flag.contains("Of 20000 operations offered a second"), "\(flag)")
    let easy = try record("market --rate 100 --warmup 0")
    #expect(flags(easy)["run.overload"] == nil)
  }
}
