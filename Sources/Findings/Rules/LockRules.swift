import Pprof
import Vocabulary

extension Rule {
  static let locks: [Rule] = [
    Rule(
      id: "L1", title: "Lock contention", place: Place(kind: .mutex, operations: .together),
      condition: contention,
      text: Text(
        means: [
          "Threads that have work wait for each other. The functions named are those that released the lock while others waited: what they did before is what the others waited for."
        ],
        doesNotMean:
          "It does not mean that unlocking is slow, nor that every waiter was on a request's way.",
        ruledOut: [
          "Lock and Unlock frames are charged to their callers (L8)."
        ],
        advice: [
          Recommendation(
            "Shorten the section the named functions hold; move what needs no protection out of it",
            effort: .medium, risk: "medium; invariants must still hold"),
          Recommendation(
            "Shard the lock, or let readers see a snapshot", effort: .large,
            risk: "high; consistency changes"),
        ],
        falsifier:
          "The wait falls but throughput and latency do not move: the lock was not on the way."),
      depth: .amount),
    Rule(
      id: "L3", title: "Work under a lock", place: Place(kind: .mutex, operations: .together),
      condition: workUnderLock,
      text: Text(
        means: [
          "Those who release the contended lock are functions that write, sync, flush, encode or sort: such work does not belong under a lock that others wait for."
        ],
        doesNotMean:
          "The stack shows where the lock was released, not everything that was done while it was held.",
        ruledOut: [
          "Only delay that others really waited is counted, not the time the lock was held."
        ],
        advice: [
          Recommendation(
            "Prepare the work before taking the lock, and write, sync or log after releasing it",
            effort: .medium, risk: "medium; the order of effects may change")
        ],
        falsifier: "With this work outside the lock, the delay stays."), depth: .cause),
    Rule(
      id: "L4", title: "Readers wait for locks", place: Place(kind: .mutex, operations: .together),
      condition: readersWait,
      text: Text(
        means: ["Reads pay for synchronization: they share a lock with writers."],
        doesNotMean: "It does not mean that reads are slow for that reason alone.",
        advice: [
          Recommendation(
            "Let readers work on a published snapshot (epoch) instead of a read lock",
            effort: .large,
            risk: "high; memory is reclaimed later")
        ],
        falsifier: "Search latency stays as it is in a run without writes.")),
    Rule(
      id: "L8", title: "Lock frames", place: Place(kind: .mutex, operations: .together),
      condition: lockFrames,
      text: Text(
        means: [
          "A mutex profile is charged to the one who unlocks, so its flat frames say nothing; every number about locks in this report is charged to the caller."
        ],
        doesNotMean: "It does not mean that unlocking is slow.", advice: [],
        falsifier: "The leaves of the profile are functions of the project."),
      severityCap: .info, depth: .amount),
  ]

  // MARK: L8

  private static func isLockFrame(_ slice: ProfileSlice) -> @Sendable (StackSample) -> Bool {
    { sample in
      sample.symbols.first.map { slice.table[$0].groups.contains(.lockFrame) } ?? false
    }
  }

  private static func lockFrames(_ scene: Scene) -> Condition {
    let slice = scene.slice
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    let share = slice.share(where: isLockFrame(slice))
    guard share.value >= scene.thresholds.lockFrames else {
      return .clean(
        "\(scene.place): \(Wording.percent(share.value)) of the delay has a lock frame as its leaf")
    }
    return .fires(
      Observation(
        title:
          "\(Wording.percent(share.value)) of the lock delay of \(scene.place) has a lock or unlock frame as its leaf",
        share: share,
        evidence: slice.flat.prefix(3).map { row in
          EvidenceItem(
            "\(name: row.name): \(Wording.percent(row.seconds / max(slice.total, 1e-12))) flat, n = \(Wording.count(row.samples))",
            scene.commands.top(slice))
        }, matches: Self.isLockFrame(slice), gain: .nothing("how a profile is made is no cost"),
        evidenceKinds: 1))
  }
}
