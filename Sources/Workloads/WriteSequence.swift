package import Vocabulary

/// The ids one worker owns, oldest first.
///
/// They are `worker`, `worker + workers`, `worker + 2 · workers` and so on.
///
/// Preloaded rows and later inserts lie on the same line of numbers, so no two workers ever touch
/// one id, and a first-in-first-out queue of any length is two counters.
package struct WriteSequence: Sendable {
  private let worker: UInt64
  private let workers: UInt64
  private var oldest: UInt64 = 0
  private var next: UInt64

  package init(worker: Int, of workers: Int, preloaded rows: Int) {
    precondition(worker >= 0 && worker < workers && rows >= 0)
    self.worker = UInt64(worker)
    self.workers = UInt64(workers)
    next = UInt64(max(0, rows - worker + workers - 1) / workers)
  }

  package var liveCount: Int { Int(next - oldest) }

  /// Takes `count` ids that nobody has used before.
  package mutating func insert(_ count: Int) -> [VectorID] {
    defer { next += UInt64(count) }
    return ids(next..<(next + UInt64(count)))
  }

  /// Gives up the oldest `count` ids, fewer when fewer are left.
  package mutating func delete(_ count: Int) -> [VectorID] {
    let end = min(next, oldest + UInt64(count))
    defer { oldest = end }
    return ids(oldest..<end)
  }

  private func ids(_ places: Range<UInt64>) -> [VectorID] {
    places.map { VectorID($0 * workers + worker) }
  }
}
