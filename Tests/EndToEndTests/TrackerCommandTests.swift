import Foundation
import TestSupport
import Testing

/// `vbench tracker` and `vbench lint` as users type them.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct TrackerCommandTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A folder with two copies of the example, of which the second has twice the capacity.
  private func project() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("tracker")
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: folder.file("Profiles/\(name)"), withIntermediateDirectories: true)
      for file in ["run.json", "env.json", "engine_cpu.pprof"] {
        try FileManager.default.copyItem(
          atPath: root.appending(path: "Profiles/example/\(file)").path,
          toPath: folder.file("Profiles/\(name)/\(file)"))
      }
    }
    try scale(folder.file("Profiles/b/run.json"), by: 2)
    return folder
  }

  private func scale(_ path: String, by factor: Double) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    var record = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    record["results"] = (record["results"] as? [[String: Any]] ?? []).map { result in
      guard result["name"] as? String == "capacity" else { return result }
      var result = result
      result["trials"] = (result["trials"] as? [Double] ?? []).map { $0 * factor }
      var estimate = result["estimate"] as? [String: Any] ?? [:]
      estimate["value"] = (estimate["value"] as? Double ?? 0) * factor
      estimate["interval"] = nil
      result["estimate"] = estimate
      return result
    }
    try JSONSerialization.data(withJSONObject: record).write(to: URL(filePath: path))
  }

  private func tracker(_ words: String..., in folder: TemporaryDirectory) throws
    -> BuiltProgram.Run
  {
    try BuiltProgram.run(["tracker"] + words, in: folder.path)
  }

  private func text(_ name: String, _ folder: TemporaryDirectory) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func `an item goes from its finding to its proof, and every disturbance is noticed`() throws
  {
    let folder = try project()
    let added = try tracker(
      "add", "Faster search layer", "--run", "Profiles/a", "--finding", "C1:engine/insert",
      in: folder)
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.output.hasPrefix("T1  pending"))
    let done = try tracker("done", "T1", "Profiles/a", "Profiles/b", in: folder)
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains("capacity better +"))
    let verified = try tracker("verify", in: folder)
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(verified.output.contains("ok    T1  1 claim holds"))
    let report = try BuiltProgram.run(["report", "Profiles/a"], in: folder.path)
    #expect(report.output.contains("Tracker: T1 is done: Faster search layer."))

    let file = try text("Reports/tracker.txt", folder)
    try disturbed(folder, "Reports/TRACKER.md", 1, "out of date") { $0 + "\n" }
    try disturbed(folder, "Reports/tracker.txt", 1, "claimed to be") {
      $0.replacing("better +", with: "better +1")
    }
    try disturbed(folder, "Profiles/b/run.json", 1, "not what was compared") { $0 + " " }
    try disturbed(folder, "Reports/tracker.txt", 6, "tracker.txt:4:1") {
      $0.replacing("state done", with: "stat done")
    }
    #expect(try text("Reports/tracker.txt", folder) == file)
    try scale(folder.file("Profiles/b/run.json"), by: 0.1)
    #expect(try tracker("verify", in: folder).status == 2)
    try FileManager.default.removeItem(atPath: folder.file("Profiles/b"))
    let gone = try tracker("verify", "--json", in: folder)
    #expect(gone.status == 6 && gone.output.contains("\"vanished\""))
  }

  /// Changes a file, expects `verify` to say so with a status, and puts it back.
  private func disturbed(
    _ folder: TemporaryDirectory, _ name: String, _ status: Int32, _ part: String,
    _ edit: (String) -> String
  ) throws {
    let before = try text(name, folder)
    let after = edit(before)
    #expect(after != before, "the disturbance of \(name) does nothing")
    try after.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    let run = try tracker("verify", in: folder)
    #expect(run.status == status && (run.output + run.errors).contains(part), "\(run)")
    try before.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
  }

  @Test func `nothing is done without its proof, and the file stays as it was`() throws {
    let folder = try project()
    _ = try tracker("add", "Something", in: folder)
    let before = try text("Reports/tracker.txt", folder)
    for (words, status, part) in [
      (["done", "T1", "Profiles/a", "Profiles/a"], 1, "not changed"),
      (["done", "T1", "Profiles/b", "Profiles/a"], 1, "not changed"),
      (["done", "T1", "Profiles/a", "Profiles/nowhere"], 6, "nothing at"),
      (["tried", "T1", "Profiles/a", "Profiles/b"], 1, "is better"),
      (["done", "T9", "Profiles/a", "Profiles/b"], 6, "no item T9"),
      (["done", "T1", "Profiles/a"], 64, "wants"),
      (["done", "T1", "--force", "Profiles/a", "Profiles/b"], 64, "force"),
      (["defer", "T1"], 64, "--reason"), (["ad", "x"], 64, "Did you mean add?"),
      (["link", "T1"], 64, "--run and --finding"),
      (["add", "x", "--run", "Profiles/a", "--finding", "F99"], 6, "no finding F99"),
      (["done", "T1", "Profiles/a", root.appending(path: "Profiles/example").path], 6, "outside"),
    ] as [([String], Int32, String)] {
      let run = try BuiltProgram.run(["tracker"] + words, in: folder.path)
      #expect(run.status == status && run.errors.contains(part), "\(words): \(run)")
    }
    #expect(try text("Reports/tracker.txt", folder) == before)
  }

  @Test func `many who add at once lose nothing`() async throws {
    let folder = try TemporaryDirectory("tracker-race")
    try await withThrowingTaskGroup(of: Int32.self) { group in
      for number in 0..<12 {
        group.addTask {
          try BuiltProgram.run(["tracker", "add", "Item \(number)"], in: folder.path).status
        }
      }
      for try await status in group { #expect(status == 0) }
    }
    let listed = try tracker("list", in: folder).output.split(separator: "\n")
    #expect(listed.count == 12)
    #expect(Set(listed.map { $0.split(separator: " ")[0] }).count == 12)
    #expect(try tracker("verify", in: folder).status == 0)
  }

  @Test func `the committed tracker holds`() throws {
    let run = try BuiltProgram.run(["tracker", "verify"], in: root.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(!run.output.contains("note"), "\(run.output)")
  }

  @Test func `verify without a tracker, and lint without a file, say what to do`() throws {
    let folder = try TemporaryDirectory("tracker-none")
    #expect(try tracker("verify", in: folder).status == 6)
    #expect(try tracker("list", in: folder).status == 0)
    #expect(try BuiltProgram.run(["lint"], in: folder.path).status == 64)
    #expect(try BuiltProgram.run(["lint", "none.md"], in: folder.path).status == 6)
    #expect(try BuiltProgram.run(["lint", "."], in: folder.path).status == 6)
  }

  @Test func `lint names file, line and column, and exits with 1`() throws {
    let folder = try TemporaryDirectory("lint")
    try "fine\n\nStored: 0.68 MB = 696 KB\n".write(
      toFile: folder.file("r.md"), atomically: true, encoding: .utf8)
    let run = try BuiltProgram.run(["lint", "r.md"], in: folder.path)
    #expect(run.status == 1 && run.output.hasPrefix("r.md:3:19: units.bytes: "), "\(run)")
    let json = try BuiltProgram.run(["lint", "--json", "r.md"], in: folder.path)
    #expect(json.output.contains("\"column\" : 19"))
    let own = try BuiltProgram.run(["lint", "Reports/example.md"], in: root.path)
    #expect(own.status == 0, "\(own.output)")
  }
}
