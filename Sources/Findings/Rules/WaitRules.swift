import Vocabulary

extension Rule {
  static let waits: [Rule] = [
    Rule(
      id: "B1", title: "Idle waits", place: Place(kind: .block, operations: .together),
      condition: idleWaits,
      text: Text(
        means: [
          "These threads have nothing to do. Their waits are no cost: they are in the shares of a whole block profile, and in no share of what operations or requests wait for."
        ],
        doesNotMean: "It does not mean that the service is blocked: it waits for work.",
        advice: [],
        falsifier: "Under a higher load these waits stay as long while requests queue up."),
      severityCap: .info, depth: .amount),
    Rule(
      id: "B2", title: "Operations wait on queues",
      place: Place(kind: .block, operations: .together),
      condition: queueWaits,
      text: Text(
        means: [
          "Threads in the middle of an operation wait for another thread: a stage behind them is slower, or takes its work in turns."
        ],
        doesNotMean:
          "It does not mean waste by itself: bounded queues are how a slow stage slows the others.",
        ruledOut: ["Waits of workers without work are idle and not counted here."],
        advice: [
          Recommendation(
            "Make the stage that is waited for shorter or wider; widen the queue only against bursts",
            effort: .medium, risk: "medium; a longer queue adds latency")
        ],
        falsifier: "The wait stays when the stage behind it is made faster."), depth: .amount),
    Rule(
      id: "I1", title: "Syncing to disk", place: Place(kind: .block, operations: .together),
      condition: syncWaits,
      text: Text(
        means: [
          "A write waits for the disk to say that its bytes are safe: the price of `strict` durability."
        ],
        doesNotMean:
          "It does not mean that the engine wastes time: the disk is asked for what was promised.",
        ruledOut: ["CPU spent in the sync call is in the CPU profile, not here."],
        advice: [
          Recommendation(
            "Commit more writes with one sync: group commit, larger batches", effort: .small,
            risk: "low; a write may wait for others of its group"),
          Recommendation(
            "Relax durability where the data can be had again", effort: .small,
            risk: "high; acknowledged writes can be lost in a crash"),
        ],
        falsifier: "With `--durability none` the latency of inserts stays as it is.",
        verify: "--durability relaxed"), depth: .amount, asksForOwnRun: true),
    Rule(
      id: "I3", title: "Stalls behind flush and compaction",
      place: Place(kind: .mutex, operations: .together), condition: maintenanceStalls,
      text: Text(
        means: [
          "Foreground operations wait for a lock that flush, compaction or background work holds."
        ],
        doesNotMean:
          "It does not mean that background work is too much: it holds a lock for too long at a time.",
        advice: [
          Recommendation(
            "Do maintenance in small steps, and publish its result under the lock only at the end",
            effort: .large, risk: "medium")
        ],
        falsifier: "Latency spikes stay in a run without checkpoints."), depth: .cause,
      asksForOwnRun: true),
  ]

  // MARK: B1

  private static func idleWaits(_ scene: Scene) -> Condition {
    let slice = scene.slice
    guard slice.total > 0 else { return .clean("\(scene.place): the block profile is empty") }
    let matches: @Sendable (StackSample) -> Bool = {
      WaitReading.nature(of: $0, in: slice) == .idle
    }
    let share = slice.share(where: matches)
    guard share.part > 0 else {
      return .clean("\(scene.place): no wait could be told to be idle")
    }
    let items = slice.owners(where: matches).prefix(3).map { row in
      EvidenceItem(
        "\(name: row.name): \(Wording.seconds(row.seconds)) idle, n = \(Wording.count(row.samples))",
        scene.commands.exactly(
          slice,
          where: { matches($0) && (slice.owner(of: $0) ?? ProfileSlice.noOwner) == row.name }))
    }
    return .fires(
      Observation(
        title: "\(Wording.percent(share.value)) of the waiting in \(scene.place) is idle",
        share: share, evidence: items, matches: matches,
        gain: .nothing("an idle wait costs nothing"), means: standing(slice),
        byNameOnly: !slice.samples.contains { $0.waitClass != nil }))
  }

  /// How a thread that waits for ticks is told from one that waits in earnest.
  private static func standing(_ slice: ProfileSlice) -> [Prose] {
    let rows = slice.owners { slice.standing.contains($0.symbols) }
    guard !rows.isEmpty else { return [] }
    let list = Prose.list(rows.prefix(3).map { "\(name: $0.name)" })
    return [
      "Of \(list) it is told by the sum: one thread waits there, under no request, for nearly all of the window, as for ticks or messages."
    ]
  }

  // MARK: B2

  private static func queueWaits(_ scene: Scene) -> Condition {
    if scene.role.name == "engine", let active = scene.evidence.activeSeconds {
      let matches: @Sendable (StackSample) -> Bool = {
        $0.waitClass == "condition"
          && WaitReading.foregroundOperations.contains($0.operation ?? "")
      }
      return operationWait(
        scene, matches: matches, active: active, threshold: scene.thresholds.foregroundQueueWait,
        clean: "waits on queues",
        title: "Operations wait on queues and conditions for", of: "of their time",
        metric: "mean time of an operation")
    }
    guard let waits = RequestWaits(scene.role) else {
      return .clean("\(scene.place): no request was seen to wait for long")
    }
    let slice = waits.slice
    let onQueue = slice.contains(.queueWait)
    let elsewhere = slice.contains(.downstream)
    let matches: @Sendable (StackSample) -> Bool = { onQueue($0) && !elsewhere($0) }
    let share = waits.share(where: matches)
    guard share.low >= scene.thresholds.foregroundQueueWait else {
      return .clean(
        "\(scene.place): requests wait on queues for \(Wording.share(share)) of \(waits.of)"
      )
    }
    return .fires(foreignQueues(scene, waits, share: share, matches: { matches($0) }))
  }

  /// Without an operation's time a queue wait can only be located, not weighed.
  private static func foreignQueues(
    _ scene: Scene, _ waits: RequestWaits, share: Share,
    matches: @escaping @Sendable (StackSample) -> Bool
  ) -> Observation {
    let slice = waits.slice
    let source = scene.commands.top(slice)
    var items = slice.flat.prefix(4).map { row in
      EvidenceItem(
        "\(name: row.name): \(Wording.share(slice.share(where: slice.hasLeaf(row.name)))) flat, n = \(Wording.count(row.samples))",
        source)
    }
    items += slice.owners(where: matches).prefix(3).map { row in
      EvidenceItem(
        "Waiting in \(name: row.name): \(Wording.percent(row.seconds / max(slice.total, 1e-12)))",
        scene.commands.charged(slice, where: matches))
    }
    return Observation(
      title:
        "requests in \(scene.place) wait on queues and conditions for \(Wording.share(share)) of \(waits.of)",
      share: share, evidence: items + waits.perMember(scene, where: matches),
      matches: matches,
      gain: .notBounded("a block profile counts idle workers too, and throughput is not known"),
      means: [
        "Waits that no request handler stands above are not counted: the stacks cannot tell whether they have work."
      ], byNameOnly: true, isOfWaiting: true)
  }

  // MARK: I1, I3

  private static func syncWaits(_ scene: Scene) -> Condition {
    guard scene.role.name == "engine" else {
      return .notEvaluable("the time inside writes is not known")
    }
    let writes = ["insert", "delete"].compactMap(scene.evidence.serviceSeconds)
    guard !writes.isEmpty else {
      return .notEvaluable("the run timed no writes")
    }
    let matches: @Sendable (StackSample) -> Bool = {
      $0.waitClass == "disk" && ["insert", "delete"].contains($0.operation ?? "")
    }
    return operationWait(
      scene, matches: matches, active: writes.reduce(0, +), threshold: scene.thresholds.syncWait,
      clean: "waits for the disk inside writes", title: "Writes wait for the disk for",
      of: "of their time", metric: "mean time of a write"
    ).beside(DiskAlone(scene.evidence), scene.commands)
  }

  static func operationWait(
    _ scene: Scene, matches: @escaping @Sendable (StackSample) -> Bool, active: Double,
    threshold: Double, clean: String, title: String, of: String, metric: String
  ) -> Condition {
    let slice = scene.slice
    let share = slice.waits(of: active, where: matches)
    guard share.low >= threshold else {
      return .clean(
        "\(scene.place): \(clean) \(Wording.share(share)), fires when surely above \(Wording.percent(threshold))"
      )
    }
    let items = slice.owners(where: matches).prefix(3).map { row in
      EvidenceItem(
        "Waiting in \(name: row.name): \(Wording.seconds(row.seconds)), n = \(Wording.count(row.samples))",
        scene.commands.charged(slice, where: matches))
    }
    let total = EvidenceItem(
      "\(Wording.seconds(share.part)) of \(Wording.seconds(active)) inside these operations, \(SampleText.counts(share))",
      scene.commands.counted(slice, where: matches))
    return .fires(
      Observation(
        title: "\(title) \(Wording.share(share)) \(of)", share: share, evidence: [total] + items,
        matches: matches, gain: .ofTime(metric)))
  }

  private static func maintenanceStalls(_ scene: Scene) -> Condition {
    guard let active = scene.evidence.activeSeconds, scene.role.name == "engine" else {
      return .notEvaluable("the time inside operations is not known")
    }
    let matches: @Sendable (StackSample) -> Bool = {
      ["flush", "compact", "background"].contains($0.operation ?? "")
    }
    return operationWait(
      scene, matches: matches, active: active, threshold: scene.thresholds.maintenanceStall,
      clean: "delay caused by flush, compaction and background work",
      title: "Flush, compaction and background work hold locks that others wait for:",
      of: "of the time inside operations", metric: "mean time of an operation")
  }
}
