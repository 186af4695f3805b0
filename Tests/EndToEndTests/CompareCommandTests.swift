import Foundation
import TestSupport
import Testing

/// `compare`, `baseline` and `history` as users type them.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct CompareCommandTests {
  private let example = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Profiles/example")

  /// A copy of the example under a folder of runs.
  private func profiles(_ names: String...) throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("compare")
    for name in names {
      try FileManager.default.copyItem(atPath: example.path, toPath: folder.file(name))
    }
    return folder
  }

  private func edit(_ path: String, _ change: (inout [String: Any]) -> Void) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    var record = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    change(&record)
    try JSONSerialization.data(withJSONObject: record).write(to: URL(filePath: path))
  }

  @Test func `a run against itself shows no difference, in four forms`() throws {
    let folder = try profiles("a", "b")
    for (form, part) in [
      ("text", "NO DIFFERENCE SEEN"), ("markdown", "**NO DIFFERENCE SEEN"),
      ("json", "\"noDifferenceSeen\""), ("html", "<!doctype html>"),
    ] {
      let run = try BuiltProgram.run(["compare", "--format", form, "a", "b"], in: folder.path)
      #expect(run.status == 0, "\(form): \(run.errors)")
      #expect(run.output.contains(part), "\(form)")
    }
  }

  @Test func `a run that is spelled in two ways is one run`() throws {
    let folder = try profiles("a", "b", "c")
    let run = try BuiltProgram.run(["compare", "a", "./a", "--against", "b", "c"], in: folder.path)
    #expect(
      run.status == 64 && run.errors.contains("./a stands twice on one side"), "\(run.errors)")
  }

  @Test func `other data is refused with status 5, and the gate with it`() throws {
    let folder = try profiles("a", "b")
    try edit(folder.file("b/run.json")) { record in
      var dataset = record["dataset"] as? [String: Any] ?? [:]
      dataset["digest"] = "other"
      record["dataset"] = dataset
    }
    for words in [["compare", "a", "b"], ["compare", "--gate", "3%", "a", "b"]] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect(run.status == 5)
      #expect(run.output.contains("dataset-digest"))
    }
    let allowed = try BuiltProgram.run(
      ["compare", "--allow", "dataset-digest", "a", "b"], in: folder.path)
    #expect(allowed.status == 0)
  }

  @Test func `half the capacity fails the gate with status 2`() throws {
    let folder = try profiles("a", "b")
    try edit(folder.file("b/run.json")) { record in
      record["results"] = (record["results"] as? [[String: Any]] ?? []).map { result in
        guard result["name"] as? String == "capacity" else { return result }
        var result = result
        result["trials"] = (result["trials"] as? [Double] ?? []).map { $0 / 2 }
        return result
      }
    }
    let run = try BuiltProgram.run(["compare", "--gate", "3%", "a", "b"], in: folder.path)
    #expect(run.status == 2)
    #expect(run.output.contains("GATE 3.00 % FAILED: worse in capacity."))
  }

  @Test func `a gate that is open is fine, and 3 when asked strictly`() throws {
    let folder = try profiles("a", "b")
    let words = ["compare", "--gate", "3%", "a", "b"]
    #expect(try BuiltProgram.run(words, in: folder.path).status == 0)
    #expect(try BuiltProgram.run(words + ["--strict"], in: folder.path).status == 3)
  }

  @Test func `a run of another layout version, or a cut one, is status 6 and one sentence`() throws
  {
    let folder = try profiles("a", "b", "c")
    try edit(folder.file("b/run.json")) { $0["schema"] = 99 }
    try Data("{\"schema\": 1, ".utf8).write(to: URL(filePath: folder.file("c/run.json")))
    for name in ["b", "c", "nothing"] {
      let run = try BuiltProgram.run(["compare", "a", name], in: folder.path)
      #expect(run.status == 6, "\(name)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
  }

  @Test func `foreign folders compare by role and kind, per second and as shares`() throws {
    let folder = try profiles("a")
    for (name, trials) in [("x", ["01", "02"]), ("y", ["03", "04"])] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
      for (number, trial) in trials.enumerated() {
        try FileManager.default.copyItem(
          atPath: folder.file("a/trials/\(trial)/engine_cpu.pprof"),
          toPath: folder.file("\(name)/worker\(number + 1)_cpu.pprof"))
      }
    }
    let run = try BuiltProgram.run(["compare", "x", "y"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("own cost per second, with its share"))
    #expect(run.output.contains("worker: worker1, worker2"))
    #expect(run.output.contains("has no run.json"))
  }

  @Test func `many against many takes all words up to the next flag`() throws {
    let folder = try profiles("a", "b", "c", "d", "e")
    let run = try BuiltProgram.run(
      ["compare", "a", "b", "c", "--against", "d", "e", "--json"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"design\" : \"runs\""))
    let twice = try BuiltProgram.run(["compare", "a", "a", "--against", "b"], in: folder.path)
    #expect(twice.status == 64 && twice.errors.contains("twice"))
  }

  @Test func `a baseline stands for its run until the run vanishes`() throws {
    let folder = try profiles("a", "b")
    func run(_ words: String...) throws -> BuiltProgram.Run {
      try BuiltProgram.run(words + ["--profiles", "."], in: folder.path)
    }
    #expect(try run("baseline", "save", "good", "a").status == 0)
    #expect(try run("baseline", "list").output.hasPrefix("good  a  saved 20"))
    #expect(try run("compare", "good", "b").status == 0)
    #expect(try run("compare", "baseline:good", "b").status == 0)
    try FileManager.default.removeItem(atPath: folder.file("a"))
    let vanished = try run("compare", "good", "b")
    #expect(vanished.status == 6 && vanished.errors.contains("no longer there"))
    #expect(try run("baseline", "rm", "good").status == 0)
    #expect(try run("baseline", "rm", "good").status == 6)
    #expect(try run("baseline", "sav", "good").status == 64)
  }

  @Test func `history reads what it can and names what it cannot`() throws {
    let folder = try profiles("a", "b", "c")
    try edit(folder.file("c/run.json")) { $0["schema"] = 99 }
    let run = try BuiltProgram.run(["history", "--profiles", ".", "capacity"], in: folder.path)
    #expect(run.status == 0)
    #expect(run.output.contains("capacity: 2 runs") && run.output.contains("12 more runs until"))
    #expect(run.errors.contains("c is left out") && run.errors.contains("version 99"))
    let unknown = try BuiltProgram.run(["history", "--profiles", ".", "capactiy"], in: folder.path)
    #expect(unknown.status == 6 && unknown.errors.contains("Did you mean capacity?"))
  }
}
