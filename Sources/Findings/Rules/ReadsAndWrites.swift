import Vocabulary

/// A lock that reads share with writes and flushes (L10): who makes whom wait, by both profiles.
///
/// A mutex profile names who gave the lock back, a block profile who waited for it. Go's RWMutex says
/// one thing more: by which of its functions the lock was given back it tells whether a reader kept
/// a writer waiting, a writer the readers, or one writer another.
struct ReadsAndWrites {
  private let scene: Scene
  private let pair: SharedType

  private var slice: ProfileSlice { scene.slice }

  static func condition(_ scene: Scene) -> Condition {
    if let quiet = LockDelay.tooLittle(scene) { return .clean(quiet) }
    guard let pair = SharedType.find(scene) else {
      return .clean("\(scene.place): no type has both reads and flushes among those who release")
    }
    return .fires(ReadsAndWrites(scene: scene, pair: pair).observation)
  }

  private var observation: Observation {
    let share = slice.share(where: isOurs)
    let waits = pair.waiters(scene)
    let type = pair.type
    let weight = RequestWeight(scene) { block in
      { block.owner(of: $0).flatMap(SharedType.type(of:)) == type }
    }
    let held = pair.flushes.names.lazy.compactMap { HeldAcross(scene, holder: $0) }.first
    let amount: Prose = weight?.words ?? "they have \(Wording.share(share)) of the lock delay"
    return Observation(
      title: "Reads and writes share a lock of \(name: pair.type) in \(scene.place)" + whoWaits
        + ": " + amount,
      share: weight?.share ?? share,
      evidence: (weight?.evidence ?? []) + released + kept + waits
        + (held.map { [$0.evidence] } ?? []),
      gain: .notBounded(RequestWeight.reason),
      means: keepsOut + (weight == nil ? [] : twoMeasures),
      evidenceKinds: waits.isEmpty ? 1 : 2,
      // Whoever gives back a lock of this type is taken to give back this one.
      footprints: (weight.map { [$0.footprint] } ?? [])
        + [Footprint(kind: .mutex, matches: isOurs)] + (held?.footprints ?? []),
      firstAdvice: advice, byNameOnly: waits.isEmpty, isOfRequests: weight != nil)
  }

  /// Whether a function of the type gave the lock back.
  private var isOurs: @Sendable (StackSample) -> Bool {
    let (slice, type) = (slice, pair.type)
    return { slice.owner(of: $0).flatMap(SharedType.type(of:)) == type }
  }

  private var released: [EvidenceItem] {
    slice.owners(where: isOurs).prefix(4).filter { $0.seconds >= 0.01 * slice.total }.map { row in
      let isItself = { (sample: StackSample) in slice.owner(of: sample) == row.name }
      return EvidenceItem(
        "Released by \(name: row.name): \(Wording.share(slice.share(where: isItself))) of the delay",
        scene.commands.exactly(slice, focus: [row.name], where: isItself))
    }
  }

  // MARK: Who keeps whom

  private enum Kept: String, CaseIterable {
    case writers = "Readers kept a writer waiting"
    case readers = "A writer kept readers waiting"
    case otherWriters = "A writer kept another waiting"
  }

  /// Nil where it is not Go's RWMutex, or does not say.
  private func kind(of sample: StackSample) -> Kept? {
    guard isOurs(sample), let leaf = sample.symbols.first.map({ slice.table[$0].short }),
      sample.symbols.contains(where: { slice.table[$0].short.hasPrefix("sync.(*RWMutex).") })
    else { return nil }
    switch leaf {
    case "sync.(*RWMutex).RUnlock", "sync.(*RWMutex).rUnlockSlow": return .writers
    case "sync.(*RWMutex).Unlock": return .readers
    default: return leaf.contains("Mutex).") ? .otherWriters : nil
    }
  }

  private func keepers(_ kind: Kept) -> [CostRow] {
    slice.owners { self.kind(of: $0) == kind }.filter { $0.seconds >= 0.01 * slice.total }
  }

  private var kept: [EvidenceItem] {
    Kept.allCases.compactMap { kind -> EvidenceItem? in
      let rows = keepers(kind)
      guard !rows.isEmpty else { return nil }
      let share = slice.share { self.kind(of: $0) == kind }
      let names = Prose.list(
        rows.prefix(3).map { "\(name: $0.name) (\(Wording.seconds($0.seconds)))" })
      return EvidenceItem(
        "\(kind.rawValue): \(Wording.seconds(share.part)), \(Wording.share(share)) of the delay, by \(names)",
        scene.commands.exactly(slice, where: { self.kind(of: $0) == kind }))
    }
  }

  /// For the title; empty where nobody can tell.
  private var whoWaits: Prose {
    let (writers, readers) = (keepers(.readers), keepers(.writers))
    guard !writers.isEmpty, !readers.isEmpty else { return "" }
    func named(_ rows: [CostRow]) -> Prose { Prose.list(rows.prefix(2).map { "\(name: $0.name)" }) }
    return " (reads wait for \(named(writers)), writes for \(named(readers)))"
  }

  private var keepsOut: [Prose] {
    keepers(.readers).isEmpty
      ? []
      : [
        "In Go a writer that waits for readers keeps new readers out: a short write costs them as long as the longest read before it."
      ]
  }

  private var twoMeasures: [Prose] {
    DelayMeasures(scene.role).flatMap(\.note).map { [$0] } ?? []
  }

  // MARK: Advice

  /// What helps more first: where reads hold the lock longest, a shorter flush brings little.
  private var advice: [Recommendation] {
    let snapshot = Recommendation(
      "Give reads a snapshot that writes replace as a whole, and let them work on it without the lock",
      effort: .large, risk: "medium; memory is reclaimed later")
    let flush = Recommendation(
      "Copy or swap what is to be flushed under the lock, and encode and write it after",
      effort: .medium, risk: "medium; the flush writes a state of a moment ago")
    let flushes = slice.share(where: pair.flushes.matches).part
    return flushes >= slice.share(where: pair.reads.matches).part
      ? [flush, snapshot] : [snapshot, flush]
  }
}
