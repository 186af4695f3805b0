import Basics
import Measurement
import Pprof
import TestSupport
import Testing

@testable import RunRecords

struct DiskRecordTests {
  private let environment: EnvironmentRecord = {
    var environment = EnvironmentRecord(
      processor: "a processor", cores: 2, memoryBytes: 8 << 30, fileSystem: "ext4",
      buildMode: "release")
    environment.storeDevice = "vda"
    return environment
  }()

  private func entry(
    _ environment: EnvironmentRecord, at time: String = "2026-01-01T00:00:00Z"
  ) -> DiskRecord.Entry {
    DiskRecord.Entry(
      machine: EnvironmentClass(environment), device: environment.storeDevice ?? "",
      writeCache: "write back", isRotational: false, measuredAt: time, toolVersion: "1.0",
      rounds: 9, seconds: 20, figures: [], flushesPerSync: 1,
      written: .init(bytes: 1, calls: 1, bytesByKernel: 1, callsByKernel: 1), notes: [])
  }

  /// A run with a name of its own in a folder, as `RunReader` gives it.
  private func run(in folder: String, _ environment: EnvironmentRecord) -> RunFolder {
    struct None: Error {}
    return RunFolder(
      path: "\(folder)/run", record: nil, environment: environment, profileFiles: []
    ) { _ in throw None() }
  }

  private func place() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("disk")
    try FileSystem.makeDirectory(folder.file("run"))
    return folder
  }

  @Test func `a disk is that of a run only on the same machine and device`() {
    let record = DiskRecord(entries: [entry(environment)])
    #expect(record.entry(for: environment) != nil)
    var other = environment
    other.buildMode = "debug"
    #expect(record.entry(for: other) != nil, "how a build was made changes no disk")
    other.storeDevice = "vdb"
    #expect(record.entry(for: other) == nil)
    other = environment
    other.processor = "another"
    #expect(record.entry(for: other) == nil)
    other = environment
    other.storeDevice = nil
    #expect(record.entry(for: other) == nil, "a run that names no device has none")
  }

  @Test func `the newest measurement of a device replaces the one before`() {
    var record = DiskRecord()
    record.add(entry(environment))
    record.add(entry(environment, at: "2026-02-02T00:00:00Z"))
    var other = environment
    other.storeDevice = "vdb"
    record.add(entry(other))
    #expect(record.entries.map(\.device) == ["vda", "vdb"])
    #expect(record.entry(for: environment)?.measuredAt == "2026-02-02T00:00:00Z")
  }

  @Test func `what lies beside a run is found, and what it brings along when that is newer`() throws
  {
    let folder = try place()
    #expect(DiskRecord.lookUp(run(in: folder.path, environment)).0 == nil)
    try DiskRecord(entries: [entry(environment)]).write(in: folder.path)
    #expect(DiskRecord.lookUp(run(in: folder.path, environment)).0 == entry(environment))
    var sent = environment
    let newer = entry(environment, at: "2026-03-03T00:00:00Z")
    sent.disk = newer
    #expect(DiskRecord.lookUp(run(in: folder.path, sent)).0 == newer)
    sent.disk = entry(environment, at: "2025-03-03T00:00:00Z")
    #expect(DiskRecord.lookUp(run(in: folder.path, sent)).0 == entry(environment))
  }

  @Test func `a disk of another device is said to be that, and a damaged file is no empty one`()
    throws
  {
    let folder = try place()
    try DiskRecord(entries: [entry(environment)]).write(in: folder.path)
    var other = environment
    other.storeDevice = "vdb"
    let found = DiskRecord.lookUp(run(in: folder.path, other))
    #expect(found.0 == nil && found.problem?.contains("other machines or devices") == true)
    for text in ["{\"schema\": 9}", "{\"schema\": 1, \"ent", "[]"] {
      try FileSystem.replace(folder.file("disk.json"), with: Array(text.utf8))
      #expect(throws: RunError.self) { try DiskRecord.read(in: folder.path) }
      let damaged = DiskRecord.lookUp(run(in: folder.path, environment))
      #expect(damaged.0 == nil && damaged.problem?.contains("cannot be read") == true)
    }
  }

  @Test func `rounds that lie far apart are not steady, nor are too few`() {
    func estimate(_ low: Double, _ high: Double) -> Estimate {
      Estimate(value: low, interval: .init(low: low, high: high, method: "test"), count: 9)
    }
    #expect(DiskRecord.Figure.isSteady(estimate(1, 2)))
    #expect(!DiskRecord.Figure.isSteady(estimate(1, 2.1)))
    #expect(!DiskRecord.Figure.isSteady(Estimate(value: 1, count: 3)))
  }
}
