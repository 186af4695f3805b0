package import Vocabulary

/// Which vectors a run sees.
///
/// Everything else about them follows from this and the seed.
package struct DatasetSpec: Codable, Sendable, Equatable {
  package var kind: Kind
  package var rows: Int
  package var dimensions: Int
  package var metric: Metric
  package var queries: Int
  package var querySource: QuerySource
  package var seed: UInt64
  /// Where the vectors lie; nil where they are made.
  package var files: VectorFiles?

  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A mixture of low-dimensional clusters, as embeddings are.
    case clustered
    /// Every component uniform in [0, 1): what the source systems used, and no graph likes.
    case uniform
    /// Every component uniform in [-1, 1): in many dimensions everything is equally far away.
    case signed
    /// One flat cloud of eight dimensions, turned into many, with a little noise.
    case lowdim
    /// As they stand in a file.
    case file

    /// The kinds that need no file.
    package static var made: [Kind] { [.clustered, .uniform, .signed, .lowdim] }
  }

  package enum QuerySource: String, Codable, Sendable, CaseIterable {
    /// Drawn like the rows, but not among them.
    case heldout
    /// Rows themselves, so the first answer is the query.
    case stored
    /// Drawn like the rows and then moved away from all of them, as texts lie beside images.
    case ood
  }

  package init(
    kind: Kind, rows: Int, dimensions: Int, metric: Metric, queries: Int, querySource: QuerySource,
    seed: UInt64
  ) {
    self.kind = kind
    self.rows = rows
    self.dimensions = dimensions
    self.metric = metric
    self.queries = queries
    self.querySource = querySource
    self.seed = seed
  }

  /// The rows that the source benchmark loads at this dimension: fewer, the wider they are.
  package static func sourceRows(_ rows: Int, dimensions: Int) -> Int {
    let share =
      dimensions >= 1_536 ? 0.60 : dimensions >= 1_024 ? 0.75 : dimensions >= 768 ? 0.85 : 1
    return max(1, Int(Double(rows) * share))
  }
}
