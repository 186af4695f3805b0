import CVectorKernels
import Synchronization

extension GraphIndex {
  /// Up to this many vectors a scan is quicker than the graph.
  private static let scanMax = 256

  /// Returns the `k` nearest live vectors that a beam of `ef` finds, closest first.
  package func search(_ query: Span<Float>, k: Int, ef: Int) throws(IndexError) -> [IndexHit] {
    try desk.run(.search) { (scratch) throws(IndexError) in
      try load(query, into: scratch)
      let count = used.load(ordering: .acquiring)
      let beam = min(max(k, ef, 1), max(count, 1))
      let pool = prefersScan(beam, count) ? scan(beam, scratch) : searchGround(beam, scratch)
      return hits(pool, k)
    }
  }

  /// Little to read, and not strewn so thinly that finding it is the work.
  private func prefersScan(_ beam: Int, _ slots: Int) -> Bool {
    let few = max(Self.scanMax, beam)
    return liveCount <= few && slots <= 16 * few
  }

  /// Returns the `k` nearest live vectors, by looking at every one.
  package func exactSearch(_ query: Span<Float>, k: Int) throws(IndexError) -> [IndexHit] {
    try desk.run(.search) { (scratch) throws(IndexError) in
      try load(query, into: scratch)
      let bound = min(max(k, 1), max(used.load(ordering: .acquiring), 1))
      return hits(scan(bound, scratch), k)
    }
  }

  private func hits(_ pool: CandidatePool, _ k: Int) -> [IndexHit] {
    var hits: [IndexHit] = []
    hits.reserveCapacity(max(0, min(k, pool.count)))
    var index = 0
    while index < pool.count, hits.count < k {
      // SAFETY: index < count.
      let found = unsafe pool.entries[index]
      if arena.state(found.slot) == SlotState.live {
        hits.append(IndexHit(slot: SlotID(raw: found.slot), distance: found.distance))
      }
      index += 1
    }
    return hits
  }

  func searchGround(_ beam: Int, _ scratch: SearchScratch) -> CandidatePool {
    guard let start = descend(to: 0, scratch) else {
      return scratch.emptyPool(bound: beam)
    }
    return searchLayer(0, from: start, ef: beam, scratch)
  }

  /// Scans every live vector, in blocks, keeping the best.
  @inline(never)
  private func scan(_ bound: Int, _ scratch: SearchScratch) -> CandidatePool {
    var pool = scratch.emptyPool(bound: bound)
    let (slots, distances) = unsafe (scratch.slots, scratch.distances)
    let end = UInt32(used.load(ordering: .acquiring))
    var (next, total): (UInt32, Int) = (0, 0)
    while next < end {
      var count = 0
      // SAFETY: the scratch has room for blocks of 256.
      while next < end, count < 256 {
        if arena.state(next) == SlotState.live {
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

  /// Walks greedily from the entry down to the layer above `layer`; the nearest node found.
  @inline(never)
  func descend(to layer: Int, _ scratch: SearchScratch) -> Candidate? {
    let start = entry.load(ordering: .acquiring)
    if start == SlotArena.noLink || arena.state(start) == SlotState.free { return nil }
    var best = unsafe Candidate(
      distance: kernel.distance(from: scratch.query, to: start), tag: start)
    var current = arena.level(start)
    while current > layer {
      improve(&best, on: current, scratch)
      current -= 1
    }
    return best
  }

  private func improve(_ best: inout Candidate, on layer: Int, _ scratch: SearchScratch) {
    let (slots, distances) = unsafe (scratch.slots, scratch.distances)
    while true {
      // SAFETY: the scratch has room for a list of any layer.
      let count = unsafe readable(slots, arena.copyLinks(of: best.slot, layer, to: slots))
      unsafe kernel.distances(from: scratch.query, to: slots, count, into: distances)
      scratch.count(hops: 1, distances: count)
      let before = best.slot
      for index in 0..<count where unsafe distances[index] < best.distance {
        unsafe best = Candidate(distance: distances[index], tag: slots[index])
      }
      if best.slot == before { return }
    }
  }

  /// Keeps the slots that may be read; how many those are.
  private func readable(_ slots: UnsafeMutablePointer<UInt32>, _ count: Int) -> Int {
    var kept = 0
    for index in 0..<count {
      // SAFETY: kept ≤ index < count.
      let slot = unsafe slots[index]
      if arena.state(slot) == SlotState.free { continue }
      unsafe slots[kept] = slot
      kept &+= 1
    }
    return kept
  }

  /// The best `ef` nodes of a layer that a beam search from `start` comes to.
  func searchLayer(
    _ layer: Int, from start: Candidate, ef: Int, _ scratch: SearchScratch
  ) -> CandidatePool {
    switch options.visited {
    case .marks:
      var marks = scratch.emptyMarks(used.load(ordering: .acquiring))
      return searchLayer(layer, from: start, ef: ef, scratch, visited: &marks)
    case .map:
      var map = VisitedMap(slots: scratch.map)
      scratch.map = []
      map.slots.removeAll(keepingCapacity: true)
      let pool = searchLayer(layer, from: start, ef: ef, scratch, visited: &map)
      scratch.map = map.slots
      return pool
    }
  }

  @inline(never)
  private func searchLayer<Visited: VisitedNodes>(
    _ layer: Int, from start: Candidate, ef: Int, _ scratch: SearchScratch,
    visited: inout Visited
  ) -> CandidatePool {
    var pool = scratch.emptyPool(bound: ef)
    let (query, slots, distances) = unsafe (scratch.query, scratch.slots, scratch.distances)
    scratch.count(hops: 0, distances: 1)
    _ = visited.insert(start.slot)
    pool.insert(start.slot, start.distance)
    while let node = pool.nextToExpand() {
      let count = unsafe unseen(of: node, layer, to: slots, &visited)
      unsafe kernel.distances(from: query, to: slots, count, into: distances)
      var index = 0
      while index < count {
        // SAFETY: index < count ≤ the width of a list, for which the scratch has room.
        let distance = unsafe distances[index]
        if pool.accepts(distance) { unsafe pool.insert(slots[index], distance) }
        index &+= 1
      }
      scratch.count(hops: 1, distances: count)
    }
    return pool
  }

  /// Gathers the links of a node that were not seen yet and may be read.
  @inline(__always)
  private func unseen<Visited: VisitedNodes>(
    of node: UInt32, _ layer: Int, to slots: UnsafeMutablePointer<UInt32>,
    _ visited: inout Visited
  ) -> Int {
    let (list, width) = unsafe (arena.links(node, layer), arena.width(layer))
    var (count, index) = (0, 0)
    while index < width {
      // SAFETY: index < width; count ≤ index.
      let link = unsafe vb_load_relaxed_32(list + index)
      if link == SlotArena.noLink { break }
      if visited.insert(link), arena.state(link) != SlotState.free {
        unsafe vb_prefetch(arena.vector(link))
        unsafe slots[count] = link
        count &+= 1
      }
      index &+= 1
    }
    return count
  }
}
