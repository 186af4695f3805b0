import Basics
package import Vocabulary
package import Workloads

/// Rows, queries and truth as files, ready for the processes that build and search.
package struct SearchData: Codable, Sendable, Equatable {
  package var name: String
  package var base: String
  package var queries: String
  package var truth: String
  package var rows: Int
  package var dimensions: Int
  package var queryCount: Int
  package var metric: Metric

  package init(
    name: String, base: String, queries: String, truth: String, rows: Int, dimensions: Int,
    queryCount: Int, metric: Metric
  ) {
    self.name = name
    self.base = base
    self.queries = queries
    self.truth = truth
    self.rows = rows
    self.dimensions = dimensions
    self.queryCount = queryCount
    self.metric = metric
  }

  package func readQueries() throws(DatasetError) -> [Float] {
    let file = try VectorFile(queries)
    return try file.floats(0..<min(queryCount, file.rows))
  }

  package func readBase() throws(DatasetError) -> [Float] {
    let file = try VectorFile(base)
    return try file.floats(0..<min(rows, file.rows))
  }

  package func readTruth() throws(DatasetError) -> TruthTable {
    try TruthTable(truth, baseRows: rows, queries: queryCount)
  }
}
