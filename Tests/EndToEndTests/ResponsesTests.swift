import Foundation
import TestSupport
import Testing

/// `responses.json` of a run against the figures that were counted beside it.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ResponsesTests {
  private struct File: Decodable {
    let schema: Int
    let operations: [String: Parts]

    struct Parts: Decodable { let cells: [String: Sums] }

    struct Sums: Decodable {
      let count, queue, service, cpu, lock, condition, disk: Double
    }

    func sum(_ operation: String, _ part: KeyPath<Sums, Double>) -> Double {
      operations[operation]?.cells.values.reduce(0) { $0 + $1[keyPath: part] } ?? 0
    }
  }

  @Test func `parts of operations add up to what the run says of them`() throws {
    let folder = try TemporaryDirectory("responses")
    let run = try BuiltProgram.run(
      [
        "market", "--dataset", "2000", "--dims", "32", "-d", "600ms", "--warmup", "100ms",
        "--trials", "2", "--rate", "300", "--profile", "none",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let place = "\(folder.path)/Profiles/latest"
    let file = try JSONDecoder().decode(
      File.self, from: Data(contentsOf: URL(filePath: "\(place)/responses.json")))
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(place)/run.json")))
        as? [String: Any])
    let trials = record["trials"] as? [[String: Any]] ?? []
    for operation in ["search", "insert", "delete"] {
      let counts = trials.map { ($0["operations"] as? [String: Double])?[operation] ?? 0 }
      let count = file.sum(operation, \.count)
      #expect(count > 0 && count == counts.reduce(0, +), "\(operation)")
      // Means of a run are means over its trials; histograms keep three digits.
      let service = weighed(record, "\(operation).service.mean", counts)
      let response = weighed(record, "\(operation).response.mean", counts)
      let seen = file.sum(operation, \.service) / 1e9
      #expect(abs(seen / service - 1) < 0.01, "\(operation): \(seen) for \(service) s")
      let whole = seen + file.sum(operation, \.queue) / 1e9
      #expect(abs(whole / response - 1) < 0.01, "\(operation): \(whole) for \(response) s")
      let cpu = weighed(record, "cpu.per.\(operation)", counts)
      #expect(abs(file.sum(operation, \.cpu) / 1e9 / cpu - 1) < 0.01, "\(operation)")
      #expect(file.sum(operation, \.lock) <= file.sum(operation, \.service))
    }
    // Whoever writes waits for a sync, its own or the one of its group.
    let synced = file.sum("insert", \.disk) + file.sum("insert", \.condition)
    #expect(synced > 0 && file.sum("search", \.disk) == 0)
    let report = try BuiltProgram.run(["report", "Profiles/latest"], in: folder.path)
    #expect(!report.output.contains("which one it was, so the parts above are those of the mean"))
  }

  /// The sum over all operations of something that a run has the mean of, trial by trial.
  private func weighed(_ record: [String: Any], _ name: String, _ counts: [Double]) -> Double {
    let results = record["results"] as? [[String: Any]] ?? []
    let values = results.first { $0["name"] as? String == name }?["trials"] as? [Double] ?? []
    return zip(values, counts).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
