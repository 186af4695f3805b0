package import StorageEngine
package import VectorIndex

/// What of a store can be chosen: the index, the promise of an acknowledgement, and the timer.
package struct StoreOptions: Codable, Sendable, Equatable {
  package var index: IndexOptions
  package var storage = StorageOptions()
  /// In the relaxed mode: how often the background thread syncs.
  package var syncIntervalMilliseconds: Int {
    if case .relaxed(let milliseconds, _) = storage.durability { return milliseconds }
    return 0
  }

  package init(index: IndexOptions) { self.index = index }
}
