import Basics
import VectorIndex
import Vocabulary

/// Id → slot, and the place in the log of whatever last happened to the id.
///
/// Batches are applied by many threads in any order; the log's order decides. A change that comes
/// later to an id than one with a higher LSN is void, which also keeps an old upsert from bringing
/// a deleted id back.
final class Directory: Sendable {
  private let shards: [Shard] = (0..<64).map { _ in Shard() }

  struct Entry {
    /// Nil: deleted.
    var slot: SlotID?
    var lsn: UInt64
  }

  private final class Shard: @unchecked Sendable {
    let lock = InstrumentedLock("store.directory")
    /// Guarded by `lock`.
    var entries: [VectorID: Entry] = [:]
    /// Entries with a slot.
    var live = 0
  }

  enum Change {
    /// The new state holds; this slot, if any, is out of use.
    case applied(old: SlotID?)
    /// Something newer was there already.
    case void
  }

  /// Notes a change; `publish` runs while no other change of the id can come between.
  func put(
    _ id: VectorID, _ slot: SlotID?, lsn: UInt64, publish: () -> Void = {}
  ) -> Change {
    let shard = shard(of: id)
    return shard.lock.withLock {
      let old = shard.entries[id]
      if let old, old.lsn > lsn { return .void }
      shard.entries[id] = Entry(slot: slot, lsn: lsn)
      shard.live += (slot == nil ? 0 : 1) - (old?.slot == nil ? 0 : 1)
      publish()
      return .applied(old: old?.slot)
    }
  }

  func slot(of id: VectorID) -> SlotID? {
    let shard = shard(of: id)
    return shard.lock.withLock { shard.entries[id]?.slot }
  }

  /// All that live.
  ///
  /// Only a snapshot when no writer is at work.
  func live() -> [(id: VectorID, slot: SlotID)] {
    shards.flatMap { shard in
      shard.lock.withLock {
        shard.entries.compactMap { id, entry in entry.slot.map { (id, $0) } }
      }
    }
  }

  var count: Int { shards.reduce(0) { sum, shard in sum + shard.lock.withLock { shard.live } } }

  /// Forgets the graves.
  ///
  /// Safe only when no writer is at work, for only then is no older change due.
  func forgetDeleted() {
    for shard in shards {
      shard.lock.withLock { shard.entries = shard.entries.filter { $0.value.slot != nil } }
    }
  }

  private func shard(of id: VectorID) -> Shard {
    let mixed = id.rawValue &* 0x9E37_79B9_7F4A_7C15
    return shards[Int(mixed >> 58)]
  }
}
