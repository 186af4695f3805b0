import Basics
import Synchronization
import VectorIndex
import Vocabulary

/// Which id lies in which slot of the index, read by searches without a lock.
///
/// Invariants: entry i of the table belongs to slot i and holds id + 1, or zero when nobody lies
/// there. Entries are only touched atomically. The table lies in reserved memory that never moves,
/// so a reader needs no lock while it grows; `committed` entries may be touched.
@safe final class SlotNames: @unchecked Sendable {
  private let memory: ReservedMemory
  private let committed = Atomic<Int>(0)
  private let growth = InstrumentedLock("store.names")
  private static let capacity = 1 << 32
  private static let step = 1 << 16

  init() throws(SystemError) {
    memory = try ReservedMemory(bytes: Self.capacity * 8)
  }

  func name(of slot: SlotID) -> VectorID? {
    guard Int(slot.raw) < committed.load(ordering: .acquiring) else { return nil }
    // SAFETY: the entry is committed and only ever touched as an atomic word.
    let word = unsafe entry(slot).pointee.load(ordering: .acquiring)
    return word == 0 ? nil : VectorID(word - 1)
  }

  func set(_ slot: SlotID, _ id: VectorID) throws(SystemError) {
    try grow(to: Int(slot.raw) + 1)
    // SAFETY: as above; pairs with the acquiring load of a search.
    unsafe entry(slot).pointee.store(id.rawValue &+ 1, ordering: .releasing)
  }

  func clear(_ slot: SlotID) {
    guard Int(slot.raw) < committed.load(ordering: .acquiring) else { return }
    // SAFETY: as above.
    unsafe entry(slot).pointee.store(0, ordering: .releasing)
  }

  private func grow(to count: Int) throws(SystemError) {
    if count <= committed.load(ordering: .acquiring) { return }
    try growth.withLock { () throws(SystemError) in
      let now = committed.load(ordering: .relaxed)
      if count <= now { return }
      let wanted = (count + Self.step - 1) / Self.step * Self.step
      try memory.commit(wanted * 8)
      committed.store(wanted, ordering: .releasing)
    }
  }

  private func entry(_ slot: SlotID) -> UnsafeMutablePointer<Atomic<UInt64>> {
    // SAFETY: zero-filled memory is an atomic word of value zero; the slot was checked.
    unsafe (memory.base + Int(slot.raw) * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
  }
}
