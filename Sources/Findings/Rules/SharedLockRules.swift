import Pprof
import Vocabulary

extension Rule {
  /// Rules about what a contended lock is for.
  static let sharedLocks: [Rule] = [
    .group(
      "L5", "CPU spent on locking", [.lockFrame, .spinning], atLeast: 0.05,
      // The runtime's own locks, and its threads going to sleep, are the business of other rules.
      counting: .without([.scheduler, .collection, .allocation, .idleCall]),
      called: { _ in "locks of the program and spinning" },
      text: Text(
        means: [
          "Threads spend CPU on taking, handing over and spinning for locks: many short waits, or a lock that goes back and forth."
        ],
        doesNotMean:
          "It does not say how long anybody waits; that takes the block or mutex profile.",
        ruledOut: ["Waiting itself uses no CPU and is not in this share."],
        advice: [
          Recommendation(
            "Take the lock less often (batch), or shard what it protects", effort: .medium,
            risk: "medium; invariants must still hold")
        ],
        falsifier: "Half as many lock operations leave the CPU for one operation as it is.")),
    Rule(
      id: "L6", title: "Hot shard", place: Place(kind: .mutex, operations: .together),
      condition: hotShard,
      text: Text(
        means: ["The shards of a lock are not used evenly: one is waited for most."],
        doesNotMean: "It does not mean that more shards would help: the hot key would stay hot.",
        advice: [
          Recommendation(
            "Spread keys with a better hash, or split the hot shard", effort: .small,
            risk: "low; keys move between shards")
        ],
        falsifier: "With an even spread the wait stays."), depth: .cause),
    Rule(
      id: "L9", title: "Logging under a lock", place: Place(kind: .mutex, operations: .together),
      condition: loggingLock,
      text: Text(
        means: [
          "The log is written under one lock, and whoever logs waits for whoever is logging."
        ],
        doesNotMean: "It does not mean that logging must go, nor that the waits are on every path.",
        ruledOut: [
          "The frames of Lock and Unlock are where the profile charges the wait; the functions named here are their callers."
        ],
        advice: [
          Recommendation(
            "Make the line before taking the lock, and hold it only to append", effort: .small,
            risk: "low; lines stay whole, and may stand in another order"),
          Recommendation(
            "Hand lines to one writer through a buffer, or sample them", effort: .small,
            risk: "low; lines may come late or be fewer"),
        ],
        falsifier: "With the log off, as long is waited for locks."), depth: .cause),
    Rule(
      id: "L10", title: "Reads and writes share a lock",
      place: Place(kind: .mutex, operations: .together), condition: ReadsAndWrites.condition,
      text: Text(
        means: [
          "What reads use and what is written and flushed is behind the same locks: whoever writes makes reads wait, and waits for the reads before it."
        ],
        doesNotMean:
          "It is told from the type these functions belong to; a type may hold several locks.",
        advice: [], falsifier: "Reads wait as long in a run without writes and flushes."),
      depth: .cause),
    Rule(
      id: "L11", title: "Client pool under a lock",
      place: Place(kind: .mutex, operations: .together),
      condition: { scene in
        delayOf(scene, [.clientPool], "the client pool")
      },
      text: Text(
        means: ["Requests wait for each other inside a client: for its pool or its connection."],
        doesNotMean: "It does not mean that the service behind the client is slow.",
        advice: [
          Recommendation(
            "Raise the pool's size, and make fewer round trips for a request (pipelines, batches)",
            effort: .small, risk: "low; more connections")
        ],
        falsifier: "A larger pool leaves the delay as it is.")),
    Rule(
      id: "L12", title: "Locks of the storage engine",
      place: Place(kind: .mutex, operations: .together),
      condition: { scene in
        delayOf(
          scene, [.raft, .storageCompaction, .walWrite, .versionLock, .writeStall, .pgLock],
          "replication and the storage engine")
      },
      text: Text(
        means: [
          "The lock that is waited for belongs to replication or to the storage engine below, not to the service's own code."
        ],
        doesNotMean:
          "It does not mean that the engine is slow: it may be asked in too small pieces.",
        advice: [
          Recommendation(
            "Batch writes, so that the engine's lock is taken once for many", effort: .medium,
            risk: "low; a write may wait for its batch"),
          Recommendation(
            "Use several engines or groups (one for each shard)", effort: .large,
            risk: "medium; no order across shards"),
        ],
        falsifier: "Larger batches leave the delay for one write as it is.")),
    .group(
      "L13", "Versions and their lock", [.versionLock], atLeast: 0.05, .each,
      text: Text(
        means: ["Every read takes and gives back a reference to the engine's current version."],
        doesNotMean: "It does not mean that there is compaction at the time.",
        advice: [
          Recommendation(
            "Hold one snapshot or iterator for several reads; use MultiGet", effort: .small,
            risk: "low; old files live longer")
        ],
        falsifier: "Reads in batches leave the share as it is.")),
    .group(
      "L14", "PostgreSQL's lightweight locks", [.pgLock], atLeast: 0.05,
      text: Text(
        means: [
          "Backends contend for shared structures: buffers, the log, the lock table, by what stands above the lock in the stacks."
        ],
        doesNotMean: "It does not say how long they wait: `pg_stat_activity.wait_event` does.",
        advice: [
          Recommendation(
            "Use fewer backends at once (a pooler), and look at `wait_event` for the lock's name",
            effort: .small, risk: "low; queries wait in the pooler")
        ],
        falsifier: "With half the backends the share is the same.")),
  ]

  private static func delayOf(_ scene: Scene, _ groups: [SymbolGroup], _ what: String) -> Condition
  {
    delay(
      scene, groups: groups, threshold: scene.thresholds.workUnderLock, clean: what
    ) { share, names in
      "\(Wording.share(share)) of the lock delay of \(scene.place) is in \(what): \(Prose.list(names.prefix(2).map { "\(name: $0)" }))"
    }
  }

  // MARK: L6

  private static func hotShard(_ scene: Scene) -> Condition {
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    var shards: [String: [String: Double]] = [:]
    for sample in scene.slice.samples {
      guard let lock = sample.lock else { continue }
      let stem = String(lock.reversed().drop { $0.isNumber || $0 == "]" }.reversed())
      guard stem != lock else { continue }
      shards[stem, default: [:]][lock, default: 0] += Double(sample.value) / 1e9
    }
    let families = shards.filter { $0.value.count >= 4 }.sorted { $0.key < $1.key }
    guard !families.isEmpty else {
      return .notEvaluable("no locks in the profile are shards of one (names that end in a number)")
    }
    for (stem, waits) in families {
      let sorted = waits.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let median = sorted[sorted.count / 2].value
      guard sorted[0].value > scene.thresholds.hotShard * median else { continue }
      let hot = sorted[0].key
      let share = scene.slice.share { $0.lock == hot }
      return .fires(
        Observation(
          title:
            "Of \(sorted.count) shards of \(name: stem), \(name: sorted[0].key) has \(Wording.share(share)) of the lock delay of \(scene.place)",
          share: share,
          evidence: [
            EvidenceItem(
              "\(name: sorted[0].key): \(Wording.seconds(sorted[0].value)), the median shard \(Wording.seconds(median)), \(SampleText.counts(share))",
              scene.commands.top(scene.slice))
          ], matches: { $0.lock == hot },
          gain: .notBounded("a share of the lock delay is not a share of the time of an operation"))
      )
    }
    return .clean("\(scene.place): no shard is waited for much longer than the others")
  }

  // MARK: L9

  private static func loggingLock(_ scene: Scene) -> Condition {
    let slice = scene.slice
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    let matches = slice.contains(.logging)
    let share = slice.share(where: matches)
    guard share.low >= scene.thresholds.loggingLock else {
      return .clean("\(scene.place): logging has \(Wording.share(share)) of the lock delay")
    }
    let callers = LogCaller.rows(slice)
    let first = callers[0]
    let source = scene.commands.exactly(slice, focus: callers.map(\.log), where: matches)
    var items = [
      EvidenceItem(
        "\(Wording.seconds(share.part)) of \(Wording.seconds(share.whole)) of delay, \(SampleText.counts(share))",
        source)
    ]
    items += callers.prefix(3).map { row in
      EvidenceItem(
        "\(row.words): \(Wording.percent(row.seconds / slice.total)) of the delay", source)
    }
    items += SampleText.perMember(scene, matches: matches, like: source)
    let cpu = LogCaller.work(under: callers.map(\.log), scene)
    let weight = RequestWeight(scene) { $0.contains(.logging) }
    let held = HeldAcross(scene, holder: first.log)
    let own = [Footprint(kind: .mutex, matches: matches)]
    // What requests wait for says more than a share of the delay, which stands in the evidence.
    let amount: Prose =
      weight?.words ?? "it has \(Wording.share(share)) of the lock delay"
    return .fires(
      Observation(
        title: "Logging holds a lock in \(scene.place) (\(first.words))" + (held?.across ?? "")
          + ": " + amount,
        share: weight?.share ?? share,
        evidence: (weight?.evidence ?? []) + (held.map { [$0.evidence] } ?? []) + items + cpu,
        gain: .notBounded(RequestWeight.reason),
        means: weight == nil ? [] : DelayMeasures(scene.role).flatMap(\.note).map { [$0] } ?? [],
        evidenceKinds: cpu.isEmpty ? 1 : 2,
        footprints: (weight.map { [$0.footprint] } ?? []) + own
          + LogCaller.footprints(callers.map(\.log), scene),
        firstAdvice: held?.advice(about: "lines") ?? [], byNameOnly: cpu.isEmpty,
        isOfRequests: weight != nil))
  }
}
