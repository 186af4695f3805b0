import Findings
import Measurement
import RunRecords
import Testing
import SyntheticRuns
import Vocabulary

/// What a report says of the disk behind a run, when somebody measured it alone.
///
/// The writes of the run wait for the disk for 2 s of their 8 s.
@Suite struct DiskAloneTests {
  private func report(
    disk: DiskRecord.Entry?, sync: Double? = 0.0002, problem: String? = nil
  ) throws -> FindingsReport {
    var run = SyntheticRun()
    run.profile(
      "engine", .block,
      .init(
        "vb_op_insert;StorageEngine.Log.sync;fdatasync", 2_000, op: "insert", waits: "disk"))
    if let sync {
      run.set("wal.sync.mean", .seconds, sync, observations: 5_000)
      run.set("wal.sync.p50", .seconds, sync * 0.9, observations: 5_000)
      run.set("wal.bytes.per.sync", .bytes, 8_192)
    }
    var folder = run.folder()
    folder.disk = disk
    folder.diskProblem = problem
    return try FindingsEngine.report(on: folder)
  }

  private func disk(mean: Double, spread: Double = 0.05) -> DiskRecord.Entry {
    func estimate(_ value: Double) -> Estimate {
      Estimate(
        value: value,
        interval: .init(
          low: value * (1 - spread), high: value * (1 + spread), method: "order statistics"),
        count: 9)
    }
    return DiskRecord.Entry(
      machine: EnvironmentClass(SyntheticRun.standardEnvironment()), device: "vda",
      writeCache: nil, isRotational: nil, measuredAt: "2026-02-06T10:00:00Z", toolVersion: "1.0",
      rounds: 9, seconds: 20,
      figures: [
        .init(
          name: "commit.1", writers: 1, blockBytes: 4_096, operations: 21_000, bytes: 86_016_000,
          operationsPerSecond: estimate(1 / mean), mean: estimate(mean),
          p50: estimate(mean * 0.9), p99: estimate(mean * 2), longest: mean * 40)
      ], flushesPerSync: nil,
      written: .init(bytes: 1, calls: 1, bytesByKernel: nil, callsByKernel: nil), notes: [])
  }

  private func line(_ report: FindingsReport) -> String? {
    report.card.first { $0.label == "The disk alone" }?.value.plain
  }

  private func means(_ report: FindingsReport) throws -> String {
    try #require(report.fired("I1").first).means.map(\.plain).joined(separator: " ")
  }

  @Test func `the run card has the disk's own commit, its count and its day`() throws {
    let line = try #require(try line(report(disk: disk(mean: 0.0001))))
    #expect(line.contains("p50 90.0 µs, p99 200 µs, n = 21,000"))
    #expect(line.contains("2026-02-06") && line.contains("vbench doctor --disk"))
  }

  @Test func `without a measurement the card says how to make one, and why there is none`() throws {
    #expect(try line(report(disk: nil)) == "not measured; `vbench doctor --disk`")
    let other = try line(report(disk: nil, problem: "disk.json tells of other devices"))
    #expect(other == "not measured (disk.json tells of other devices); `vbench doctor --disk`")
  }

  @Test func `a run that made no load of its own has no line about a disk`() throws {
    var run = SyntheticRun()
    run.record?.dataset = nil
    #expect(try line(run.report()) == nil)
  }

  @Test func `what the disk itself takes bounds what the engine could save`() throws {
    let report = try report(disk: disk(mean: 0.0001))
    // The slowest engine and the fastest disk that the intervals allow: 0.095 of 0.202 ms.
    #expect(try means(report).contains("100 µs of 200 µs, so at most 53.0 % of the wait"))
    let statements = report.fired("I1").flatMap(\.evidence).map(\.statement.plain)
    let statement = try #require(statements.first { $0.hasPrefix("A sync of the log") })
    #expect(statement.contains("mean 200 µs, p50 180 µs, n = 5,000, 8.00 KiB each"))
    #expect(statement.contains("the disk alone: mean 100 µs, p50 90.0 µs"))
  }

  @Test func `a disk as slow as the engine's syncs leaves the engine nothing to save`() throws {
    let means = try means(report(disk: disk(mean: 0.0003)))
    #expect(means.contains("nothing of this wait is known to be the engine's"))
    #expect(!means.contains("at most"))
  }

  @Test func `a disk whose rounds lie apart says nothing about the engine`() throws {
    let report = try report(disk: disk(mean: 0.0001, spread: 0.6))
    #expect(try means(report).contains("cannot be told: the rounds"))
    #expect(try #require(line(report)).contains("cannot be told: its rounds lie between"))
  }

  @Test func `a run that timed no syncs is not set against the disk`() throws {
    let report = try report(disk: disk(mean: 0.0001), sync: nil)
    #expect(try !means(report).contains("disk itself"))
    #expect(
      !report.fired("I1").flatMap(\.evidence).contains { $0.statement.plain.contains("alone") })
  }
}
