import Pprof
import Vocabulary

/// How much anybody waits for locks at all (L1), by whatever the run knows to set it against.
extension Rule {
  static func contention(_ scene: Scene) -> Condition {
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
    let held = heldAcross(scene)
    return .fires(
      Observation(
        title: "Waiting for locks takes \(Wording.share(share)) of the time inside operations"
          + (held?.title ?? ""),
        share: share, evidence: [first] + (held.map { [$0.evidence] } ?? []) + holders(scene),
        gain: .ofTime("mean time of an operation"),
        evidenceKinds: labeled ? 2 : 1,
        footprints: (labeled ? [Footprint(kind: .block, matches: matches)] : [])
          + footprints(scene, held), depth: held?.depth,
        firstAdvice: held?.advice() ?? []))
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
    let source = scene.source(.block, where: waits.footprint(where: isLock).holds)
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
        scene.source(
          .block, focus: row.name == ProfileSlice.noOwner ? [] : [row.name],
          where: { sample in
            waits.belongs(sample) && isLock(sample)
              && (waits.slice.owner(of: sample) ?? ProfileSlice.noOwner) == row.name
          }))
    }
    items += waits.perMember(scene, where: isLock)
    let held = heldAcross(scene)
    return Observation(
      title:
        "Requests in \(scene.place) wait for locks for \(Wording.share(share)) of \(waits.of), charged to \(named(scene))"
        + (held?.title ?? ""),
      share: share, evidence: items + (held.map { [$0.evidence] } ?? []) + holders(scene),
      gain: .notBounded(
        "nobody timed the requests, and waits in system calls are not in the profile"),
      means: DelayMeasures(scene.role).flatMap(\.note).map { [$0] } ?? [], evidenceKinds: 2,
      footprints: [waits.footprint(where: isLock)] + footprints(scene, held), depth: held?.depth,
      firstAdvice: held?.advice() ?? [], isOfRequests: true)
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
    let error = slice.errorOfTotal ?? 0
    let range = error > 0 ? " ± \(Wording.percent(error))" : ""
    guard waiting * (1 - error) >= scene.thresholds.lockWait else {
      return .clean(
        "\(scene.place): \(most)\(Wording.seconds(waiting))\(range) of lock delay in a second")
    }
    let each = slice.members.count > 1 ? " in each replica" : ""
    return .fires(
      foreign(
        scene, weight: "\(most)\(Wording.seconds(waiting))\(range) of delay in each second\(each)",
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
        "\(weight) (\(Wording.seconds(slice.total)), n = \(Wording.count(slice.sampleCount)))",
        source))
    let held = heldAcross(scene)
    return Observation(
      title: "Lock contention in \(scene.place) is charged to \(named(scene)): \(weight)"
        + (held?.title ?? ""),
      share: nil, evidence: items + (held.map { [$0.evidence] } ?? []) + holders(scene),
      gain: .notBounded(gain), footprints: footprints(scene, held), depth: held?.depth,
      firstAdvice: held?.advice() ?? [])
  }

  /// The dearest of those who release the lock, if it syncs or writes while it holds it.
  static func heldAcross(_ scene: Scene) -> HeldAcross? {
    scene.slice.owners { _ in true }.prefix(2)
      .filter { $0.seconds >= scene.thresholds.loggingLock * scene.slice.total }
      .lazy.compactMap { HeldAcross(scene, holder: $0.name) }.first
  }

  /// All of the delay, and the work that holds the lock.
  private static func footprints(_ scene: Scene, _ held: HeldAcross?) -> [Footprint] {
    [Footprint(kind: scene.slice.kind) { _ in true }] + (held?.footprints ?? [])
  }

  /// Who released the lock that others waited for.
  private static func holders(_ scene: Scene) -> [EvidenceItem] {
    let slice = scene.slice
    let rows = slice.owners { _ in true }.prefix(4).filter { $0.seconds >= 0.01 * slice.total }
    return rows.map { row in
      let isOurs = { (slice.owner(of: $0) ?? ProfileSlice.noOwner) == row.name }
      let share = slice.share(where: isOurs)
      let locks = Set(
        slice.samples.filter { (slice.owner(of: $0) ?? ProfileSlice.noOwner) == row.name }
          .compactMap(\.lock))
      let named = Prose.list(locks.sorted().prefix(3).map { "\(name: $0)" })
      let suffix: Prose = locks.isEmpty ? "" : ", lock \(named)"
      return EvidenceItem(
        "Released by \(name: row.name): \(Wording.share(share)) of the delay, n = \(Wording.count(row.samples))\(suffix)",
        scene.commands.exactly(
          slice, focus: row.name == ProfileSlice.noOwner ? [] : [row.name], where: isOurs))
    }
  }
}
