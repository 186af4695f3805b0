import CVectorKernels

extension GraphIndex {
  /// Picks up to `limit` of the candidates, closest first, leaving out those that lie nearer to
  /// one already picked than to the node itself; the picks are in `scratch.kept`.
  ///
  /// So a node links in several directions instead of many times into the same crowd.
  @inline(never)
  func selectNeighbors(
    _ candidates: UnsafePointer<Candidate>, _ count: Int, limit: Int, _ scratch: SearchScratch
  ) -> Int {
    let kept = unsafe scratch.kept
    var (picked, index) = (0, 0)
    while index < count, picked < limit {
      // SAFETY: index < count; picked < limit ≤ the room of `kept`.
      let candidate = unsafe candidates[index]
      if arena.state(candidate.slot) == SlotState.live,
        unsafe liesApart(candidate, from: kept, picked, scratch)
      {
        unsafe kept[picked] = candidate.slot
        picked &+= 1
      }
      index &+= 1
    }
    return picked
  }

  /// Whether no picked node is nearer to the candidate than the candidate is to its own node.
  private func liesApart(
    _ candidate: Candidate, from kept: UnsafePointer<UInt32>, _ picked: Int,
    _ scratch: SearchScratch
  ) -> Bool {
    let (row, distances) = unsafe (arena.vector(candidate.slot), scratch.keptDistances)
    var index = 0
    while index < picked {
      let count = min(4, picked &- index)
      // SAFETY: index + count ≤ picked; four distances fit.
      unsafe kernel.distances(from: row, to: kept + index, count, into: distances)
      scratch.count(comparisons: count)
      for near in 0..<count where unsafe distances[near] < candidate.distance { return false }
      index &+= count
    }
    return true
  }

  /// Adds a link, making room by the heuristic when the list is full.
  ///
  /// Dead links go first.
  func addLink(from node: UInt32, to target: UInt32, _ layer: Int, _ scratch: SearchScratch) {
    if node == target { return }
    arena.withLock(node) {
      guard arena.state(node) == SlotState.live, arena.state(target) == SlotState.live else {
        return
      }
      let slots = unsafe scratch.slots
      // SAFETY: the scratch has room for two lists and one more.
      let before = unsafe arena.copyLinks(of: node, layer, to: slots)
      for index in 0..<before where unsafe slots[index] == target { return }
      var count = unsafe keepLinkable(slots, before, lost: target)
      unsafe slots[count] = target
      count += 1
      if count > arena.width(layer) {
        sortJoined(from: node, count, scratch)
        count = reselect(for: node, layer, count, scratch)
        unsafe arena.replaceLinks(of: node, layer, with: scratch.kept, count)
      } else {
        unsafe arena.replaceLinks(of: node, layer, with: slots, count)
      }
    }
  }

  /// Picks a full list's links anew from `scratch.joined`, and keeps who would be lost without.
  func reselect(for node: UInt32, _ layer: Int, _ count: Int, _ scratch: SearchScratch) -> Int {
    let limit = arena.width(layer)
    var picked = unsafe selectNeighbors(scratch.joined, count, limit: limit, scratch)
    for index in 0..<count {
      // SAFETY: index < count; picked stays within a list's width.
      let slot = unsafe scratch.joined[index].slot
      let isPicked = (0..<picked).contains { unsafe scratch.kept[$0] == slot }
      if isPicked || arena.state(slot) != SlotState.live { continue }
      if isLinkedBack(slot, layer, except: node) { continue }
      if picked < limit { picked += 1 }
      unsafe scratch.kept[picked - 1] = slot
    }
    return picked
  }

  /// Whether one of the nodes that this one links to, other than `except`, links back to it.
  ///
  /// Most nodes that link to it are among those; a node nobody links to can never be found.
  func isLinkedBack(_ slot: UInt32, _ layer: Int, except: UInt32) -> Bool {
    let (list, width) = unsafe (arena.links(slot, layer), arena.width(layer))
    for index in 0..<width {
      // SAFETY: index is below the width of the list.
      let neighbor = unsafe vb_load_relaxed_32(list + index)
      if neighbor == SlotArena.noLink { return false }
      if neighbor == except || arena.state(neighbor) != SlotState.live { continue }
      if hasLink(from: neighbor, to: slot, layer) { return true }
    }
    return false
  }

  private func hasLink(from node: UInt32, to target: UInt32, _ layer: Int) -> Bool {
    let (list, width) = unsafe (arena.links(node, layer), arena.width(layer))
    var index = 0
    while index < width {
      // SAFETY: index is below the width of the list.
      let link = unsafe vb_load_relaxed_32(list + index)
      if link == target { return true }
      if link == SlotArena.noLink { return false }
      index &+= 1
    }
    return false
  }

  /// Keeps the links to live nodes other than `lost`; how many those are.
  func keepLinkable(_ slots: UnsafeMutablePointer<UInt32>, _ count: Int, lost: UInt32) -> Int {
    var kept = 0
    for index in 0..<count {
      // SAFETY: kept ≤ index < count.
      let slot = unsafe slots[index]
      if slot == lost || arena.state(slot) != SlotState.live { continue }
      unsafe slots[kept] = slot
      kept &+= 1
    }
    return kept
  }

  /// Turns `scratch.slots` into candidates around a node, sorted, in `scratch.joined`.
  func sortJoined(from node: UInt32, _ count: Int, _ scratch: SearchScratch) {
    let (slots, distances) = unsafe (scratch.slots, scratch.distances)
    unsafe kernel.distances(from: arena.vector(node), to: slots, count, into: distances)
    scratch.count(comparisons: count)
    var pool = unsafe CandidatePool(scratch.joined, bound: scratch.listCapacity)
    for index in 0..<count { unsafe pool.insert(slots[index], distances[index]) }
  }
}
