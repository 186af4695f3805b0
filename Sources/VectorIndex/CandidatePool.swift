import CVectorKernels

/// A slot with its distance from the query, and whether its links were followed yet.
struct Candidate {
  static let expandedBit: UInt32 = 1 << 31

  var distance: Float
  var tag: UInt32

  var slot: UInt32 { tag & ~Self.expandedBit }
}

/// The best candidates seen so far, closest first, in a sorted array of bounded length.
///
/// Below a few hundred entries shifting a part of the array is cheaper than keeping two heaps, and
/// both the next candidate and the worst kept are a load away.
///
/// Invariants: `entries` has room for `bound`; `count` are in use, ascending; nothing before
/// `cursor` waits to be expanded.
@safe struct CandidatePool {
  let entries: UnsafeMutablePointer<Candidate>
  private let bound: Int
  private(set) var count = 0
  private var cursor = 0

  init(_ entries: UnsafeMutablePointer<Candidate>, bound: Int) {
    unsafe self.entries = unsafe entries
    self.bound = bound
  }

  /// Whether a candidate that far away would be kept.
  func accepts(_ distance: Float) -> Bool {
    // SAFETY: count − 1 is a used entry where the pool is full.
    unsafe count < bound || distance < entries[count &- 1].distance
  }

  /// Puts a candidate at its place, behind equals, and drops the worst when there are too many.
  @inline(never)
  mutating func insert(_ slot: UInt32, _ distance: Float) {
    let place = position(of: distance)
    if place >= bound { return }
    let moved = (count < bound ? count : bound &- 1) &- place
    // SAFETY: place + moved + 1 ≤ bound, the room behind `entries`.
    if moved > 0 {
      unsafe (entries + place + 1).update(from: entries + place, count: moved)
    }
    unsafe entries[place] = Candidate(distance: distance, tag: slot)
    if count < bound { count &+= 1 }
    if place < cursor { cursor = place }
  }

  private func position(of distance: Float) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low &+ high) >> 1
      // SAFETY: low ≤ middle < high ≤ count.
      if unsafe entries[middle].distance <= distance { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// The closest candidate whose links were not followed yet, now counted as followed.
  mutating func nextToExpand() -> UInt32? {
    while cursor < count {
      // SAFETY: cursor < count.
      let tag = unsafe entries[cursor].tag
      if tag & Candidate.expandedBit == 0 {
        unsafe entries[cursor].tag = tag | Candidate.expandedBit
        cursor &+= 1
        return tag
      }
      cursor &+= 1
    }
    return nil
  }
}
