/// What operations of one kind have cost an index, by its own count.
///
/// It is exact, and for equal graphs and queries the same on any machine at any speed: what differs
/// here is the algorithm's doing, and not the weather's.
package struct GraphWork: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case search, insert, remove

    private static let words = 4
    static let allWords = words * allCases.count

    /// Where its counters begin among those of a seat.
    var firstWord: Int {
      switch self {
      case .search: 0
      case .insert: Self.words
      case .remove: 2 * Self.words
      }
    }
  }

  package var operations: UInt64 = 0
  /// Nodes whose links were followed.
  package var hops: UInt64 = 0
  /// Distances found on the way through the graph, each read from memory.
  package var found: UInt64 = 0
  /// Distances between candidates that stand in line already.
  package var compared: UInt64 = 0

  package init() {}

  package var distances: UInt64 { found &+ compared }

  package func since(_ earlier: GraphWork) -> GraphWork {
    var work = self
    work.operations &-= earlier.operations
    work.hops &-= earlier.hops
    work.found &-= earlier.found
    work.compared &-= earlier.compared
    return work
  }
}
