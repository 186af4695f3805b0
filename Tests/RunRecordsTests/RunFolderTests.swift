import Basics
import Pprof
import RunRecords
import TestSupport
import Testing
import Vocabulary

@Suite struct `A run directory` {
  private let wall: UInt64 = 1_770_421_669_000_000_000

  private func begin(_ folder: String, label: String? = nil) throws -> RunWriter {
    try RunWriter.begin(in: folder, label: label, startedAtWallNanoseconds: wall, processID: 7)
  }

  private func record() -> RunRecord {
    RunRecord(
      status: .interrupted, toolVersion: "0", command: "market", arguments: [], replay: "vbench",
      startedAt: LocalTime.iso(wall), durationSeconds: 1, seed: 42, settings: [], dataset: nil,
      profiling: .init(method: "none"))
  }

  private func open(_ path: String) throws(RunError) -> RunFolder {
    try RunReader.open(path) { _ in throw RunError.notARun(path: "no profile expected") }
  }

  @Test func `is hidden until it is whole, then has its name and is the latest`() throws {
    let home = try TemporaryDirectory()
    let writer = try begin(home.path, label: "a.b")
    try writer.write(record())
    #expect(try FileSystem.list(home.path).allSatisfy { $0.hasPrefix(".") })
    let path = try writer.finish()
    let name = "\(LocalTime.stamp(wall))_a.b"
    #expect(path == "\(home.path)/\(name)")
    #expect(try FileSystem.list(home.path) == [name, "latest"])
    #expect(try open("\(home.path)/latest").name == name)
    #expect(try open("\(path)/run.json").record == record())
  }

  @Test func `that is given up leaves nothing behind`() throws {
    let home = try TemporaryDirectory()
    do {
      let writer = try begin(home.path)
      try writer.write(record())
    }
    #expect(try FileSystem.list(home.path).isEmpty)
  }

  @Test func `of the same second gets a suffix, and latest follows`() throws {
    let home = try TemporaryDirectory()
    let paths = try (0..<3).map { _ in try begin(home.path).finish() }
    #expect(Set(paths).count == 3)
    #expect(paths[2] == paths[0] + ".3")
    #expect(
      SymbolicLink.target(of: "\(home.path)/latest")
        == paths[2].split(separator: "/").last.map(String.init))
  }

  @Test(arguments: ["../x", "a/b", "", ".hidden", "-rf", "a b", "a\nb", "ä"])
  func `refuses a label that is no plain name`(label: String) throws {
    let home = try TemporaryDirectory()
    #expect(throws: RunError.self) { _ = try begin(home.path, label: label).finish() }
    #expect(try FileSystem.list(home.path).isEmpty)
  }

  @Test(arguments: ["../x", "/x", "a//b", "."])
  func `takes no file outside of itself`(name: String) throws {
    let home = try TemporaryDirectory()
    let writer = try begin(home.path)
    #expect(throws: RunError.self) { try writer.write("x", to: name) }
  }

  private func counters(_ text: String) throws -> RunFolder {
    let home = try TemporaryDirectory()
    let writer = try begin(home.path)
    try writer.write(record())
    let path = try writer.finish()
    try FileSystem.replace("\(path)/counters.json", with: Array(text.utf8))
    return try open(path)
  }

  @Test func `has the counters of its trials`() throws {
    let run = try counters(
      #"{"hardware":"not supported on this machine","sum":{"peakResidentBytes":1048576,"values":{"faults":5}},"trials":[{"number":2,"counters":{"peakResidentBytes":1,"values":{"faults":3}}},{"number":1,"counters":{"peakResidentBytes":1,"values":{"faults":2}}}]}"#
    )
    let read = try #require(run.counters)
    #expect(read.counts == [RunCounters.Count(name: "faults", value: 5, trials: [2, 3])])
    #expect(read.hardwareProblem == "not supported on this machine")
    #expect(read.peakResidentBytes == 1_048_576)
  }

  @Test func `has the events that a recording counted, service by service`() throws {
    let run = try counters(
      #"{"engine":{"rows":[{"event":"cycles","state":{"state":"counted","value":1000}},{"event":"LLC-loads","state":{"state":"not_permitted","reason":"paranoid"}}]}}"#
    )
    let read = try #require(run.counters)
    #expect(read["cycles", "engine"]?.value == 1_000)
    #expect(read["cycles"] == nil)
    #expect(read["LLC-loads", "engine"]?.problem == "not permitted (paranoid)")
    #expect(read.hardwareProblem == nil)
  }

  @Test(arguments: ["", "{", "[]", "{\"a\":1}", "null", "{\"hardware\":3}"])
  func `opens with broken counters, and says that they are`(text: String) throws {
    let run = try counters(text)
    #expect(run.counters == nil && run.countersProblem == "counters.json cannot be read")
  }

  @Test func `of another tool is its profiles, trials included, without a record`() throws {
    let home = try TemporaryDirectory()
    try FileSystem.makeDirectory("\(home.path)/trials/02")
    for name in ["api_gateway_cpu", "worker_block", "notes_cpu.txt", "trials/02/worker_cpu"] {
      try FileSystem.replace("\(home.path)/\(name).pprof", with: [1])
    }
    let run = try open(home.path + "/")
    #expect(run.record == nil)
    #expect(run.roles.map(\.rawValue) == ["api_gateway", "worker"])
    #expect(run.file(Role(rawValue: "worker"), .cpu, trial: 2) != nil)
    #expect(run.profileFiles.count == 3)
  }

  @Test(arguments: ["", "{", "{\"schema\": 99}", "{\"schema\": 1}", "[]"])
  func `with a broken or newer run.json is refused in a sentence`(json: String) throws {
    let home = try TemporaryDirectory()
    try FileSystem.replace("\(home.path)/run.json", with: Array(json.utf8))
    #expect(throws: RunError.self) { _ = try open(home.path) }
  }

  @Test func `that is missing or empty is refused`() throws {
    let home = try TemporaryDirectory()
    #expect(throws: RunError.self) { _ = try open(home.path) }
    #expect(throws: RunError.self) { _ = try open(home.file("nowhere")) }
  }

  @Test func `is the same bytes when written twice`() throws {
    let bytes = try RecordJSON.encode(record(), path: "run.json")
    #expect(try bytes == RecordJSON.encode(record(), path: "run.json"))
    #expect(try RecordJSON.decode(RunRecord.self, from: bytes, path: "run.json") == record())
  }
}
