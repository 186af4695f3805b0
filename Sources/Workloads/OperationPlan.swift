import Basics

/// What operation number i of a run is: it follows from the seed and i, whoever executes it.
package struct OperationPlan: Codable, Sendable, Equatable {
  package var readRatio: Double
  /// The first share of the query pool is hot.
  package var hotRatio: Double
  /// How many of the reads take a hot query.
  package var hotQueryRatio: Double
  package var queries: Int
  package var seed: UInt64

  package init(
    readRatio: Double, hotRatio: Double, hotQueryRatio: Double, queries: Int, seed: UInt64
  ) {
    self.readRatio = readRatio
    self.hotRatio = hotRatio
    self.hotQueryRatio = hotQueryRatio
    self.queries = queries
    self.seed = seed
  }

  package enum Operation: Equatable, Sendable {
    case search(query: Int)
    case write
  }

  package func operation(_ number: Int) -> Operation {
    var random = SeededRandom(seed, stream: 0x0B, UInt64(number))
    guard random.unit() < readRatio else { return .write }
    let hot = max(1, Int(Double(queries) * hotRatio))
    return .search(query: random.unit() < hotQueryRatio ? random.below(hot) : random.below(queries))
  }
}
