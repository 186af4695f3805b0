import CVectorKernels
import Synchronization

extension GraphIndex {
  /// Walks the whole graph and says what is wrong with it; empty when nothing is.
  ///
  /// For quiet moments: while writers are at work it sees half-made changes. Links to removed slots
  /// that still wait for the sweep are no fault. A graph built greedily can lose a node now and
  /// then (hundreds of equal vectors do it), so up to one in a thousand may be out of reach.
  package func checkInvariants() -> [String] {
    desk.run { _ in
      let used = UInt32(used.load(ordering: .acquiring))
      let living = (0..<used).filter { arena.state($0) == SlotState.live }
      var faults = living.flatMap { self.faults(of: $0, used) }
      if living.count != liveCount {
        faults.append("\(living.count) slots are live, but \(liveCount) are counted")
      }
      return faults + entryFaults(living) + reachFaults(living, used)
    }
  }

  private func faults(of slot: UInt32, _ used: UInt32) -> [String] {
    let waiting = Set(ledger.withLock { $0.waiting.map(\.slot) })
    return (0...arena.level(slot)).flatMap { layer in
      let links = links(of: slot, layer)
      var faults: [String] = []
      if Set(links).count != links.count {
        faults.append("slot \(slot) has a link twice on layer \(layer)")
      }
      for link in links {
        if let fault = fault(of: link, from: slot, layer, used, waiting) {
          faults.append("slot \(slot) links to \(fault) on layer \(layer)")
        }
      }
      return faults
    }
  }

  private func fault(
    of link: UInt32, from slot: UInt32, _ layer: Int, _ used: UInt32, _ waiting: Set<UInt32>
  ) -> String? {
    if link >= used { return "\(link), which was never used" }
    if link == slot { return "itself" }
    if arena.level(link) < layer { return "\(link), which ends at layer \(arena.level(link))" }
    if arena.state(link) == SlotState.live || waiting.contains(link) { return nil }
    return "\(link), which holds nothing"
  }

  private func entryFaults(_ living: [UInt32]) -> [String] {
    let entry = entry.load(ordering: .acquiring)
    if living.isEmpty { return entry == SlotArena.noLink ? [] : ["an empty graph has an entry"] }
    if entry == SlotArena.noLink { return ["the graph has no entry"] }
    return arena.state(entry) == SlotState.live ? [] : ["the entry \(entry) is not live"]
  }

  private func reachFaults(_ living: [UInt32], _ used: UInt32) -> [String] {
    let lost = living.count - reachable(used)
    return lost * 1_000 > living.count ? ["\(lost) of \(living.count) nodes are out of reach"] : []
  }

  /// How many live nodes a walk finds that follows every link, layer by layer down.
  private func reachable(_ used: UInt32) -> Int {
    let entry = entry.load(ordering: .acquiring)
    guard entry < used else { return 0 }
    var seen: [Bool] = .init(repeating: false, count: Int(used))
    var found = [entry]
    seen[Int(entry)] = true
    for layer in (0...arena.level(entry)).reversed() {
      var next = 0
      while next < found.count {
        for link in links(of: found[next], layer)
        where link < used && !seen[Int(link)] && arena.state(link) == SlotState.live {
          seen[Int(link)] = true
          found.append(link)
        }
        next += 1
      }
    }
    return found.count
  }

  func links(of slot: UInt32, _ layer: Int) -> [UInt32] {
    // SAFETY: a list has at most `width` links, the room that the array has.
    unsafe [UInt32](unsafeUninitializedCapacity: arena.width(layer)) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count = unsafe arena.copyLinks(of: slot, layer, to: base)
    }
  }
}
