import Synchronization

/// What an index holds and how much it has worked.
package struct IndexStatistics: Codable, Sendable, Equatable {
  package var live: Int
  /// Slots that the next inserts will use again.
  package var freeSlots: Int
  /// Removed slots that may not be used again yet.
  package var tombstones: Int
  package var distanceComputations: UInt64
  package var hops: UInt64
}

extension GraphIndex {
  package func statistics() -> IndexStatistics {
    let work = desk.work()
    let (free, waiting) = ledger.withLock { ($0.reusable.count, $0.waiting.count) }
    return IndexStatistics(
      live: liveCount, freeSlots: free, tombstones: waiting,
      distanceComputations: work.distances, hops: work.hops)
  }
}
