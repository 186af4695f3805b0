import Basics
import CVectorKernels
import Synchronization

extension GraphIndex {
  /// Adds a vector and returns its slot.
  ///
  /// Safe beside any other operation.
  package func insert(_ vector: Span<Float>) throws(IndexError) -> SlotID {
    try desk.run(.insert) { (scratch) throws(IndexError) in
      try load(vector, into: scratch)
      let slot = try claimSlot()
      // SAFETY: the slot is ours alone until its state says live; both rows have that many floats.
      unsafe arena.vector(slot).update(from: scratch.query, count: arena.stride)
      link(slot, scratch)
      live.wrappingAdd(1, ordering: .relaxed)
      sweep(scratch)
      return SlotID(raw: slot)
    }
  }

  private func claimSlot() throws(IndexError) -> UInt32 {
    let claim = ledger.withLock { ledger in claimSlot(from: &ledger) }
    return try claim.get()
  }

  private func claimSlot(from ledger: inout SlotLedger) -> Result<UInt32, IndexError> {
    if let slot = ledger.reusable.popLast() {
      arena.clearLinks(slot)
      return .success(slot)
    }
    let next = used.load(ordering: .relaxed)
    let words = arena.drawLevel(UInt32(next)) * arena.m
    if next == arena.limit { return .failure(.full(slots: next)) }
    do throws(SystemError) { try grow(&ledger, to: next + 1, ledger.upperWords + words) } catch {
      return .failure(.system(error))
    }
    arena.prepare(UInt32(next), upperStart: ledger.upperWords)
    ledger.upperWords += words
    used.store(next + 1, ordering: .releasing)
    return .success(UInt32(next))
  }

  /// Commits in steps that double, so that asking the kernel stays rare.
  func grow(
    _ ledger: inout SlotLedger, to slots: Int, _ upperWords: Int
  ) throws(SystemError) {
    if slots <= ledger.committed, upperWords <= ledger.committedUpperWords { return }
    let count = min(
      arena.limit, max(1_024, slots, ledger.committed + min(ledger.committed, 65_536)))
    let words = max(upperWords * 2, count * 2)
    try arena.commit(slots: count, upperWords: words)
    (ledger.committed, ledger.committedUpperWords) = (count, words)
  }

  /// Makes a slot that holds a vector a node of the graph.
  @inline(never)
  private func link(_ slot: UInt32, _ scratch: SearchScratch) {
    if becomeEntry(slot) { return arena.setState(slot, SlotState.live) }
    var top = chooseLinks(of: slot, scratch)
    // All it came upon may have been removed meanwhile; a node without links would be lost.
    while !hasLinks(slot), entry.load(ordering: .acquiring) != SlotArena.noLink {
      top = chooseLinks(of: slot, scratch)
    }
    // The lists of every layer are written before anybody can come here by a link.
    arena.setState(slot, SlotState.live)
    for layer in 0...top { linkBack(to: slot, layer, scratch) }
    raiseEntry(to: slot)
  }

  private func hasLinks(_ slot: UInt32) -> Bool {
    // SAFETY: every list has at least four places.
    unsafe vb_load_relaxed_32(arena.links(slot, 0)) != SlotArena.noLink
  }

  /// Writes the lists of a new node, top down; the highest layer that has any.
  private func chooseLinks(of slot: UInt32, _ scratch: SearchScratch) -> Int {
    let start = entry.load(ordering: .acquiring)
    let entryLevel = start == SlotArena.noLink ? 0 : arena.level(start)
    let top = min(arena.level(slot), entryLevel)
    guard var nearest = descend(to: top, scratch) else { return top }
    var layer = min(top, arena.level(nearest.slot))
    while layer >= 0 {
      let pool = searchLayer(layer, from: nearest, ef: options.efConstruction, scratch)
      // SAFETY: the pool holds at least the node it began with.
      unsafe nearest = Candidate(distance: pool.entries[0].distance, tag: pool.entries[0].slot)
      let count = unsafe selectNeighbors(pool.entries, pool.count, limit: arena.m, scratch)
      unsafe arena.replaceLinks(of: slot, layer, with: scratch.kept, count)
      layer -= 1
    }
    return top
  }

  private func linkBack(to slot: UInt32, _ layer: Int, _ scratch: SearchScratch) {
    let list = unsafe arena.links(slot, layer)
    for index in 0..<arena.width(layer) {
      // SAFETY: index is below the width of the list.
      let neighbor = unsafe vb_load_relaxed_32(list + index)
      if neighbor == SlotArena.noLink { return }
      addLink(from: neighbor, to: slot, layer, scratch)
    }
  }

  private func becomeEntry(_ slot: UInt32) -> Bool {
    if entry.load(ordering: .acquiring) != SlotArena.noLink { return false }
    return entryLock.withLock { _ in
      if entry.load(ordering: .acquiring) != SlotArena.noLink { return false }
      arena.setState(slot, SlotState.live)
      entry.store(slot, ordering: .releasing)
      return true
    }
  }

  private func raiseEntry(to slot: UInt32) {
    let current = entry.load(ordering: .acquiring)
    if current != SlotArena.noLink, arena.level(current) >= arena.level(slot) { return }
    entryLock.withLock { _ in
      let current = entry.load(ordering: .acquiring)
      if current == SlotArena.noLink || arena.level(current) < arena.level(slot) {
        entry.store(slot, ordering: .releasing)
      }
    }
  }
}
