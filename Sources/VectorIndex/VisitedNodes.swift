/// Remembers which slots a search has seen.
protocol VisitedNodes {
  /// True the first time a slot is asked for.
  mutating func insert(_ slot: UInt32) -> Bool
}

/// One stamp per slot; the slots that carry today's stamp were seen.
///
/// Invariant: `stamps` has `capacity` entries. Slots beyond were made after the search began; they
/// count as seen, because there is no place to note them.
@safe struct VisitedMarks: VisitedNodes {
  let stamps: UnsafeMutablePointer<UInt16>
  let capacity: Int
  let stamp: UInt16

  mutating func insert(_ slot: UInt32) -> Bool {
    // SAFETY: the slot is checked against the capacity before it is used.
    guard Int(slot) < capacity, unsafe stamps[Int(slot)] != stamp else { return false }
    unsafe stamps[Int(slot)] = stamp
    return true
  }
}

/// A hash set: what one writes first, kept to show what it costs.
struct VisitedMap: VisitedNodes {
  var slots: Set<UInt32>

  mutating func insert(_ slot: UInt32) -> Bool { slots.insert(slot).inserted }
}
