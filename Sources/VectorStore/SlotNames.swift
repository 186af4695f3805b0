import Basics
import Synchronization
import VectorIndex
import Vocabulary

/// Which id lies in which slot of the index, and since when; read by searches without a lock.
///
/// A slot passes from one vector to the next while searches are on their way to it, so a name alone
/// proves nothing. Every change takes a number from one clock: a name is given *after* its vector
/// was written, and taken away *before* the slot may be written again. A search that notes the
/// clock first, and finds a name that is not younger, therefore looked at that name's own vector
/// all along.
///
/// Invariants: row i of the table belongs to slot i and holds id + 1 (zero: nobody lies there) and
/// the number of its last change. Both are only touched atomically. The table lies in reserved
/// memory that never moves, so a reader needs no lock while it grows; `committed` rows may be
/// touched.
@safe final class SlotNames: @unchecked Sendable {
  private let memory: ReservedMemory
  private let committed = Atomic<Int>(0)
  private let changes = Atomic<UInt64>(0)
  private let growth = InstrumentedLock("store.names")
  private let capacity: Int
  private static let step = 1 << 16
  private static let rowBytes = 16

  /// Two words that are only ever touched atomically.
  private struct Row: ~Copyable {
    let name: Atomic<UInt64>
    let change: Atomic<UInt64>
  }

  /// Reserves for that many slots; without a number, for every slot that can be named.
  init(slotsMax: Int? = nil) throws(SystemError) {
    capacity = slotsMax ?? 1 << 32
    memory = try ReservedMemory(bytes: capacity * Self.rowBytes)
  }

  /// The clock of the changes: what a search notes before it begins.
  var now: UInt64 { changes.load(ordering: .sequentiallyConsistent) }

  enum Answer: Equatable {
    case nobody
    case name(VectorID)
    /// The slot changed hands since; what was seen in it may be another's.
    case changed
  }

  /// Who has lain in a slot since `moment`, without a break.
  func name(of slot: SlotID, since moment: UInt64) -> Answer {
    guard Int(slot.raw) < committed.load(ordering: .acquiring) else { return .nobody }
    // SAFETY: the row is committed.
    let name = unsafe row(slot).pointee.name.load(ordering: .sequentiallyConsistent)
    // SAFETY: as above. The change is read last: a name that was given meanwhile shows in it.
    let change = unsafe row(slot).pointee.change.load(ordering: .sequentiallyConsistent)
    if change > moment { return .changed }
    return name == 0 ? .nobody : .name(VectorID(name - 1))
  }

  /// Makes room for a slot, so that naming it cannot fail.
  func prepare(_ slot: SlotID) throws(SystemError) { try grow(to: Int(slot.raw) + 1) }

  /// Names a slot that was prepared and whose vector is in place.
  func set(_ slot: SlotID, _ id: VectorID) { change(slot, to: id.rawValue &+ 1) }

  /// Takes the name away; only then may the slot be given back.
  func clear(_ slot: SlotID) { change(slot, to: 0) }

  private func change(_ slot: SlotID, to name: UInt64) {
    guard Int(slot.raw) < committed.load(ordering: .acquiring) else { return }
    let number = changes.add(1, ordering: .sequentiallyConsistent).newValue
    // SAFETY: the row is committed. The number comes first: no reader may see the new name with
    // the old number.
    unsafe row(slot).pointee.change.store(number, ordering: .sequentiallyConsistent)
    unsafe row(slot).pointee.name.store(name, ordering: .sequentiallyConsistent)
  }

  private func grow(to count: Int) throws(SystemError) {
    if count <= committed.load(ordering: .acquiring) { return }
    if count > capacity {
      throw SystemError("name", "more than \(capacity) slots", code: SystemError.outOfMemory)
    }
    try growth.withLock { () throws(SystemError) in
      let now = committed.load(ordering: .relaxed)
      if count <= now { return }
      let wanted = min(capacity, (count + Self.step - 1) / Self.step * Self.step)
      try memory.commit(wanted * Self.rowBytes)
      committed.store(wanted, ordering: .releasing)
    }
  }

  private func row(_ slot: SlotID) -> UnsafeMutablePointer<Row> {
    // SAFETY: zero-filled memory is two atomic words of value zero; the slot was checked.
    unsafe (memory.base + Int(slot.raw) * Self.rowBytes).assumingMemoryBound(to: Row.self)
  }
}
