import Basics
package import Vocabulary

/// The exact nearest rows of every query, by looking at every row.
///
/// Floats choose a few more candidates than are wanted; those are ranked again in doubles, by
/// distance and then by row number, so that equal distances always come in one order. When the
/// candidates that floats left out cannot be told from the last one kept, within the error that a
/// sum of floats can have, the query is done once more in doubles alone.
package struct ExactNeighbors: Sendable {
  package struct Answer: Sendable, Equatable {
    package var rows: [Int]
    package var distances: [Double]
    /// The next row is exactly as far away as the last one here.
    package var isTied: Bool
  }

  private let base: String
  private let metric: Metric
  private let k: Int
  private let threads: Int

  /// - Parameters:
  ///   - base: The path of the rows.
  ///   - metric: How far apart two vectors are.
  ///   - k: Neighbors wanted; fewer come when there are fewer rows.
  ///   - threads: Each takes a share of the queries.
  package init(base: String, metric: Metric, k: Int, threads: Int) {
    precondition(k > 0 && threads > 0)
    self.base = base
    self.metric = metric
    self.k = k
    self.threads = threads
  }

  /// - Parameters:
  ///   - queries: One behind the other, as long as the rows.
  ///   - progress: Told the share that is done, from one of the threads.
  ///   - isStopped: Asked now and then; true ends it with `interrupted`.
  /// - Returns: An answer for each query, in their order.
  /// - Throws: What is wrong with the rows.
  package func answers(
    to queries: [Float], progress: @escaping @Sendable (Double) -> Void = { _ in },
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(DatasetError) -> [Answer] {
    let file = try VectorFile(base)
    guard queries.count % file.dimensions == 0 else {
      throw .mismatch(path: base, reason: "its rows have \(file.dimensions) components")
    }
    let count = queries.count / file.dimensions
    let (width, share) = (file.dimensions, (count + threads - 1) / max(1, threads))
    let parts: [Result<[Answer], DatasetError>]
    do throws(SystemError) {
      parts = try WorkerThreads.run(count: min(threads, max(1, count)), name: "truth") { thread in
        let begin = min(count, thread * share)
        let mine = Array(queries[(begin * width)..<(min(count, begin + share) * width)])
        return Result { () throws(DatasetError) in
          try self.scan(mine, thread == 0 ? progress : { _ in }, isStopped)
        }
      }
    } catch { throw .system(error) }
    var answers: [Answer] = []
    for part in parts { answers += try part.get() }
    return answers
  }

  private func scan(
    _ queries: [Float], _ progress: @Sendable (Double) -> Void, _ isStopped: @Sendable () -> Bool
  ) throws(DatasetError) -> [Answer] {
    let file = try VectorFile(base)
    var scan = TruthScan(
      queries: queries, dimensions: file.dimensions, metric: metric, k: min(k, file.rows))
    try pieces(of: file, isStopped) { rows, first in
      scan.choose(rows, firstRow: first)
      progress(0.8 * Double(first) / Double(file.rows))
    }
    scan.beginRanking()
    try pieces(of: file, isStopped) { rows, first in
      scan.rank(rows, firstRow: first)
      progress(0.8 + 0.15 * Double(first) / Double(file.rows))
    }
    if scan.settle() {
      try pieces(of: file, isStopped) { rows, first in
        scan.rankUnsettled(rows, firstRow: first)
        progress(0.95 + 0.05 * Double(first) / Double(file.rows))
      }
    }
    return scan.answers
  }

  private func pieces(
    of file: borrowing VectorFile, _ isStopped: @Sendable () -> Bool,
    _ body: (_ rows: [Float], _ firstRow: Int) -> Void
  ) throws(DatasetError) {
    // Small enough to stay in the cache while every query meets it.
    let count = max(1, 65_536 / file.dimensions)
    for start in stride(from: 0, to: file.rows, by: count) {
      if isStopped() { throw .interrupted }
      body(try checked(file, start..<min(start + count, file.rows)), start)
    }
  }

  private func checked(
    _ file: borrowing VectorFile, _ range: Range<Int>
  ) throws(DatasetError) -> [Float] {
    let rows = try file.floats(range)
    if metric == .cosine, let zero = ZeroVectors.first(in: rows, dimensions: file.dimensions) {
      throw .zeroVector(path: file.path, row: range.lowerBound + zero)
    }
    return rows
  }
}

/// Vectors without a direction.
package enum ZeroVectors {
  package static func first(in rows: [Float], dimensions: Int) -> Int? {
    stride(from: 0, to: rows.count, by: dimensions).first { start in
      rows[start..<(start + dimensions)].allSatisfy { $0 == 0 }
    }.map { $0 / dimensions }
  }
}
