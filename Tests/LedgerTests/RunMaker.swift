import Comparison
import Findings
import Ledger
import Measurement
import RunRecords
import Synchronization
import Vocabulary

/// Runs from values, on a shelf from which they may be taken, exchanged or lost.
final class Shelf: Sendable {
  private let runs = Mutex<[String: (run: RunFolder, digest: Character)]>([:])

  struct Gone: Error, CustomStringConvertible {
    let path: String
    var description: String { "There is nothing at \(path)." }
  }

  func put(_ path: String, _ results: [String: [Double]], digest: Character = "a") {
    let run = Self.run(path, results)
    runs.withLock { $0[path] = (run, digest) }
  }

  /// The same run with other bytes in it.
  func touch(_ path: String) {
    runs.withLock { $0[path]?.digest = "b" }
  }

  func lose(_ path: String) { runs.withLock { $0[path] = nil } }

  private func entry(_ path: String) throws -> (run: RunFolder, digest: Character) {
    guard let entry = runs.withLock({ $0[path] }) else { throw Gone(path: path) }
    return entry
  }

  var room: RunShelf {
    RunShelf(
      open: { try self.entry($0).run },
      digest: { "sha256:" + String(repeating: try self.entry($0).digest, count: 64) },
      isThere: { path in self.runs.withLock { $0[path] != nil } })
  }

  static func run(_ path: String, _ results: [String: [Double]]) -> RunFolder {
    let rows = results.sorted { $0.key < $1.key }.map { name, values in
      RunRecord.Result(
        name: name, unit: name == "capacity" ? .perSecond : .seconds,
        direction: name == "capacity" ? .higherIsBetter : .lowerIsBetter,
        estimate: Estimate.mean(ofTrials: values), trials: values)
    }
    let record = RunRecord(
      status: .complete, toolVersion: "1", command: "market", arguments: [], replay: "",
      startedAt: "2026-02-06T22:47:49Z", durationSeconds: 30, seed: 42,
      settings: [RunRecord.Setting(name: "top-k", value: "10", source: .standard)],
      dataset: RunRecord.Dataset(
        kind: "clustered", rows: 50_000, dimensions: 256, metric: .cosine, queries: 1_000,
        querySource: "heldout", digest: "abc"),
      trials: (1...5).map { RunRecord.Trial(number: $0, status: .complete) }, results: rows,
      profiling: RunRecord.Profiling(method: RunRecord.Profiling.nothing))
    return RunFolder(path: path, record: record, environment: nil, profileFiles: []) { file in
      throw Gone(path: file.relativePath)
    }
  }

  /// Five values around a center, one percent apart.
  static func around(_ center: Double) -> [Double] {
    [0.99, 0.995, 1, 1.005, 1.01].map { $0 * center }
  }
}
