import Foundation
import TestSupport
import Testing

/// `vbench report --strict`: a contradiction in a run is a failure, and otherwise a sentence.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct StrictReportTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A copy of the example whose capacity may lie outside of its own interval.
  private func folder(contradicting: Bool) throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("strict")
    for file in ["env.json", "engine_cpu.pprof"] {
      try FileManager.default.copyItem(
        atPath: root.appending(path: "Profiles/example/\(file)").path, toPath: folder.file(file))
    }
    let data = try Data(contentsOf: root.appending(path: "Profiles/example/run.json"))
    var record = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    record["results"] = (record["results"] as? [[String: Any]] ?? []).map { result in
      guard contradicting, result["name"] as? String == "capacity" else { return result }
      var (result, estimate) = (result, result["estimate"] as? [String: Any] ?? [:])
      let interval = estimate["interval"] as? [String: Any]
      estimate["value"] = 2 * (interval?["high"] as? Double ?? 0)
      result["estimate"] = estimate
      return result
    }
    try JSONSerialization.data(withJSONObject: record).write(
      to: URL(filePath: folder.file("run.json")))
    return folder
  }

  @Test func `what contradicts itself is left out, told, and with strict a failure`() throws {
    let folder = try folder(contradicting: true)
    let plain = try BuiltProgram.run(["report", folder.path])
    #expect(plain.status == 0)
    #expect(plain.errors.contains("Left out: result capacity: "))
    #expect(plain.errors.contains("lies outside of its own interval (X2)."))
    #expect(plain.output.contains("Left out, because it contradicts itself:"))
    let strict = try BuiltProgram.run(["report", "--strict", folder.path])
    #expect(strict.status == 1)
    #expect(strict.output == plain.output, "the report is printed all the same")
    let json = try BuiltProgram.run(["report", "--strict", "--json", folder.path])
    #expect(json.status == 1)
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let refused = document?["refused"] as? [[String: Any]]
    #expect(refused?.map { $0["check"] as? String } == ["X2"])
    let results = document?["results"] as? [[String: Any]] ?? []
    #expect(!results.isEmpty && !results.contains { $0["name"] as? String == "capacity" })
  }

  @Test func `a report that adds up is none, strict or not`() throws {
    let folder = try folder(contradicting: false)
    let run = try BuiltProgram.run(["report", "--strict", folder.path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("Left out"))
  }

  @Test func `sources are shown where they are asked for and are old enough`() throws {
    let run = try BuiltProgram.run(
      ["report", "--source-root", ".", "Profiles/example-faulty"], in: root.path)
    #expect(run.status == 0, "\(run.errors)")
    let plain = try BuiltProgram.run(["report", "Profiles/example-faulty"], in: root.path)
    // A checkout may be older or newer than the run; it is shown, or its absence is.
    let isTold = run.errors.contains("No source lines are shown")
    #expect(isTold == (run.output == plain.output), "\(run.errors)")
    let nowhere = try BuiltProgram.run(
      ["report", "--source-root", "nowhere", "Profiles/example-faulty"], in: root.path)
    #expect(nowhere.status == 6)
    #expect(nowhere.errors.contains("There is no folder of sources at nowhere."))
  }
}
