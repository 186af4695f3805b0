import Basics
import Measurement

@testable import RunRecords

/// What lies beside the folders of runs, each with one entry.
extension Seeds {
  static var records: [Seed] {
    get throws {
      let machine = try RecordJSON.decode(
        EnvironmentClass.self, from: Array(machine.utf8), path: "machine")
      return [
        ("noise-record/one", try RecordJSON.encode(noise(machine), path: NoiseRecord.fileName)),
        ("disk-record/one", try RecordJSON.encode(disk(machine), path: DiskRecord.fileName)),
        ("baselines/one", try RecordJSON.encode(baselines, path: "baselines.json")),
      ]
    }
  }

  private static let moment = "2026-02-06T23:47:49Z"

  private static let machine = """
    {"processor": "Model", "cores": 2, "memoryTenthsOfGiB": 80, "fileSystem": "ext4",
     "frequencyGovernor": "unknown", "buildMode": "release"}
    """

  private static func noise(_ machine: EnvironmentClass) -> NoiseRecord {
    let spread = NoiseRecord.Spread(
      betweenRuns: 0.02, betweenTrials: 0.03, floor: 0.01, values: [100, 102.5])
    return NoiseRecord(entries: [
      .init(
        machine: machine, command: "market", settings: ["dataset": "20k"], rate: 500, runs: 2,
        trialsPerRun: 5, measuredAt: moment, toolVersion: "1", spreads: ["throughput": spread],
        functions: spread)
    ])
  }

  private static func disk(_ machine: EnvironmentClass) -> DiskRecord {
    let estimate = Estimate(
      value: 2e-4, interval: .init(low: 1e-4, high: 3e-4, method: "order statistics"), count: 3)
    return DiskRecord(entries: [
      .init(
        machine: machine, device: "8:0", writeCache: "write back", isRotational: false,
        measuredAt: moment, toolVersion: "1", rounds: 3, seconds: 1,
        figures: [
          .init(
            name: "commit.1", writers: 1, blockBytes: 4096, operations: 10, bytes: 40_960,
            operationsPerSecond: estimate, mean: estimate, p50: estimate, p99: estimate,
            longest: 3e-4),
          .init(name: "read.random", writers: 1, blockBytes: 4096, problem: "it was cached"),
        ],
        flushesPerSync: 1,
        written: .init(bytes: 40_960, calls: 10, bytesByKernel: 40_960, callsByKernel: nil),
        otherProcessesCPU: 0.1, stealShare: 0.01, notes: ["a note"])
    ])
  }

  private static var baselines: Baselines {
    Baselines(entries: [.init(name: "release", run: "20260206_234749", savedAt: moment)])
  }
}
