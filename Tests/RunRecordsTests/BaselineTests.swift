import Basics
import RunRecords
import TestSupport
import Testing

struct BaselineTests {
  /// A folder of runs with one in it.
  private func folder() throws -> (TemporaryDirectory, RunFolder) {
    let directory = try TemporaryDirectory("baselines")
    let writer = try RunWriter.begin(
      in: directory.path, label: nil, startedAtWallNanoseconds: 0, processID: 1)
    try writer.write("x", to: "engine_cpu.pprof")
    return (directory, try RunReader.open(try writer.finish()))
  }

  @Test func `a name stands for its run, and moves on when it is saved again`() throws {
    let (directory, run) = try folder()
    try Baselines.save("release-1.2", run: run, in: directory.path)
    #expect(try Baselines.resolve("release-1.2", in: directory.path) == run.path)
    try Baselines.save("release-1.2", run: run, in: directory.path)
    #expect(try Baselines.read(in: directory.path).entries.map(\.run) == [run.name])
    #expect(try Baselines.remove("release-1.2", in: directory.path))
    #expect(try !Baselines.remove("release-1.2", in: directory.path))
  }

  @Test func `a run that has vanished is named, with the way out`() throws {
    let (directory, run) = try folder()
    try Baselines.save("old", run: run, in: directory.path)
    try rename(run.path, "\(directory.path)/elsewhere")
    #expect {
      try Baselines.resolve("old", in: directory.path)
    } throws: { error in
      "\(error)".contains("no longer there") && "\(error)".contains("baseline rm old")
    }
  }

  @Test(arguments: ["../x", "", "a b", "-x", "a/b"])
  func `a name that could be a path is refused`(name: String) throws {
    let (directory, run) = try folder()
    #expect(throws: RunError.self) { try Baselines.save(name, run: run, in: directory.path) }
  }

  @Test func `a file of another version or cut short is no empty file`() throws {
    let (directory, _) = try folder()
    for text in ["{\"schema\": 9, \"entries\": []}", "{\"schema\": 1, \"ent"] {
      try write(text, "\(directory.path)/baselines.json")
      #expect(throws: RunError.self) { try Baselines.read(in: directory.path) }
    }
  }

  @Test func `noise of another version is refused, and none is none`() throws {
    let (directory, _) = try folder()
    #expect(try NoiseRecord.read(in: directory.path) == nil)
    try write("{\"schema\": 9}", "\(directory.path)/noise.json")
    #expect(throws: RunError.self) { try NoiseRecord.read(in: directory.path) }
  }

  private func write(_ text: String, _ path: String) throws {
    try FileSystem.replace(path, with: Array(text.utf8))
  }

  private func rename(_ source: String, _ target: String) throws {
    try FileSystem.rename(source, to: target)
  }
}
