import Synchronization

/// What an index holds and how much it has worked.
package struct IndexStatistics: Codable, Sendable, Equatable {
  package var live: Int
  /// Slots that the next inserts will use again.
  package var freeSlots: Int
  /// Removed slots that may not be used again yet.
  package var tombstones: Int
  package var searching: GraphWork
  package var inserting: GraphWork
  package var removing: GraphWork

  package func work(_ kind: GraphWork.Kind) -> GraphWork {
    switch kind {
    case .search: searching
    case .insert: inserting
    case .remove: removing
    }
  }
}

extension GraphIndex {
  package func statistics() -> IndexStatistics {
    let (free, waiting) = ledger.withLock { ($0.reusable.count, $0.waiting.count) }
    return IndexStatistics(
      live: liveCount, freeSlots: free, tombstones: waiting,
      searching: desk.work(.search), inserting: desk.work(.insert),
      removing: desk.work(.remove))
  }
}
