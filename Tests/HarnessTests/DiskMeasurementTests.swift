import Basics
import Harness
import Measurement
import RunRecords
import StorageEngine
import TestSupport
import Testing
import Vocabulary

/// The disk's own limit, and the engine's syncs that are set against it.
struct DiskMeasurementTests {
  @Test func `every sync of the log is timed once`() throws {
    let folder = try TemporaryDirectory("disk")
    let engine = try StorageEngine.create(
      at: folder.file("store"), description: [:], options: StorageOptions())
    #expect(engine.statistics().syncTimes == nil, "a log that never synced keeps no times")
    for id in 1...20 as ClosedRange<UInt64> {
      _ = try engine.commit(LogRecord.delete([VectorID(id)]))
    }
    let statistics = engine.statistics()
    #expect(statistics.syncs >= 20)
    #expect(statistics.syncTimes?.count == UInt64(statistics.syncs))
    try engine.close()
  }

  @Test func `what was stopped before its first round has asked nothing more`() throws {
    let folder = try TemporaryDirectory("disk")
    let plan = DiskMeasurement.Plan(seconds: 60, freeBytes: 1 << 30)
    let outcome = try DiskMeasurement(
      in: folder.path, plan, device: nil, isStopped: { true }
    ).run { _ in }
    #expect(outcome.rounds == 0 && outcome.slices.isEmpty)
  }

  @Test func `a short plan or little room makes small files, never none`() {
    func bytes(_ seconds: Double, _ free: Int) -> Int {
      DiskMeasurement.Plan(seconds: seconds, freeBytes: free).fileBytes
    }
    #expect(bytes(20, 1 << 40) == 128 << 20)
    #expect(bytes(2, 1 << 40) == 16 << 20)
    #expect(bytes(20, 256 << 20) == 32 << 20, "an eighth of the room")
    #expect(bytes(0.5, 0) == DiskMeasurement.Plan.fileBytesMin)
  }

  @Test func `a round too short for a percentile has none, and a refused task says why`() throws {
    let folder = try TemporaryDirectory("disk")
    let plan = DiskMeasurement.Plan(seconds: 0.02, freeBytes: 1 << 30, rounds: 2)
    let outcome = try DiskMeasurement(
      in: folder.path, plan, device: nil, isStopped: { false }
    ).run { _ in }
    let figures = DiskSummary(outcome).figures
    #expect(figures.map(\.name) == DiskTask.allCases.map(\.rawValue))
    for figure in figures where figure.problem == nil {
      #expect(figure.operations > 0, "\(figure.name)")
      #expect(figure.p99 == nil || figure.operations >= 200, "\(figure.name)")
      let estimate = figure.p50 ?? figure.bytesPerSecond
      #expect(estimate?.count == 2 && estimate?.interval == nil, "two rounds have no interval")
    }
    #expect(try FileSystem.list(folder.path) == ["read"], "each slice removes what it wrote")
  }
}
