import Basics
import Measurement
import Vocabulary
import Workloads

/// `vbench dataset verify`: reads everything, and computes the truth of some queries again.
struct DatasetVerification {
  let work: DatasetWork
  let path: String

  init(_ work: DatasetWork, _ path: String) {
    self.work = work
    self.path = path
  }

  struct Outcome: Encodable {
    var path: String
    var rows: Int
    var queries = 0
    var dimensions: Int
    var metric: String
    var zeroVectors = 0
    /// `matched`, `not kept`: whether meta.json names what lies here.
    var digests = "not kept"
    var checkedQueries = 0
    var problems: [String] = []
  }

  func run() throws -> ExitStatus {
    let folder = try DatasetFolder(path)
    let base = try VectorFile(folder.base)
    let metric = try work.metric(of: folder)
    var outcome = Outcome(
      path: folder.path, rows: base.rows, dimensions: base.dimensions, metric: metric.rawValue)
    work.progress.begin("Reading \(NumberText.count(base.rows)) rows", fraction: 0)
    outcome.zeroVectors = try readAll(base)
    if metric == .cosine, outcome.zeroVectors > 0 {
      outcome.problems.append(
        "\(outcome.zeroVectors) rows are zero and have no cosine with anything.")
    }
    let baseDigest = try ContentDigest.of(base)
    compare(folder.meta?.baseDigest, baseDigest, "The rows are not those of meta.json.", &outcome)
    if let queryPath = folder.queries {
      try verify(queryPath, folder, base, metric, baseDigest, &outcome)
    }
    work.progress.end()
    try Terminal.print(
      work.invocation.has("json") ? try JSONText.of(outcome) : Self.text(outcome))
    return outcome.problems.isEmpty ? .fine : .badInput
  }

  /// Reads every row; how many are zero.
  private func readAll(_ file: borrowing VectorFile) throws -> Int {
    var zeros = 0
    for start in stride(from: 0, to: file.rows, by: file.rowsPerPiece) {
      try work.checkInterrupt()
      let values = try file.floats(start..<min(start + file.rowsPerPiece, file.rows))
      for first in stride(from: 0, to: values.count, by: file.dimensions)
      where values[first..<(first + file.dimensions)].allSatisfy({ $0 == 0 }) { zeros += 1 }
      work.progress.update(fraction: 0.4 * Double(start) / Double(file.rows))
    }
    return zeros
  }

  private func compare(
    _ kept: String?, _ found: String, _ sentence: String, _ outcome: inout Outcome
  ) {
    guard let kept else { return }
    if kept != found {
      outcome.problems.append(sentence)
      outcome.digests = "differ"
    } else if outcome.digests != "differ" {
      outcome.digests = "matched"
    }
  }

  private func verify(
    _ queryPath: String, _ folder: DatasetFolder, _ base: borrowing VectorFile, _ metric: Metric,
    _ baseDigest: String, _ outcome: inout Outcome
  ) throws {
    let file = try VectorFile(queryPath)
    guard file.dimensions == base.dimensions else {
      throw DatasetError.mismatch(
        path: queryPath,
        reason: "its vectors have \(file.dimensions) components and the rows \(base.dimensions)")
    }
    outcome.queries = file.rows
    let queries = try file.floats(0..<file.rows)
    let digest = try ContentDigest.of(file)
    compare(folder.meta?.queryDigest, digest, "The queries are not those of meta.json.", &outcome)
    guard let truthPath = folder.truth else { return }
    let table = try TruthTable(truthPath, baseRows: base.rows, queries: file.rows)
    if let truth = folder.meta?.truth {
      compare(
        truth.baseDigest, baseDigest, "The ground truth was made from other rows.", &outcome)
      compare(
        truth.queryDigest, digest, "The ground truth was made for other queries.", &outcome)
      compare(
        truth.digest, try ContentDigest.of(try VectorFile(truthPath)),
        "The ground truth is not the one that meta.json describes.", &outcome)
      if truth.metric != metric.rawValue {
        outcome.problems.append(
          "The ground truth was made for \(truth.metric), not \(metric.rawValue).")
      }
    }
    try recompute(table, queries, folder, base, metric, &outcome)
  }

  /// Answers queries spread over all of them once more, and holds the distances side by side.
  private func recompute(
    _ table: TruthTable, _ queries: [Float], _ folder: DatasetFolder, _ base: borrowing VectorFile,
    _ metric: Metric, _ outcome: inout Outcome
  ) throws {
    let width = base.dimensions
    let count = min(work.invocation.count("sample") ?? 50, table.rows.count)
    let sample = (0..<count).map { $0 * table.rows.count / count }
    work.progress.begin("Computing the truth of \(count) queries again", fraction: 0.5)
    let progress = work.progress
    let vectors = sample.flatMap { queries[($0 * width)..<(($0 + 1) * width)] }
    let answers = try ExactNeighbors(
      base: folder.base, metric: metric, k: table.k, threads: ProcessorCount.online
    ).answers(
      to: vectors, progress: { progress.update(fraction: 0.5 + 0.4 * $0) },
      isStopped: { Interrupts.count > 0 })
    var check = TruthCheck()
    for (answer, query) in zip(answers, sample) {
      try work.checkInterrupt()
      var claimed: [Double] = []
      for row in table.rows[query] {
        let vector = try base.floats(row..<(row + 1))
        claimed.append(
          ExactDistance.of(queries.span, query * width, vector.span, 0, width, metric))
      }
      check.hold(claimed, against: answer, query: query)
    }
    outcome.checkedQueries = check.checked
    if let first = check.wrong.first {
      outcome.problems.append(
        "\(check.wrong.count) of \(check.checked) queries have a ground truth that is not true, "
          + "the first of them query \(first): it was made from other data, by another metric, or "
          + "is not exact.")
    }
  }

  private static func text(_ outcome: Outcome) -> String {
    let head =
      "\(outcome.path): \(NumberText.count(outcome.rows)) × \(outcome.dimensions), "
      + "\(NumberText.count(outcome.queries)) queries, \(outcome.metric), digests "
      + "\(outcome.digests), the truth of \(outcome.checkedQueries) queries computed again\n"
    if outcome.problems.isEmpty { return head + "Nothing is wrong.\n" }
    return head + outcome.problems.map { "PROBLEM: \($0)\n" }.joined()
  }
}
