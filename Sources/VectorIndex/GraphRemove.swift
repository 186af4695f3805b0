import CVectorKernels
import Synchronization

/// How far the sweep is: laps around the slots, and the place in this one.
struct SweepPlace {
  var lap = 0
  var place = 0
}

extension GraphIndex {
  /// Slots the sweep looks at per write, while any removed slot waits.
  private static let sweepStep = 64

  /// Takes a vector out and reconnects its neighbors; false when the slot was not live.
  package func remove(_ slot: SlotID) -> Bool {
    guard Int(slot.raw) < used.load(ordering: .acquiring) else { return false }
    return desk.run(.remove) { scratch in
      let node = slot.raw
      guard arena.changeState(node, from: SlotState.live, to: SlotState.leaving) else {
        return false
      }
      live.wrappingSubtract(1, ordering: .relaxed)
      replaceEntry(node)
      for layer in 0...arena.level(node) { bypass(node, layer, scratch) }
      arena.setState(node, SlotState.free)
      // The state is set before the epoch begins: who signs in after it will not read this slot.
      let epoch = desk.beginEpoch()
      ledger.withLock { $0.waiting.append(.init(slot: node, epoch: epoch, due: nil)) }
      sweep(scratch)
      return true
    }
  }

  /// Hands the entry to the highest live node when it was this one.
  private func replaceEntry(_ node: UInt32) {
    entryLock.withLock { _ in
      guard entry.load(ordering: .acquiring) == node else { return }
      var (best, bestLevel) = (SlotArena.noLink, -1)
      for slot in 0..<UInt32(used.load(ordering: .acquiring))
      where arena.state(slot) == SlotState.live && arena.level(slot) > bestLevel {
        (best, bestLevel) = (slot, arena.level(slot))
      }
      entry.store(best, ordering: .releasing)
    }
  }

  /// Reconnects every neighbor of a leaving node that links back to it.
  private func bypass(_ node: UInt32, _ layer: Int, _ scratch: SearchScratch) {
    let list = unsafe arena.links(node, layer)
    for index in 0..<arena.width(layer) {
      // SAFETY: index is below the width of the list.
      let neighbor = unsafe vb_load_relaxed_32(list + index)
      if neighbor == SlotArena.noLink { return }
      repair(neighbor, layer, lost: node, scratch)
    }
  }

  /// Gives a node that links to a lost one other links: the best of its own and the lost node's.
  @inline(never)
  func repair(_ node: UInt32, _ layer: Int, lost: UInt32, _ scratch: SearchScratch) {
    var added = 0
    arena.withLock(node) {
      guard arena.state(node) == SlotState.live else { return }
      added = repairLocked(node, layer, lost: lost, scratch)
    }
    // A node that lost the last link to itself needs new ones as well, though it lost none.
    if added == 0, isLinkedBack(node, layer, except: lost) { return }
    // Links back are added after the lock is let go: nobody holds two. The list is read anew,
    // because the scratch is used on the way.
    let list = unsafe arena.links(node, layer)
    for index in 0..<arena.width(layer) {
      // SAFETY: index is below the width of the list.
      let target = unsafe vb_load_relaxed_32(list + index)
      if target == SlotArena.noLink { return }
      addLink(from: target, to: node, layer, scratch)
    }
  }

  private func repairLocked(
    _ node: UInt32, _ layer: Int, lost: UInt32, _ scratch: SearchScratch
  ) -> Int {
    let slots = unsafe scratch.slots
    // SAFETY: the scratch has room for two lists.
    let before = unsafe arena.copyLinks(of: node, layer, to: slots)
    let own = unsafe keepLinkable(slots, before, lost: lost)
    if own == before { return 0 }
    let heirs = unsafe arena.copyLinks(of: lost, layer, to: slots + own)
    var count = own
    for index in own..<(own + heirs) {
      let heir = unsafe slots[index]
      let known = (0..<count).contains { unsafe slots[$0] == heir }
      if heir == node || known || arena.state(heir) != SlotState.live { continue }
      unsafe slots[count] = heir
      count += 1
    }
    sortJoined(from: node, count, scratch)
    let picked = reselect(for: node, layer, count, scratch)
    unsafe arena.replaceLinks(of: node, layer, with: scratch.kept, picked)
    return picked
  }

  /// Goes on with the sweep: drops links to removed slots from the next few lists.
  func sweep(_ scratch: SearchScratch) {
    if ledger.withLock({ $0.waiting.isEmpty }) { return }
    sweepPlace.withLockIfFree { place in
      for _ in 0..<Self.sweepStep {
        if place.place >= used.load(ordering: .acquiring) {
          place = SweepPlace(lap: place.lap + 1, place: 0)
        }
        clean(UInt32(place.place), scratch)
        place.place += 1
      }
      let (oldest, now) = (desk.oldestEpoch(), place)
      ledger.withLock { $0.advance(oldestEpoch: oldest, lap: now.lap, place: now.place) }
    }
  }

  func clean(_ slot: UInt32, _ scratch: SearchScratch) {
    guard arena.state(slot) == SlotState.live else { return }
    for layer in 0...arena.level(slot) {
      let list = unsafe arena.links(slot, layer)
      for index in 0..<arena.width(layer) {
        // SAFETY: index is below the width of the list.
        let link = unsafe vb_load_relaxed_32(list + index)
        if link == SlotArena.noLink { break }
        if arena.state(link) == SlotState.free {
          repair(slot, layer, lost: link, scratch)
          break
        }
      }
    }
  }
}
