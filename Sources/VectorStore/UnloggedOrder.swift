import Synchronization

/// Numbers that stand for log positions where there is no log: later means larger.
enum UnloggedOrder {
  // Above every position that a log could reach, so that a reopened store's entries are older.
  private static let counter = Atomic<UInt64>(1 << 62)

  static func next() -> UInt64 { counter.add(1, ordering: .relaxed).newValue }
}
