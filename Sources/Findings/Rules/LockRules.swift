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
          "The wait falls but throughput and latency do not move: the lock was not on the way.")),
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
        falsifier: "With this work outside the lock, the delay stays.")),
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
      severityCap: .info),
  ]

  // MARK: L1

  private static func contention(_ scene: Scene) -> Condition {
    guard scene.slice.total > 0 else {
      return .clean("\(scene.place): the mutex profile is empty, nobody waited for a lock")
    }
    if let active = scene.evidence.activeSeconds, scene.role.name == "engine" {
      return contention(scene, active: active)
    }
    return foreignContention(scene)
  }

  /// Our own engine: the wait is known as a share of the time inside operations.
  private static func contention(_ scene: Scene, active: Double) -> Condition {
    let block = scene.role.profiles[.block]
    let slice = block ?? scene.slice
    let labeled = block != nil
    let matches: @Sendable (StackSample) -> Bool = { sample in
      guard labeled else { return true }
      return sample.waitClass == "lock"
        && WaitReading.foregroundOperations.contains(sample.operation ?? "")
    }
    let share = slice.waits(of: active, where: matches)
    guard share.low >= scene.thresholds.lockWait else {
      return .clean(
        "\(scene.place): waits for locks are \(Wording.share(share)) of the time inside operations")
    }
    let first = EvidenceItem(
      "Waits for locks: \(Wording.seconds(share.part)) of \(Wording.seconds(active)) inside search, insert and delete, \(SampleText.counts(share))",
      scene.commands.top(slice))
    return .fires(
      Observation(
        title: "Waiting for locks takes \(Wording.share(share)) of the time inside operations",
        share: share, evidence: [first] + holders(scene),
        gain: .ofTime("mean time of an operation"),
        evidenceKinds: labeled ? 2 : 1))
  }

  /// A foreign service: its block profile weighs the lock by what requests wait for; where there is
  /// none, only the sum of the delays and the length of the window are known.
  private static func foreignContention(_ scene: Scene) -> Condition {
    if let waits = RequestWaits(scene.role) {
      let share = waits.share(where: waits.isLock)
      guard share.low >= scene.thresholds.lockWait else {
        return .clean(
          "\(scene.place): requests wait for locks for \(Wording.share(share)) of \(waits.of)")
      }
      return .fires(requestContention(scene, waits, share))
    }
    return delayAlone(scene)
  }

  private static func requestContention(
    _ scene: Scene, _ waits: RequestWaits, _ share: Share
  ) -> Observation {
    let isLock = waits.isLock
    let waiters = waits.lockWaiters(scene.role).map {
      ": on average \(Wording.number($0)) of them at a time"
        + (waits.slice.members.count > 1 ? " in each replica" : "")
    }
    let source = scene.commands.top(waits.slice)
    var items = [
      EvidenceItem(
        "\(waits.amount(share))\(waiters ?? ""), \(SampleText.counts(share))",
        source)
    ]
    items += waits.slice.owners(where: isLock).prefix(3).filter {
      $0.seconds >= 0.01 * share.part
    }.map { row in
      EvidenceItem(
        "Waiting in \(name: row.name): \(Wording.percent(row.seconds / max(share.part, 1e-12))) of that",
        scene.commands.top(
          waits.slice, focus: row.name == ProfileSlice.noOwner ? [] : [row.name]))
    }
    items += waits.perMember(scene, where: isLock)
    return Observation(
      title:
        "Requests in \(scene.place) wait for locks for \(Wording.share(share)) of \(waits.of), charged to \(named(scene))",
      share: share, evidence: items + holders(scene),
      gain: .notBounded(
        "nobody timed the requests, and waits in system calls are not in the profile"),
      evidenceKinds: 2, isOfRequests: true)
  }

  /// The owners of most of the delay.
  private static func named(_ scene: Scene) -> Prose {
    let slice = scene.slice
    let rows = slice.owners { _ in true }.prefix(2).filter { $0.seconds >= 0.01 * slice.total }
    return Prose.list(rows.map { "\(name: $0.name)" })
  }

  private static func delayAlone(_ scene: Scene) -> Condition {
    let slice = scene.slice
    // A profile that does not say how long it watched began when its program did, at or before the
    // others: set against their window, its sum says how many waited at most.
    let own = scene.role.seconds(.mutex)
    guard let window = own ?? scene.evidence.window(of: scene.role), window > 0 else {
      return .fires(
        foreign(
          scene, weight: "\(Wording.seconds(slice.total)) of delay in all",
          gain:
            "no profile of this role says how long it ran, so the delay cannot be set against anything"
        ))
    }
    let waiting = slice.total / window / Double(max(1, slice.members.count))
    let most = own == nil ? "at most " : ""
    guard waiting >= scene.thresholds.lockWait else {
      return .clean(
        "\(scene.place): \(most)\(Wording.seconds(waiting)) of lock delay in a second")
    }
    let each = slice.members.count > 1 ? " in each replica" : ""
    return .fires(
      foreign(
        scene, weight: "\(most)\(Wording.seconds(waiting)) of delay in each second\(each)",
        gain: "throughput and time inside operations are not known"))
  }

  private static func foreign(_ scene: Scene, weight: String, gain: String) -> Observation {
    let slice = scene.slice
    let source = scene.commands.top(slice)
    var items = slice.flat.prefix(3).map { row in
      EvidenceItem(
        "\(name: row.name): \(Wording.share(slice.share(where: slice.hasLeaf(row.name)))) flat of the delay, n = \(Wording.count(row.samples))",
        source)
    }
    items.append(
      EvidenceItem(
        "\(weight) (\(Wording.seconds(seconds: slice)), n = \(Wording.count(slice.sampleCount)))",
        source))
    return Observation(
      title: "Lock contention in \(scene.place) is charged to \(named(scene)): \(weight)",
      share: nil, evidence: items + holders(scene), gain: .notBounded(gain))
  }

  /// Who released the lock that others waited for.
  private static func holders(_ scene: Scene) -> [EvidenceItem] {
    let slice = scene.slice
    let rows = slice.owners { _ in true }.prefix(4).filter { $0.seconds >= 0.01 * slice.total }
    return rows.map { row in
      let share = slice.share { (slice.owner(of: $0) ?? ProfileSlice.noOwner) == row.name }
      let locks = Set(
        slice.samples.filter { (slice.owner(of: $0) ?? ProfileSlice.noOwner) == row.name }
          .compactMap(\.lock))
      let named = Prose.list(locks.sorted().prefix(3).map { "\(name: $0)" })
      let suffix: Prose = locks.isEmpty ? "" : ", lock \(named)"
      return EvidenceItem(
        "Released by \(name: row.name): \(Wording.share(share)) of the delay, n = \(Wording.count(row.samples))\(suffix)",
        scene.commands.top(slice, focus: row.name == ProfileSlice.noOwner ? [] : [row.name]))
    }
  }

  // MARK: L3, L4

  private static func workUnderLock(_ scene: Scene) -> Condition {
    delay(
      scene,
      groups: [.storageSync, .writing, .maintenance, .text, .serialization, .sorting],
      threshold: scene.thresholds.workUnderLock, clean: "work that should not hold a lock"
    ) { share, names in
      "\(Wording.share(share)) of the lock delay of \(scene.place) is caused by \(Prose.list(names.prefix(2).map { "\(name: $0)" }))"
    }
  }

  private static func readersWait(_ scene: Scene) -> Condition {
    if let block = scene.role.profiles[.block],
      let active = scene.evidence.serviceSeconds("search"),
      scene.role.name == "engine"
    {
      return labeledReadersWait(scene, block: block, active: active)
    }
    return delay(
      scene, groups: [.readPath, .readLock], threshold: scene.thresholds.readerLockWait,
      clean: "the read path"
    ) { share, names in
      "\(Wording.share(share)) of the lock delay of \(scene.place) is caused by the read path: \(Prose.list(names.prefix(2).map { "\(name: $0)" }))"
    }
  }

  private static func labeledReadersWait(
    _ scene: Scene, block: ProfileSlice, active: Double
  ) -> Condition {
    let matches: @Sendable (StackSample) -> Bool = {
      $0.waitClass == "lock" && $0.operation == "search"
    }
    let share = block.waits(of: active, where: matches)
    guard share.low >= scene.thresholds.readerLockWait else {
      return .clean(
        "`search` in \(name: scene.role.name): \(Wording.share(share)) of its time waits for locks")
    }
    let owners = block.owners(where: matches).prefix(3).map { "\(name: $0.name)" as Prose }
    return .fires(
      Observation(
        title: "Searches wait for locks for \(Wording.share(share)) of their time", share: share,
        evidence: [
          EvidenceItem(
            "\(Wording.seconds(share.part)) of \(Wording.seconds(active)) inside search, waiting in \(Prose.list(owners)), \(SampleText.counts(share))",
            scene.commands.top(block.of(operation: "search")))
        ], gain: .ofTime("mean time of a search")))
  }

  static func delay(
    _ scene: Scene, groups: [SymbolGroup], threshold: Double, clean: String,
    title: (Share, [String]) -> Prose
  ) -> Condition {
    let slice = scene.slice
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    let matches = slice.containsAny(groups)
    let share = slice.share(where: matches)
    guard share.low >= threshold else {
      return .clean("\(scene.place): \(Wording.share(share)) of the lock delay is in \(clean)")
    }
    let named = slice.rows { sample in
      matches(sample)
        ? Set(
          sample.symbols.filter { symbol in
            groups.contains { slice.table[symbol].groups.contains($0) }
              && slice.table[symbol].layer == .project
          }.map { slice.table[$0].short }) : []
    }
    let names = named.isEmpty ? slice.owners(where: matches).map(\.name) : named.map(\.name)
    let items = named.prefix(4).map { row in
      EvidenceItem(
        "\(name: row.name): \(Wording.percent(row.seconds / max(slice.total, 1e-12))) of the delay, cumulative, n = \(Wording.count(row.samples))",
        scene.commands.top(slice, focus: [row.name]))
    }
    let total = EvidenceItem(
      "Together \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole)) of delay, \(SampleText.counts(share))",
      scene.commands.top(slice))
    return .fires(
      Observation(
        title: title(share, names), share: share,
        evidence: [total] + items + SampleText.perMember(scene, matches: matches),
        matches: { matches($0) },
        gain: .notBounded(
          "a share of the lock delay is not a share of the time of an operation; see L1"),
        advice: advice(for: slice, matches), byNameOnly: true))
  }

  /// What helps depends on the kind of work that holds the lock.
  private static func advice(
    for slice: ProfileSlice, _ matches: (StackSample) -> Bool
  ) -> [Recommendation] {
    let chosen = slice.samples.filter(matches)
    var advice: [Recommendation] = []
    if chosen.contains(where: slice.contains(.maintenance)) {
      advice.append(
        Recommendation(
          "Flush less often, in larger pieces, or on a thread of its own", effort: .medium,
          risk: "medium; durability and memory use change"))
    }
    return advice
  }

  // MARK: L8

  private static func lockFrames(_ scene: Scene) -> Condition {
    let slice = scene.slice
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    let share = slice.share { sample in
      sample.symbols.first.map { slice.table[$0].groups.contains(.lockFrame) } ?? false
    }
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
        }, gain: .notBounded("how a profile is made is no cost"), evidenceKinds: 1))
  }
}

extension Wording {
  static func seconds(seconds slice: ProfileSlice) -> String { seconds(slice.total) }
}
