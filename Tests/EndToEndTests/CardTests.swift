import Foundation
import TestSupport
import Testing

/// `vbench sweep`, `quick` and `micro` as a user runs them, tiny.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct CardTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("card") }

  private func vbench(_ words: String, through launcher: [String] = []) throws -> BuiltProgram.Run {
    try BuiltProgram.run(
      words.split(separator: " ").map(String.init), in: folder.path, through: launcher)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private var left: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test func `a sweep prints what the peers' table reads, and leaves nothing behind`() throws {
    let run = try vbench(
      "sweep -n 1000 --dims 16 --query-count 40 --over ef=10,80 --over concurrency=1,2 --trials 2"
        + " -d 50ms --warmup 10ms --json")
    #expect(run.status == 0, "\(run.errors)")
    let sweep = try object(run.output)
    #expect(sweep["dataset"] as? String == "clustered16-1k")
    for key in ["build_s", "build1_s", "memory_mb", "file_mb"] {
      #expect(sweep[key] as? Double ?? 0 > 0, "\(key)")
    }
    let points = try #require(sweep["points"] as? [[String: Any]])
    #expect(points.map { $0["ef"] as? Int } == [10, 80])
    for point in points {
      #expect(0.3...1 ~= (point["recall10"] as? Double ?? 0))
      for key in ["qps1", "qps2"] { #expect(point[key] as? Double ?? 0 > 0, "\(key)") }
      #expect((point["qps1_trials"] as? [Double])?.count == 2)
    }
    let recalls = points.compactMap { $0["recall10"] as? Double }
    #expect(recalls[0] <= recalls[1] + 0.01)
    let names = try left
    #expect(names.isEmpty, "\(names)")
  }

  @Test func `a sweep over a building knob makes a configuration for each`() throws {
    let run = try vbench(
      "sweep -n 500 --dims 8 --query-count 20 --over m=4,16 --over ef=16 -c 1 --trials 1 -d 20ms"
        + " --warmup 0 --no-single-build --csv")
    #expect(run.status == 0, "\(run.errors)")
    let rows = run.output.split(separator: "\n")
    #expect(rows.count == 3)
    #expect(rows[1].hasPrefix("vbench-M4-efc200,clustered8-500,10,16,1,"))
    #expect(rows[2].hasPrefix("vbench-M16-efc200,"))
  }

  @Test func `a recall that nothing reaches ends with status 4`() throws {
    let words =
      "sweep -n 3000 --dims 64 --data signed --query-count 30 --over ef=10 -c 1 --trials 1 -d 20ms"
      + " --warmup 0 --no-single-build --target-recall "
    #expect(try vbench(words + "0.9999").status == 4)
    #expect(try vbench(words + "0.01").status == 0)
  }

  @Test func `a sweep on a folder refuses a truth of other data`() throws {
    #expect(try vbench("dataset gen a -n 500 --dims 8 --query-count 9 -k 10").status == 0)
    #expect(try vbench("dataset gen b -n 500 --dims 8 --query-count 9 -k 10 --seed 7").status == 0)
    let words =
      " --over ef=64 -c 1 --trials 1 -d 20ms --warmup 0 --no-single-build --json"
    let good = try vbench("sweep --data file:a" + words)
    #expect(good.status == 0, "\(good.errors)")
    #expect(try object(good.output)["dataset"] as? String == "a")
    for name in ["gt.ivecs", "meta.json"] {
      try FileManager.default.removeItem(atPath: folder.file("a/\(name)"))
      try FileManager.default.copyItem(
        atPath: folder.file("b/\(name)"), toPath: folder.file("a/\(name)"))
    }
    let bad = try vbench("sweep --data file:a" + words)
    #expect(bad.status == 6)
    #expect(bad.errors.contains("made from other rows"), "\(bad.errors)")
    try FileManager.default.removeItem(atPath: folder.file("a/meta.json"))
    let unnamed = try vbench("sweep --data file:a --metric cosine" + words)
    #expect(unnamed.status == 0, "without a metric of its own the truth is made anew")
    let part = try vbench("sweep --data file:b -n 300" + words)
    #expect(part.status == 0, "\(part.errors)")
    #expect(try object(part.output)["n"] as? Int == 300)
  }

  @Test func `the quick card has every line of its document`() throws {
    let run = try vbench("quick -n 300 --query-count 250 --trials 2 --json")
    #expect(run.status == 0, "\(run.errors)")
    let card = try object(run.output)
    let lines = try #require(card["lines"] as? [[String: Any]])
    let names = lines.compactMap { $0["name"] as? String }
    for name in [
      "build.seconds", "build.rate", "build.memory", "save.seconds", "load.seconds", "file.bytes",
      "file.ratio", "search.rate", "search.mean", "search.p50", "search.p99", "recall",
    ] { #expect(names.contains(name), "\(name)") }
    #expect(lines.allSatisfy { ($0["trials"] as? [Double])?.count == 2 })
    let recall = lines.first { $0["name"] as? String == "recall" }?["trials"] as? [Double]
    #expect(recall?.allSatisfy { $0 > 0.9 } == true, "\(recall ?? [])")
    #expect(try left.isEmpty)
    #expect(
      try vbench(
        "quick -n 300 --query-count 20 --trials 1 --recall-floor 1.0 -q --ef 1 -k 1 --dims 64"
      ).status == 4)
  }

  @Test func `the counter of allocations knows those that are known`() throws {
    let run = try vbench("micro allocation.known --samples 3 -n 1000 --dims 8 --json")
    #expect(run.status == 0, "\(run.errors)")
    let card = try object(run.output)
    let result = try #require((card["results"] as? [[String: Any]])?.first)
    if result["allocations"] == nil {
      #expect((card["notes"] as? [String])?.first?.contains("not counted") == true)
      return
    }
    #expect(result["allocations"] as? Double == 3)
    #expect(result["allocatedBytes"] as? Double == 300)
  }

  @Test func `micro prints its parts with ratios, and leaves nothing behind`() throws {
    let run = try vbench("micro visited --samples 7 -n 1000 --dims 8")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("visited.insert marks"))
    #expect(run.output.contains("visited.insert map"))
    #expect(!run.output.contains("index.search"))
    #expect(try left.isEmpty)
    let unknown = try vbench("micro nonsense")
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("neighbors.add"))
  }

  @Test func `Ctrl-C leaves no work folder behind`() throws {
    let script = """
      "$@" & child=$!
      while [ -z "$(ls -d .vbench-* 2>/dev/null)" ]; do kill -0 $child || exit 99; done
      kill -INT $child; wait $child
      """
    let run = try vbench(
      "sweep -n 200000 --dims 64 --trials 1", through: ["bash", "-mc", script, "bash"])
    #expect(run.status == 130, "\(run.output) \(run.errors)")
    let names = try left
    #expect(names.isEmpty, "\(names)")
  }

  @Test func `the examples of the help pages run`() throws {
    for words in [
      "sweep -n 5k --dims 64 --over ef=16..64x2 --trials 2 -d 200ms --dry-run",
      "quick --trials 3 -n 200 --query-count 250", "micro visited -n 1k --dims 16 --samples 11",
      "dataset gen Data/small -n 2k --dims 64 --query-count 20",
      "dataset info Data/small", "dataset gt Data/small -k 20", "dataset verify Data/small",
    ] {
      let run = try vbench(words)
      #expect(run.status == 0, "\(words): \(run.errors)")
    }
  }
}
