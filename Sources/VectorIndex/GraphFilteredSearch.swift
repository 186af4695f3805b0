import Synchronization

/// Which slots a search may answer with, and about how many of all that is.
package struct SlotFilter {
  package let share: Double
  package let passes: (SlotID) -> Bool

  package init(share: Double, passes: @escaping (SlotID) -> Bool) {
    self.share = share
    self.passes = passes
  }
}

extension GraphIndex {
  /// Returns the `k` nearest of those that pass, closest first.
  ///
  /// Either the graph is walked with a beam that much wider as fewer pass, through all nodes, and
  /// those that do not pass are left out at the end; or every slot is asked, and the distance is
  /// computed of those that pass. What is likely to be less work is done.
  package func search(
    _ query: Span<Float>, k: Int, ef: Int, passing filter: SlotFilter
  ) throws(IndexError) -> [IndexHit] {
    try desk.run(.search) { (scratch) throws(IndexError) in
      try load(query, into: scratch)
      let count = used.load(ordering: .acquiring)
      let wide = Double(max(k, ef, 1)) / filter.share
      if prefersScan(beam: wide, passing: filter.share) {
        return hits(scan(max(k, 1), scratch, filter), k, filter)
      }
      return hits(searchGround(min(Int(wide.rounded(.up)), max(count, 1)), scratch), k, filter)
    }
  }

  /// Distances are what a search spends its time on.
  ///
  /// A node of the beam costs one for about half of its links. A scan costs one for each that
  /// passes, and to ask the others costs about a quarter of one each.
  private func prefersScan(beam: Double, passing share: Double) -> Bool {
    let slots = Double(used.load(ordering: .relaxed))
    let scan = share * Double(liveCount) + slots / 4
    return scan <= beam * Double(options.m)
  }

  private func hits(_ pool: CandidatePool, _ k: Int, _ filter: SlotFilter) -> [IndexHit] {
    var hits: [IndexHit] = []
    hits.reserveCapacity(max(0, min(k, pool.count)))
    var index = 0
    while index < pool.count, hits.count < k {
      // SAFETY: index < count.
      let found = unsafe pool.entries[index]
      let slot = SlotID(raw: found.slot)
      if arena.state(found.slot) == SlotState.live, filter.passes(slot) {
        hits.append(IndexHit(slot: slot, distance: found.distance))
      }
      index += 1
    }
    return hits
  }

  @inline(never)
  private func scan(_ bound: Int, _ scratch: SearchScratch, _ filter: SlotFilter) -> CandidatePool {
    var pool = scratch.emptyPool(bound: bound)
    let (slots, distances) = unsafe (scratch.slots, scratch.distances)
    let end = UInt32(used.load(ordering: .acquiring))
    var (next, total): (UInt32, Int) = (0, 0)
    while next < end {
      var count = 0
      // SAFETY: the scratch has room for blocks of 256.
      while next < end, count < 256 {
        if arena.state(next) == SlotState.live, filter.passes(SlotID(raw: next)) {
          unsafe slots[count] = next
          count &+= 1
        }
        next &+= 1
      }
      unsafe kernel.distances(from: scratch.query, to: slots, count, into: distances)
      for index in 0..<count where unsafe pool.accepts(distances[index]) {
        unsafe pool.insert(slots[index], distances[index])
      }
      total &+= count
    }
    scratch.count(hops: 0, distances: total)
    return pool
  }
}
