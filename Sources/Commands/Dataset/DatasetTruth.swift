import Basics
import Measurement
import Vocabulary
import Workloads

/// `vbench dataset gt`: the exact neighbors of every query, beside the data they belong to.
struct DatasetTruth {
  let work: DatasetWork
  let path: String

  init(_ work: DatasetWork, _ path: String) {
    self.work = work
    self.path = path
  }

  struct Outcome: Encodable {
    var path: String
    var queries: Int
    var k: Int
    var metric: String
    var tiedQueries: Int
    var seconds: Double
  }

  func compute() throws -> ExitStatus {
    let folder = try DatasetFolder(path)
    let outcome = try write(folder)
    try Terminal.print(
      work.invocation.has("json") ? try JSONText.of(outcome) : Self.text(outcome))
    return .fine
  }

  static func text(_ outcome: Outcome) -> String {
    var text =
      "\(outcome.path): the \(outcome.k) nearest rows of \(NumberText.count(outcome.queries)) "
      + "queries, \(outcome.metric), in \(NumberText.duration(outcome.seconds))\n"
    if outcome.tiedQueries > 0 {
      text +=
        "\(NumberText.count(outcome.tiedQueries)) queries have a tie at the last place: rows at "
        + "that distance are named in the order of their numbers.\n"
    }
    return text
  }

  /// Computes and writes the truth, and notes in meta.json what it belongs to.
  func write(_ folder: DatasetFolder) throws -> Outcome {
    let started = Clock.now()
    guard let queryPath = folder.queries else {
      throw Failure(.badInput, "\(folder.path) has no query.fvecs, .fbin or .npy to answer.")
    }
    let metric = try work.metric(of: folder)
    let queryFile = try VectorFile(queryPath)
    let base = try VectorFile(folder.base)
    guard queryFile.dimensions == base.dimensions else {
      throw DatasetError.mismatch(
        path: queryPath,
        reason: "its vectors have \(queryFile.dimensions) components and the rows "
          + "\(base.dimensions)")
    }
    let queries = try queryFile.floats(0..<queryFile.rows)
    if metric == .cosine, let row = ZeroVectors.first(in: queries, dimensions: base.dimensions) {
      throw DatasetError.zeroVector(path: queryPath, row: row)
    }
    let k = min(work.invocation.count("top-k") ?? 100, base.rows)
    try work.checkRoom(for: 2 * queryFile.rows * (4 * k + 4), at: folder.path)
    work.progress.begin(
      "Exact neighbors of \(NumberText.count(queryFile.rows)) queries", fraction: 0)
    let progress = work.progress
    let answers = try ExactNeighbors(
      base: folder.base, metric: metric, k: k, threads: ProcessorCount.online
    ).answers(
      to: queries, progress: { progress.update(fraction: 0.95 * $0) },
      isStopped: { Interrupts.count > 0 })
    return try keep(
      answers, folder, k, metric,
      digests: (try ContentDigest.of(base), try ContentDigest.of(queryFile)),
      started)
  }

  private func keep(
    _ answers: [ExactNeighbors.Answer], _ folder: DatasetFolder, _ k: Int, _ metric: Metric,
    digests: (base: String, query: String), _ started: UInt64
  ) throws -> Outcome {
    let truth = DatasetFolder.truthPath(folder.path)
    var rows = try VectorFileWriter(truth, rows: answers.count, dimensions: k)
    var distances = try VectorFileWriter(
      DatasetFolder.distancesPath(folder.path), rows: answers.count, dimensions: k)
    for answer in answers {
      try work.checkInterrupt()
      try rows.append(row: answer.rows.map { Int32($0) })
      try distances.append(answer.distances.map { Float($0) })
    }
    try work.checkInterrupt()
    try distances.finish()
    try rows.finish()
    let tied = answers.count { $0.isTied }
    var meta = folder.meta ?? DatasetMeta()
    meta.name = meta.name ?? folder.name
    meta.metric = metric.rawValue
    meta.baseDigest = digests.base
    meta.queryDigest = digests.query
    meta.truth = DatasetMeta.Truth(
      k: k, metric: metric, baseDigest: digests.base, queryDigest: digests.query,
      digest: try ContentDigest.of(try VectorFile(truth)), tiedQueries: tied)
    try meta.write(to: folder.path)
    return Outcome(
      path: truth, queries: answers.count, k: k, metric: metric.rawValue, tiedQueries: tied,
      seconds: Double(Clock.now() - started) / 1e9)
  }
}
