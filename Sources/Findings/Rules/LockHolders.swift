import Pprof
import Vocabulary

/// What those do who release a lock that others wait for: work under it (L3), reads (L4).
extension Rule {
  static func workUnderLock(_ scene: Scene) -> Condition {
    let answer = workOfHolders(scene)
    // What is proven to be done under the lock, and told with the lock itself, is not clean.
    if case .clean = answer, LockDelay.tooLittle(scene) == nil, heldAcross(scene)?.depth != nil,
      case .fires = contention(scene)
    {
      return .toldElsewhere
    }
    return answer
  }

  private static func workOfHolders(_ scene: Scene) -> Condition {
    delay(
      scene,
      groups: [.storageSync, .writing, .maintenance, .text, .serialization, .sorting],
      threshold: scene.thresholds.workUnderLock, clean: "work that should not hold a lock"
    ) { share, names in
      "\(Wording.share(share)) of the lock delay of \(scene.place) is caused by \(Prose.list(names.prefix(2).map { "\(name: $0)" }))"
    }
  }

  static func readersWait(_ scene: Scene) -> Condition {
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
      "The read path released the lock for \(Wording.share(share)) of the delay in the mutex profile of \(scene.place): \(Prose.list(names.prefix(2).map { "\(name: $0)" }))"
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
      return .clean(
        "\(scene.place): \(Wording.share(share)) of the lock delay is in \(clean), fires when surely above \(Wording.percent(threshold))"
      )
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
      scene.commands.exactly(slice, where: matches))
    return .fires(
      Observation(
        title: title(share, names), share: share,
        evidence: [total] + items + SampleText.perMember(scene, matches: matches),
        matches: { matches($0) },
        gain: .notBounded(
          "a share of the lock delay is not a share of the time of an operation"),
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
}
