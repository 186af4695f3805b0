/// Everything that was recorded between a beginning and an end.
package struct WaitRecording: Sendable, Equatable {
  package var start: UInt64 = 0
  package var end: UInt64 = 0
  package var waits: [Wait] = []
  package var threadNames: [Int32: String] = [:]
  /// Waits that no longer fitted, and how long they were together.
  package var droppedCount = 0
  package var droppedNanoseconds: UInt64 = 0

  package init() {}

  init(start: UInt64, end: UInt64, shards: [WaitShard.Contents]) {
    self.start = start
    self.end = end
    for shard in shards {
      droppedCount += shard.droppedCount
      droppedNanoseconds += shard.droppedNanoseconds
      // A thread always writes to the same shard, so no name is met twice.
      threadNames.merge(shard.threadNames) { first, _ in first }
      waits += shard.entries.map { entry in
        Wait(
          thread: entry.thread, start: entry.start, end: entry.end, waitClass: entry.waitClass,
          name: "\(entry.name)", stack: shard.stacks[Int(entry.stack)],
          releaser: shard.stacks[Int(entry.releaser)])
      }
    }
    waits.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
  }
}
