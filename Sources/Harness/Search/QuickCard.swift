import Basics
package import VectorIndex
import Vocabulary
import Workloads

/// One run of the quick card: build, save, load, ask; each part timed on its own.
package struct QuickCard: Codable, Sendable, Equatable {
  package struct Plan: Codable, Sendable, Equatable {
    package var data: SearchData
    package var options: IndexOptions
    package var k: Int
    package var ef: Int
    /// How often every query is asked while the clock runs.
    package var passes: Int
    package var threads: Int
    /// Where the index is saved.
    package var snapshot: String

    package init(
      data: SearchData, options: IndexOptions, k: Int, ef: Int, passes: Int, threads: Int,
      snapshot: String
    ) {
      self.data = data
      self.options = options
      self.k = k
      self.ef = ef
      self.passes = passes
      self.threads = threads
      self.snapshot = snapshot
    }
  }

  package var buildSeconds = 0.0
  package var memoryBytes = 0
  /// Written, synced and closed.
  package var saveSeconds = 0.0
  package var fileBytes = 0
  /// Opened and checked, from the page cache.
  package var loadSeconds = 0.0
  package var search: ClosedLoopSearch.Outcome
  package var recall: IndexRecall

  /// What is told when a part begins and ends, so that it can be counted by others.
  package enum Part: CaseIterable { case build, save, load, search }

  /// - Parameters:
  ///   - plan: What to do.
  ///   - window: Called around each part; what it does is not in the times.
  /// - Throws: What the index, the data or the system refused.
  package init(
    _ plan: Plan, window: (Part, () throws -> Void) throws -> Void = { _, body in try body() }
  ) throws {
    let rows = try plan.data.readBase()
    let queries = try plan.data.readQueries()
    var built: IndexBuild.Built?
    try window(.build) {
      built = try IndexBuild.run(rows, plan.options, threads: plan.threads)
    }
    guard let built else { preconditionFailure("a window runs its body") }
    buildSeconds = built.seconds
    memoryBytes = built.memoryBytes
    var seconds = 0.0
    try window(.save) { seconds = try Self.timed { try Self.save(built.index, plan.snapshot) } }
    saveSeconds = seconds
    fileBytes = FileSystem.size(of: plan.snapshot) ?? 0
    var loaded: GraphIndex?
    try window(.load) {
      seconds = try Self.timed {
        loaded = try GraphIndex.readSnapshot(plan.snapshot, options: plan.options)
      }
    }
    loadSeconds = seconds
    // The loaded index answers, so that what was saved is what is judged.
    let index = loaded ?? built.index
    let loop = ClosedLoopSearch(index, queries: queries, k: plan.k, ef: plan.ef, threads: 1)
    var warm = ClosedLoopSearch.Share()
    try loop.run(count: 10, into: &warm)
    var asked = ClosedLoopSearch.Share()
    try window(.search) {
      try loop.run(count: plan.data.queryCount * plan.passes, into: &asked)
    }
    search = asked.outcome
    recall = try IndexRecall(
      index, rows: built.rows, queries: queries, truth: try plan.data.readTruth(), k: plan.k,
      ef: plan.ef)
  }

  private static func save(_ index: GraphIndex, _ path: String) throws {
    let file = try File(path, .create)
    try index.writeSnapshot(to: file)
    try file.synchronize()
    try file.close()
  }

  private static func timed(_ body: () throws -> Void) rethrows -> Double {
    let start = Clock.now()
    try body()
    return Double(Clock.now() - start) / 1e9
  }
}
