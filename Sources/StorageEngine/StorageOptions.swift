package import Measurement

/// What of a storage engine can be chosen.
package struct StorageOptions: Sendable, Equatable, Codable {
  package var durability = Durability.strict
  /// Several commits share one sync; off, every commit pays for its own.
  package var groupCommit = true
  /// A log file is followed by the next one when it is this long.
  package var walSegmentBytes = 64 << 20

  package init() {}
}

/// Moments that an experiment may want to know of, such as one that kills the process in them.
///
/// Each begins with its own word and ends with the word behind it.
package enum StorageEvent: String, Sendable, CaseIterable {
  case recovering, recovered
  case rolling, rolled
  case checkpointing, checkpointed
  /// Files that a checkpoint made needless are removed.
  case removing, removed
}

/// What a log has done since it was opened.
package struct LogStatistics: Sendable, Equatable {
  package var commits = 0
  package var syncs = 0
  /// How long each of them took; nil before the first, for a log that never syncs needs no room.
  package var syncTimes: LatencyHistogram?
  package var bytes: UInt64 = 0
  package var rolls = 0

  package init() {}

  package var commitsPerSync: Double { syncs > 0 ? Double(commits) / Double(syncs) : 0 }
}
