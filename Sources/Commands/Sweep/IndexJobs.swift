import Basics
import Harness
import VectorIndex
import Workloads

/// `vbench __index-build PLAN`: builds an index, and leaves it as a file for those who search it.
enum IndexBuildJob {
  static let name = "__index-build"

  struct Plan: Codable, Sendable {
    var data: SearchData
    var options: IndexOptions
    var threads: Int
    /// Where the index and the numbers of its rows go; nil when only the time is wanted.
    var snapshot: String?
  }

  struct Outcome: Codable, Sendable {
    var seconds: Double
    var memoryBytes: Int
    var fileBytes: Int?
  }

  static let command = JobCommand.make(name, "Builds an index.") { (plan: Plan) -> Outcome in
    let rows = try plan.data.readBase()
    let built = try IndexBuild.run(rows, plan.options, threads: plan.threads)
    var outcome = Outcome(seconds: built.seconds, memoryBytes: built.memoryBytes)
    if let path = plan.snapshot {
      let file = try File(path, .create)
      try built.index.writeSnapshot(to: file)
      try SlotRows.write(built.rows, to: SlotRows.path(of: path))
      outcome.fileBytes =
        (FileSystem.size(of: path) ?? 0) + (FileSystem.size(of: SlotRows.path(of: path)) ?? 0)
    }
    return outcome
  }
}

/// Which row lies in which slot, beside a snapshot.
enum SlotRows {
  static func path(of snapshot: String) -> String { snapshot + ".ivecs" }

  static func write(_ rows: [UInt32], to path: String) throws {
    var writer = try VectorFileWriter(path, rows: rows.count, dimensions: 1)
    for row in rows { try writer.append(row: [Int32(bitPattern: row)]) }
    try writer.finish()
  }

  static func read(_ path: String) throws -> [UInt32] {
    let file = try VectorFile(path)
    return try file.integers(0..<file.rows).map { UInt32($0) }
  }
}

/// `vbench __index-search PLAN`: opens an index and searches it in a closed loop.
enum IndexSearchJob {
  static let name = "__index-search"

  struct Plan: Codable, Sendable {
    var data: SearchData
    var options: IndexOptions
    var snapshot: String
    var k: Int
    var ef: Int
    var threads: Int
    var warmSeconds: Double
    var seconds: Double
    /// Whether the answers are held against the truth, before the clock runs.
    var scores: Bool
  }

  struct Outcome: Codable, Sendable {
    var search: ClosedLoopSearch.Outcome
    var recall: IndexRecall?
  }

  static let command = JobCommand.make(name, "Searches an index.") { (plan: Plan) -> Outcome in
    let queries = try plan.data.readQueries()
    let index = try GraphIndex.readSnapshot(plan.snapshot, options: plan.options)
    var recall: IndexRecall?
    if plan.scores {
      recall = try IndexRecall(
        index, rows: try SlotRows.read(SlotRows.path(of: plan.snapshot)), queries: queries,
        truth: try plan.data.readTruth(), k: plan.k, ef: plan.ef)
    }
    let search = try ClosedLoopSearch(
      index, queries: queries, k: plan.k, ef: plan.ef, threads: plan.threads
    ).run(warm: plan.warmSeconds, seconds: plan.seconds)
    return Outcome(search: search, recall: recall)
  }
}
