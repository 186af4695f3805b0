import Pprof
import Vocabulary

/// Describes what each role does, whether or not a rule fired: what a reader looks up first.
struct RoleCards {
  let evidence: Evidence
  let commands: SourceCommand
  let findings: [Finding]

  func all() -> [RoleReport] {
    // The busiest first: a reader wants to know where the work is.
    evidence.roles.map(card).sorted {
      ($1.cpuSeconds ?? -1, $0.name) < ($0.cpuSeconds ?? -1, $1.name)
    }
  }

  private func card(_ role: RoleEvidence) -> RoleReport {
    let cpu = role.profiles[.cpu]
    let all = evidence.sampledCPUSeconds
    let window = evidence.window(of: role)
    let busy = cpu.flatMap { slice in
      window.map { slice.total / max($0, 1e-9) / Double(max(1, role.members.count)) }
    }
    let share = cpu.map { all > 0 ? $0.total / all : 0 }
    let character = character(busy: busy, share: share)
    return RoleReport(
      name: role.name, members: role.members, character: character, cpuSeconds: cpu?.total,
      shareOfAllCPU: share, busyCores: busy, statements: statements(role, character))
  }

  private func character(busy: Double?, share: Double?) -> RoleReport.Character {
    if let busy, busy < evidence.thresholds.idleCores { return .idle }
    guard let share else { return .unknown }
    return evidence.roles.count > 1 && share < evidence.thresholds.lightRole ? .light : .loaded
  }

  private func statements(
    _ role: RoleEvidence, _ character: RoleReport.Character
  ) -> [RoleReport.Statement] {
    cpuSlices(role).map { cpu($0, role, character) }
      + [
        role.profiles[.mutex].map { mutex($0, role) },
        role.profiles[.block].map { block($0, role) },
        HeapCard(evidence: evidence, commands: commands, findings: findings).statement(role),
      ]
      .compactMap { $0 }
  }

  /// One statement for each labeled operation with enough samples: the same function means one
  /// thing in a search and another in an insert.
  private func cpuSlices(_ role: RoleEvidence) -> [ProfileSlice] {
    guard let whole = role.profiles[.cpu] else { return [] }
    let labeled = role.operations(.cpu).map(whole.of(operation:)).filter {
      $0.sampleCount >= evidence.thresholds.samplesForAnyClaim
    }
    return labeled.isEmpty ? [whole] : labeled
  }

  private func interpretation(
    _ role: RoleEvidence, _ operation: String?, rules: [String]
  ) -> [Prose] {
    var seen: [Prose] = []
    for finding in findings
    where finding.role == role.name && rules.contains(where: finding.rule.hasPrefix)
      && (operation == nil || finding.operation == operation)
    {
      for sentence in finding.means.prefix(1)
        + finding.means.dropFirst().filter({ _ in finding.rule == "K2" })
      where !seen.contains(sentence) {
        seen.append(sentence + " (\(finding.id))")
      }
    }
    return seen
  }

  private func scene(_ role: RoleEvidence, _ slice: ProfileSlice) -> Scene {
    Scene(evidence: evidence, role: role, slice: slice)
  }

  // MARK: CPU

  private func cpu(
    _ slice: ProfileSlice, _ role: RoleEvidence, _ character: RoleReport.Character
  ) -> RoleReport.Statement {
    let scene = scene(role, slice)
    let top = CostCategory.largest(in: slice).prefix(3).map {
      "\($0.name) (\(Wording.percent($0.share)))" as Prose
    }
    let place = scene.place
    let title: Prose =
      switch character {
      case .idle: "\(place) is not a CPU hotspot in this run"
      case .light:
        "\(place) is comparatively light on CPU"
          + (top.isEmpty ? "" : "; most of it is \(Prose.list(Array(top)))")
      case .loaded, .unknown:
        top.isEmpty
          ? "CPU of \(place) has no dominant cost"
          : "CPU of \(place) goes to \(Prose.list(Array(top)))\(CostCategory.overlap(slice))"
      }
    var notes = interpretation(role, slice.operation, rules: ["K", "C", "M", "V", "S", "P"])
    if let sentence = standing(role, character) { notes.append(sentence) }
    if notes.isEmpty {
      notes = ["No rule fired: no single cost here stands out above its threshold."]
    }
    return RoleReport.Statement(
      kind: .cpu, operation: slice.operation, title: title.capitalized,
      files: slice.files.map(\.path), bullets: cpuBullets(scene),
      interpretation: notes)
  }

  /// What a light or idle role means for the run.
  private func standing(_ role: RoleEvidence, _ character: RoleReport.Character) -> Prose? {
    switch character {
    case .idle:
      "It uses less than \(Wording.number(evidence.thresholds.idleCores)) of a core, so optimizing it would not shift throughput at this load."
    case .light:
      "It has less than \(Wording.percent(evidence.thresholds.lightRole)) of all CPU: work elsewhere is likely to bring more."
    case .loaded, .unknown: nil
    }
  }

  private func cpuBullets(_ scene: Scene) -> [EvidenceItem] {
    let slice = scene.slice
    let each = scene.perOperation(slice.total).map { ", \($0)" } ?? ""
    var items = [
      EvidenceItem(
        "\(Wording.seconds(slice.total)) of CPU\(each), n = \(Wording.counted(slice.sampleCount, "sample"))"
          + (slice.trials.isEmpty ? "" : ", \(Wording.counted(slice.trials.count, "trial"))"),
        commands.top(slice))
    ]
    // A handful of samples names functions by chance.
    guard slice.sampleCount >= evidence.thresholds.samplesForAnyClaim else { return items }
    items += slice.flat.prefix(5).map { row in
      function(row, "flat", in: scene, where: slice.hasLeaf(row.name))
    }
    items += slice.cumulativeOfProject.prefix(3).map { row in
      function(row, "cumulative", in: scene, where: slice.contains(function: row.name))
    }
    return items
  }

  private func function(
    _ row: CostRow, _ kind: String, in scene: Scene, where matches: (StackSample) -> Bool
  ) -> EvidenceItem {
    let slice = scene.slice
    let share = slice.share(where: matches)
    let replicas = SampleText.perMember(
      scene, matches: matches, like: commands.top(slice)
    ).map(\.statement)
    let detail: Prose = replicas.isEmpty ? "" : " (" + Prose.list(replicas) + ")"
    let each = scene.perOperation(share.part).map { ", \($0)" } ?? ""
    return EvidenceItem(
      "\(name: row.name) \(Wording.share(share)) \(kind)\(each)" + detail,
      commands.top(slice, focus: kind == "flat" ? [] : [row.name]))
  }

  // MARK: Waits

  private func mutex(_ slice: ProfileSlice, _ role: RoleEvidence) -> RoleReport.Statement {
    let owners = slice.owners { _ in true }.filter { $0.seconds >= 0.01 * slice.total }
    let top = owners.prefix(2).map { "\(name: $0.name)" as Prose }
    let quiet = LockDelay.tooLittle(scene(role, slice))
    let title: Prose =
      quiet == nil
      ? "Lock delay of \(name: role.name) is charged to \(Prose.list(top))"
      : slice.total > 0
        ? "Hardly anybody waited for a lock in \(name: role.name)"
        : "Nobody waited for a lock in \(name: role.name)"
    var bullets =
      slice.total > 0
      ? leaves(slice) : [EvidenceItem("No wait for a lock was noted", commands.top(slice))]
    bullets += owners.prefix(3).map { row in
      EvidenceItem(
        "\(name: row.name) \(Wording.percent(row.seconds / max(slice.total, 1e-12))) of the delay, by who released the lock",
        commands.charged(slice))
    }
    var notes = interpretation(role, nil, rules: ["L", "I3"])
    if notes.isEmpty { notes = ["Nobody waits for a lock here for long enough to matter."] }
    return RoleReport.Statement(
      kind: .mutex, operation: nil, title: title, files: slice.files.map(\.path), bullets: bullets,
      interpretation: notes)
  }

  private func block(_ slice: ProfileSlice, _ role: RoleEvidence) -> RoleReport.Statement {
    let top = slice.flat.prefix(2).map { row in
      "\(name: row.name) (\(Wording.percent(row.seconds / max(slice.total, 1e-12))))" as Prose
    }
    let idle = slice.share { WaitReading.nature(of: $0, in: slice) == .idle }
    let title: Prose =
      slice.total > 0
      ? "\(name: role.name) waits mostly \(idle.value > 0.9 ? "for work, " : "")in \(Prose.list(top))"
        + (idle.value > 0.1 && idle.value <= 0.9
          ? "; \(Wording.percent(idle.value)) of its waiting is idle" : "")
      : "\(name: role.name) never waited"
    var notes = interpretation(role, nil, rules: ["B", "I1"])
    if notes.isEmpty {
      notes = [
        LateStarts(evidence, role, slice)?.sentence
          ?? "No wait here is on the way of an operation for long enough to matter."
      ]
    }
    return RoleReport.Statement(
      kind: .block, operation: nil, title: title, files: slice.files.map(\.path),
      bullets: leaves(slice) + natures(slice),
      interpretation: notes)
  }

  /// `top` leaves out what has less, and a number is told only where its command prints it.
  private static let shownByTop = 0.005

  private func leaves(_ slice: ProfileSlice) -> [EvidenceItem] {
    slice.flat.prefix(3).filter { $0.seconds >= Self.shownByTop * slice.total }.map { row in
      EvidenceItem(
        "\(name: row.name) \(Wording.share(slice.share(where: slice.hasLeaf(row.name)))) flat, \(Wording.seconds(row.seconds)), n = \(Wording.count(row.samples))",
        commands.top(slice))
    }
  }

  private func natures(_ slice: ProfileSlice) -> [EvidenceItem] {
    let rows = slice.rows { [WaitReading.nature(of: $0, in: slice).words] }
    let list = Prose.list(
      rows.map {
        "\($0.name) \(Wording.percent($0.seconds / max(slice.total, 1e-12)))" as Prose
      })
    // The nature follows from what is waited for, which the class says where there is one.
    let byClass = commands.table(of: slice, filters: ["-tagleaf=class", "-nodefraction=0"])
    let source = slice.samples.contains { $0.waitClass != nil } ? byClass : commands.top(slice)
    return rows.isEmpty ? [] : [EvidenceItem("By nature: \(list)", source)]
  }
}

/// The words for what CPU goes to, largest first.
struct CostCategory {
  let name: Prose
  let share: Double
  private let matches: @Sendable (StackSample) -> Bool

  private static let groups: [SymbolGroup] = [
    .foreignCall, .graphSearch, .distanceKernel, .candidateHeap, .hashing, .sorting, .allocation,
    .collection, .serialization,
    .copying, .zeroing, .referenceCounting, .text, .logging, .transport, .scheduler,
    .concurrency, .maintenance,
  ]

  /// What is sorted by is no sorting: distances are counted by themselves.
  private static func stacks(
    of group: SymbolGroup, in slice: ProfileSlice
  ) -> @Sendable (StackSample) -> Bool {
    // What a request does stands below the frames that carry it.
    if group == .transport { return slice.isSpent(in: [group]) }
    let inGroup = slice.contains(group)
    guard group == .sorting else { return inGroup }
    let inKernel = slice.contains(.distanceKernel)
    return { inGroup($0) && !inKernel($0) }
  }

  static func largest(in slice: ProfileSlice) -> [CostCategory] {
    func category(
      _ name: String, _ matches: @escaping @Sendable (StackSample) -> Bool
    ) -> CostCategory {
      CostCategory(
        name: Prose(name), share: slice.share(where: matches).value, matches: matches)
    }
    let kernel = category("system calls") { slice.isInKernel($0) }
    let rest = groups.map { group in
      category(
        group == .transport ? Transport.label(slice) : group.label, stacks(of: group, in: slice))
    }
    return ([kernel] + rest).filter { $0.share >= 0.05 }.sorted {
      ($1.share, $0.name.plain) < ($0.share, $1.name.plain)
    }
  }

  /// What the three largest are together, where a stack may be in several; else nothing.
  static func overlap(_ slice: ProfileSlice) -> String {
    let top = largest(in: slice).prefix(3)
    let sum = top.reduce(0) { $0 + $1.share }
    let union = slice.share { sample in top.contains { $0.matches(sample) } }.value
    return sum - union >= 0.005 ? ", which overlap: \(Wording.percent(union)) together" : ""
  }
}
