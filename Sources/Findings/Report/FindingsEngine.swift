package import RunRecords
import Vocabulary

/// Asks all rules about a run and gathers the answers into a report.
package enum FindingsEngine {
  /// Reads the run's profiles and asks every rule.
  ///
  /// - Parameters:
  ///   - run: What the report is about.
  ///   - base: An earlier run to compare with.
  ///   - rules: A user's own.
  ///   - targets: What was expected of the run.
  ///   - others: Runs of the same, to see how far they lie apart.
  ///   - sources: Finds source files, where a report is to show their lines.
  /// - Returns: All chapters; a style chooses among them.
  /// - Throws: When there is nothing to report on, or a target does not fit the run.
  package static func report(
    on run: RunFolder, base: RunFolder? = nil, rules: RulesFile? = nil,
    targets: TargetsFile? = nil, others: [RunFolder] = [], sources: SourceFinder? = nil
  ) throws(FindingsError) -> FindingsReport {
    let evidence = EvidenceReader.read(run, thresholds: .standard, rules: rules)
    guard evidence.record != nil || !evidence.roles.isEmpty else {
      throw .nothingToReport(run: run.name)
    }
    return try ReportMaker(evidence: evidence).report(
      base: base, targets: targets, others: others, sources: sources)
  }
}

/// Asks each rule in each place it looks at.
struct Inquiry {
  let evidence: Evidence
  let gates: GateReport
  let maker: FindingMaker
  private(set) var fired: [FindingMaker.Ranked] = []
  private(set) var clean: [CheckedClean] = []
  private(set) var notEvaluable: [NotEvaluable] = []
  private(set) var suppressed: [Suppressed] = []

  init(evidence: Evidence, gates: GateReport, maker: FindingMaker) {
    self.evidence = evidence
    self.gates = gates
    self.maker = maker
  }

  mutating func askAll() {
    for rule in RuleBook.runRules { ask(rule) }
    for rule in RuleBook.rules { ask(rule) }
    for rule in evidence.projectRules { ask(Rule(rule)) }
    notEvaluable += Unaskable.rules(evidence)
    fired = SharedEvidence(fired, evidence).joined()
    rank()
  }

  private mutating func ask(_ rule: RunRule) {
    switch rule.condition(evidence, maker.commands) {
    case .fires(let seen): fired.append(maker.finding(rule, seen))
    case .clean(let observation):
      clean.append(CheckedClean(rule: rule.id, title: rule.title, observation: observation))
    case .absent, .toldElsewhere: break
    case .notEvaluable(let reason):
      notEvaluable.append(
        NotEvaluable(
          rule: rule.id, title: rule.title, reason: reason,
          asksForOwnRun: evidence.record == nil ? true : nil))
    }
  }

  private mutating func ask(_ rule: Rule) {
    if let gate = gates.suppressing(rule.gateName) {
      suppressed.append(Suppressed(rule: rule.id, title: rule.title, gate: gate.id))
      return
    }
    let scenes = scenes(of: rule.place)
    guard !scenes.isEmpty else {
      notEvaluable.append(
        NotEvaluable(rule: rule.id, title: rule.title, reason: missing(rule.place)))
      return
    }
    var quiet: [Prose] = []
    var absent: [Prose] = []
    var reasons: [String] = []
    for scene in scenes {
      switch answer(rule, scene) {
      case .fires(let seen): fired.append(maker.finding(rule, scene, seen))
      case .clean(let observation): quiet.append(observation)
      case .absent: absent.append("\(scene.place): none")
      case .toldElsewhere: break
      case .notEvaluable(let reason): reasons.append(reason)
      }
    }
    note(
      rule, quiet: quiet + absent, reasons: reasons,
      firedSomewhere: quiet.count + absent.count + reasons.count < scenes.count,
      isElsewhere: quiet.isEmpty)
  }

  private mutating func note(
    _ rule: Rule, quiet: [Prose], reasons: [String], firedSomewhere: Bool, isElsewhere: Bool
  ) {
    if !quiet.isEmpty, !firedSomewhere {
      let text = quiet.dropFirst().reduce(quiet[0]) { $0 + "; " + $1 }
      clean.append(
        CheckedClean(
          rule: rule.id, title: rule.title, observation: text,
          isElsewhere: isElsewhere ? true : nil))
    }
    var seen: Set<String> = []
    for reason in reasons where seen.insert(reason).inserted {
      notEvaluable.append(
        NotEvaluable(
          rule: rule.id, title: rule.title, reason: reason,
          asksForOwnRun: rule.asksForOwnRun && evidence.record == nil ? true : nil))
    }
  }

  /// Rules that would take unseen kernel frames for none.
  private static let needsKernel: Set<String> = ["K1", "K2", "K3", "K4", "K5", "M6"]

  /// Rules about what only kernel frames show; K1 and K2 read the names of calls as well.
  private static let needsKernelFrames: Set<String> = ["K3", "K4", "K5", "M6"]

  /// A rule about CPU needs enough samples to speak at all; waits are weighed, not counted.
  private func answer(_ rule: Rule, _ scene: Scene) -> Condition {
    let slice = scene.slice
    if Self.needsKernel.contains(rule.id), !evidence.seesKernel {
      return .notEvaluable("the samples have no kernel frames")
    }
    if Self.needsKernelFrames.contains(rule.id), scene.role.profiles[.cpu]?.seesKernel == false {
      return .notEvaluable("the CPU profile has no kernel frames")
    }
    let needed = evidence.thresholds.samplesForAnyClaim
    if slice.kind == .cpu, slice.sampleCount < needed {
      let what = slice.operation.map { "\($0) in \(slice.role)" } ?? slice.role
      return .notEvaluable(
        slice.operation == nil
          ? "only \(Wording.counted(slice.sampleCount, "sample")) of \(what), \(needed) needed"
          : "for \(what) only, which has \(Wording.counted(slice.sampleCount, "sample")) and needs \(needed)"
      )
    }
    guard slice.isTime || slice.kind == .heap else {
      return .notEvaluable("\(slice.files[0].path) has no column of times")
    }
    return rule.condition(scene)
  }

  /// The load generator is judged by its own gate; its profile is no place for advice.
  private func scenes(of place: Rule.Place) -> [Scene] {
    evidence.roles.filter { $0.name != Role.client.rawValue }.flatMap { role -> [Scene] in
      guard let whole = role.profiles[place.kind] else { return [] }
      let labeled = role.operations(place.kind)
      let slices: [ProfileSlice] =
        switch place.operations {
        case .together: [whole]
        case .each: labeled.isEmpty ? [whole] : labeled.map(whole.of(operation:))
        case .only(let kinds):
          labeled.isEmpty
            ? [whole]
            : labeled.filter { kinds.map(\.rawValue).contains($0) }.map(whole.of(operation:))
        case .named(let name): labeled.filter { $0 == name }.map(whole.of(operation:))
        }
      return slices.map { Scene(evidence: evidence, role: role, slice: $0) }
    }
  }

  private func missing(_ place: Rule.Place) -> String {
    let kind = place.kind
    if case .named(let operation) = place.operations,
      evidence.roles.contains(where: { $0.profiles[kind] != nil })
    {
      return "no sample of a \(kind.rawValue) profile has the label op=\(operation)"
    }
    let broken = evidence.collected.filter { $0.kind == kind && $0.problem != nil }
    if let file = broken.first {
      return "\(file.path) could not be read: \(file.problem ?? "")"
    }
    return "the run has no \(kind.rawValue) profile"
  }

  /// Puts what is worse first, then what could free most of all there is; names settle the rest.
  ///
  /// A finding weighs as much as the heaviest of those it tells: it has their samples.
  private mutating func rank() {
    for index in fired.indices {
      let all = fired[index].all
      fired[index].finding.severity = all.map(\.finding.severity).max() ?? .info
      fired[index].finding.weight = all.compactMap(\.finding.weight).max { $0.low < $1.low }
    }
    fired.sort(by: Self.precedes)
    for index in fired.indices { number(&fired[index], "F\(index + 1)") }
    let ids = fired.reduce(into: [:]) { $0[$1.finding.key] = $1.finding.id }
    for index in fired.indices {
      let earlier = fired[index].shares.compactMap { share in
        ids[share.key].map { Finding.Overlap(finding: $0, part: share.part) }
      }.filter { overlap in
        fired[..<index].contains { $0.finding.id == overlap.finding }
      }
      fired[index].finding.overlaps = earlier.isEmpty ? nil : earlier
    }
  }

  /// `F3`, and `F3.1` for the first of those it tells.
  private func number(_ head: inout FindingMaker.Ranked, _ id: String) {
    head.finding.id = id
    head.members.sort(by: Self.precedes)
    for index in head.members.indices { head.members[index].finding.id = "\(id).\(index + 1)" }
    let joined = head.members.map { Finding.Joined(finding: $0.finding, part: $0.partOfHead) }
    head.finding.joined = joined.isEmpty ? nil : joined
  }

  private static func precedes(
    _ left: FindingMaker.Ranked, _ right: FindingMaker.Ranked
  ) -> Bool {
    if left.finding.severity != right.finding.severity {
      return left.finding.severity > right.finding.severity
    }
    let (one, other) = (left.finding.weight?.low ?? -1, right.finding.weight?.low ?? -1)
    if one != other { return one > other }
    return key(left.finding) < key(right.finding)
  }

  private static func key(_ finding: Finding) -> [String] {
    [finding.rule, finding.role, finding.operation ?? "", finding.title.plain]
  }
}

extension [String] {
  fileprivate static func < (left: [String], right: [String]) -> Bool {
    left.lexicographicallyPrecedes(right)
  }
}
