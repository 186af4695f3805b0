import Foundation
import TestSupport
import Testing

/// Numbers of perf stat, heaptrack and go test -bench through the whole program.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ToolReportTests {
  private func path(_ name: String) -> String { "\(Golden.fixtures)/foreign/\(name)" }

  /// Ten repetitions of two benchmarks, the first slower by a factor.
  private func benchmarks(slower factor: Double, cpu: String = "x", count: Int = 10) -> String {
    let lines = (0..<count).flatMap { round in
      let wobble = 1 + 0.002 * Double((round * 7) % 5 - 2)
      return [
        "BenchmarkInsert-2 \t 1000\t \(1_000 * factor * wobble) ns/op\t 64 B/op\t 3 allocs/op",
        "BenchmarkSearch-2 \t 1000\t \(5_000 * wobble) ns/op\t 0.98 recall",
      ]
    }
    return "goos: linux\npkg: example.org/x\ncpu: \(cpu)\n" + lines.joined(separator: "\n") + "\n"
  }

  private func compare(_ base: String, _ new: String, _ words: [String] = []) throws
    -> BuiltProgram.Run
  {
    let folder = try TemporaryDirectory("bench")
    try base.write(toFile: folder.file("old.txt"), atomically: true, encoding: .utf8)
    try new.write(toFile: folder.file("new.txt"), atomically: true, encoding: .utf8)
    return try BuiltProgram.run(["compare"] + words + ["old.txt", "new.txt"], in: folder.path)
  }

  private func rows(_ run: BuiltProgram.Run) throws -> [String: [String: Any]] {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let rows = try #require(document["results"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] as? String ?? "", $0) })
  }

  @Test(arguments: [
    ("perf_stat.txt", "CPUs utilized"), ("perf_stat.csv", "not supported on that machine"),
    ("perf_stat_runs.txt", "mean of 3 runs"), ("perf_stat.json", "CPUs utilized"),
    ("heaptrack_print.txt", "calls of grab"), ("go_bench.txt", "Search/ef=40-2 sec/op"),
  ])
  func `top shows the numbers of a report as text, JSON and CSV`(name: String, part: String) throws
  {
    let text = try BuiltProgram.run(["top", path(name)])
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains(part), "\(text.output)")
    let json = try BuiltProgram.run(["top", "--json", path(name)])
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(document?["schema"] as? String == "vbench.tool-table/1")
    #expect((document?["rows"] as? [Any])?.isEmpty == false)
    let csv = try BuiltProgram.run(["top", "--csv", path(name)])
    #expect(csv.output.hasPrefix("quantity,unit,value,note\n"))
  }

  @Test func `a benchmark that became slower is found, and the one that did not is left alone`()
    throws
  {
    let run = try compare(benchmarks(slower: 1), benchmarks(slower: 1.2), ["--json"])
    #expect(run.status == 2, "\(run.errors)")
    let found = try rows(run)
    let slower = try #require(found["Insert sec/op"])
    let change = try #require(slower["change"] as? [String: Any])
    #expect(change["verdict"] as? String == "worse")
    #expect(slower["baseTrials"] as? Int == 10)
    #expect(slower["newTrials"] as? Int == 10)
    let interval = try #require(change["interval"] as? [String: Any])
    let (low, high) = (interval["low"] as? Double ?? 0, interval["high"] as? Double ?? 0)
    #expect(low > 1 && low < 1.2 && high > 1.2)
    #expect((change["p"] as? Double ?? 1) < 0.005)
    let same = try #require(found["Search sec/op"]?["change"] as? [String: Any])
    #expect(same["verdict"] as? String == "noDifferenceSeen")
    // Nobody told us whether more of it is better.
    #expect(found["Search recall"] == nil)
  }

  @Test func `equal files show no difference, and three repetitions cannot tell`() throws {
    let equal = try compare(benchmarks(slower: 1), benchmarks(slower: 1))
    #expect(equal.status == 0)
    #expect(equal.output.contains("NO DIFFERENCE SEEN"), "\(equal.output)")
    let few = try compare(
      benchmarks(slower: 1, count: 3), benchmarks(slower: 1.2, count: 3), ["--strict"])
    #expect(few.status == 3)
    #expect(few.output.contains("3 against 3 trials; 5 a side are needed"), "\(few.output)")
  }

  @Test func `another processor, or another tool, is no comparison`() throws {
    let other = try compare(benchmarks(slower: 1), benchmarks(slower: 1.2, cpu: "y"))
    #expect(other.status == 5)
    #expect(other.output.contains("differ in cpu"), "\(other.output)")
    let allowed = try compare(
      benchmarks(slower: 1), benchmarks(slower: 1.2, cpu: "y"), ["--allow", "cpu"])
    #expect(allowed.status == 2)
    let mixed = try BuiltProgram.run(["compare", path("perf_stat.txt"), path("go_bench.txt")])
    #expect([5, 6].contains(mixed.status), "\(mixed.output)")
  }
}
