import RunRecords
import Pprof
import Vocabulary

/// Turns what a rule saw into a finding: bound, severity, confidence and rank, the same way for all.
struct FindingMaker {
  let evidence: Evidence
  let limit: LimitingResource
  let gates: GateReport
  let commands: SourceCommand
  /// What waits are weighed against.
  let timeOfRequests: TimeOfRequests?
  var sources: SourceExcerpts?

  struct Ranked {
    var finding: Finding
    /// For the union over several findings.
    var slice: ProfileSlice?
    var matches: (@Sendable (StackSample) -> Bool)?
    /// How much of its stacks could go: all, or less where they can only become faster.
    var removable = 1.0
    var depth = Depth.work
    var footprints: [Footprint] = []
    /// Findings on the same stacks that this one tells.
    var members: [Ranked] = []
    /// Of one that is told: how much of its stacks are among the teller's.
    var partOfHead = 0.0
    /// Findings beside it that have a part of its stacks.
    var shares: [(key: FindingKey, part: Double)] = []

    /// It and those it tells.
    var all: [Ranked] { [self] + members }
  }

  func finding(_ rule: Rule, _ scene: Scene, _ seen: Observation) -> Ranked {
    let slice = seen.weighed ?? scene.slice
    let gain = bound(seen, slice)
    let caps = gates.capping(rule.gateName)
    let (confidence, reason) = confidence(seen, caps: caps)
    let weight = weight(seen, slice)
    var severity = severity(of: gain, seen, weight)
    for cap in [rule.severityCap, seen.severityCap] { severity = min(severity, cap ?? severity) }
    if seen.byNameOnly { severity = min(severity, .medium) }
    let ceiling = ceiling(seen, slice)
    severity = lowered(severity, by: ceiling)
    var finding = make(
      rule.id, seen, rule.text, severity: severity, confidence: (confidence, reason), caps: caps,
      gain: gain, role: scene.role.name, slice: scene.slice)
    finding.weight = weight
    finding.ceiling = ceiling
    if let matches = seen.matches {
      finding.locations = Array(
        CodeLocations.of(slice, where: matches, sources: sources).prefix(3))
      finding.chargedKind = slice.kind
    }
    return Ranked(
      finding: finding, slice: slice, matches: seen.matches,
      removable: seen.gain.removable, depth: seen.depth ?? rule.depth,
      footprints: footprints(seen, scene))
  }

  private func footprints(_ seen: Observation, _ scene: Scene) -> [Footprint] {
    guard seen.footprints.isEmpty, let matches = seen.matches else { return seen.footprints }
    return [
      Footprint(kind: scene.slice.kind, operation: scene.slice.operation, matches: matches)
    ]
  }

  func finding(_ rule: RunRule, _ seen: Observation) -> Ranked {
    let caps = gates.capping(rule.id)
    let trials = evidence.trials.count
    let enough = trials >= evidence.thresholds.trialsForVerdict && caps.isEmpty
    let reason = "measured in \(Wording.counted(trials, "trial"))"
    var ceiling = ceiling(seen, seen.weighed)
    if seen.share == nil { ceiling?.operation = seen.weighed?.operation }
    var finding = make(
      rule.id, seen, rule.text, severity: lowered(rule.severity, by: ceiling),
      confidence: (enough ? .high : .medium, reason), caps: caps,
      gain: .notBounded(reason: seen.reason),
      role: "engine", slice: seen.weighed)
    finding.ceiling = ceiling
    finding.weight = ceiling.map { Weight(low: $0.low, value: $0.value, of: .cpu) }
    if seen.share != nil, let slice = seen.weighed, let matches = seen.matches {
      finding.locations = Array(
        CodeLocations.of(slice, where: matches, sources: sources).prefix(3))
      finding.chargedKind = slice.kind
    }
    return Ranked(finding: finding, slice: seen.weighed, matches: seen.matches)
  }

  private func make(
    _ rule: String, _ seen: Observation, _ text: Rule.Text, severity: Severity,
    confidence: (Confidence, String), caps: [String], gain: GainBound, role: String,
    slice: ProfileSlice?
  ) -> Finding {
    // Most rules about the run are about searching; those about writing say so.
    let operation = slice == nil ? OperationKind.search.rawValue : slice?.operation
    return Finding(
      id: "", rule: rule, title: seen.title.capitalized, severity: severity,
      confidence: confidence.0, confidenceReason: confidence.1, role: role, operation: operation,
      metric: metric(gain, operation), share: seen.share, evidence: seen.evidence,
      means: text.means.map { Prose($0) } + seen.means, doesNotMean: Prose(text.doesNotMean),
      ruledOut: text.ruledOut.map { Prose($0) },
      recommendations: seen.firstAdvice + text.advice + seen.advice,
      gain: gain,
      verify: verification(text, seen, slice), falsifier: Prose(text.falsifier), cappedBy: caps,
      locations: [])
  }

  private func metric(_ gain: GainBound, _ operation: String?) -> String {
    if case .bound(_, _, let metric, _) = gain { return metric }
    return operation.map { "CPU per \($0)" } ?? "none that the run measured"
  }

  // MARK: Bound

  private func bound(_ seen: Observation, _ slice: ProfileSlice) -> GainBound {
    if case .nothing(let reason) = seen.gain { return .nothing(reason: reason) }
    guard let share = seen.share else { return .notBounded(reason: seen.reason) }
    switch seen.gain {
    case .notBounded(let reason), .nothing(let reason): return .notBounded(reason: reason)
    case .ofTime(let metric):
      return .removing(
        share, metric: metric,
        basis: "if it were gone; the wait is on the way of the operation itself")
    case .ofCPU, .ofCPUSpeedUp:
      return cpuBound(seen, share, slice)
    }
  }

  /// CPU that is saved is worth throughput only where CPU is what runs out.
  private func cpuBound(
    _ seen: Observation, _ share: Share, _ slice: ProfileSlice
  ) -> GainBound {
    guard case .cpu(let busy, let cores) = limit else {
      return .notBounded(reason: "CPU is not known to limit this run: \(limit.reason)")
    }
    guard slice.total > 0, let part = partOfAllCPU(seen, slice) else {
      return .notBounded(reason: "no CPU was sampled")
    }
    var ofProcess = share
    (ofProcess.low, ofProcess.high) = (part.low, part.high)
    let basis =
      "\(seen.gain.premise); CPU-bound: \(Wording.number(busy)) of \(cores) cores busy \(evidence.atItsLoad); share of all CPU "
      + Wording.percent(part.value)
    if case .ofCPUSpeedUp(let factor) = seen.gain {
      return .speedingUp(ofProcess, by: factor, metric: Self.headline, basis: basis)
    }
    return .removing(ofProcess, metric: Self.headline, basis: basis)
  }

  // MARK: Severity, confidence

  /// From the low end of the bound; where no bound holds, from the share of everything, and then
  /// never above medium, because nobody knows what it is worth.
  private func severity(
    of gain: GainBound, _ seen: Observation, _ weight: Weight?
  ) -> Severity {
    if case .bound(let low, _, let metric, _) = gain {
      guard metric != Self.headline else { return severity(low) }
      return min(severity(weight.map { GainBound.gain(removing: $0.low) } ?? low), capOnWaits)
    }
    if case .nothing = gain { return .info }
    guard let share = seen.share else { return seen.byNameOnly ? .low : .medium }
    if case .notBounded = seen.gain {
      return min(severity(weight?.low ?? share.low), seen.isOfRequests ? .medium : .low)
    }
    return min(severity(GainBound.gain(removing: weight?.low ?? share.low)), .medium)
  }

  private static let headline = "capacity"

  /// A shorter operation is no higher throughput unless such waits are what limits it.
  private var capOnWaits: Severity {
    switch limit {
    case .locks, .disk: .critical
    case .cpu, .cannotTell: .high
    }
  }

  func severity(_ bound: Double) -> Severity {
    let limits = evidence.thresholds
    if bound >= limits.critical { return .critical }
    if bound >= limits.high { return .high }
    if bound >= limits.medium { return .medium }
    return bound >= limits.low ? .low : .info
  }

  private func confidence(_ seen: Observation, caps: [String]) -> (Confidence, String) {
    if !caps.isEmpty {
      return (.low, "capped by \(caps.joined(separator: ", "))")
    }
    if seen.byNameOnly { return (.low, "told from names of functions alone") }
    guard let share = seen.share else { return (.low, "how much it weighs is not known") }
    let trials = max(share.trials, evidence.trials.count)
    let narrow = share.halfWidth <= evidence.thresholds.narrowInterval * share.value
    if seen.evidenceKinds > 1, trials >= evidence.thresholds.trialsForHighConfidence, narrow {
      return (.high, "two kinds of evidence, \(Wording.counted(trials, "trial"))")
    }
    return narrow
      ? (
        .medium,
        "\(seen.evidenceKinds > 1 ? "two kinds" : "one kind") of evidence, \(share.hasInterval ? "a narrow interval" : "many events")"
      )
      : (.low, "the interval is wider than a fifth of the share")
  }
}

extension Observation.Gain {
  /// The part of the stacks that would be gone.
  var removable: Double {
    if case .ofCPUSpeedUp(let factor) = self { return max(0, 1 - 1 / factor) }
    return 1
  }

  /// What a bound supposes.
  fileprivate var premise: String {
    if case .ofCPUSpeedUp(let factor) = self {
      return "if it were \(Wording.number(factor)) times as fast"
    }
    return "if it were gone"
  }
}

extension Finding {
  var isBounded: Bool {
    if case .bound = gain { true } else { false }
  }
}

extension Observation {
  fileprivate var reason: String {
    if case .notBounded(let reason) = gain { return reason }
    return "the share is not known"
  }
}

extension LimitingResource {
  var reason: String {
    switch self {
    case .cpu(let busy, let cores): "\(Wording.number(busy)) of \(cores) cores are busy"
    case .locks(let share):
      "waits for locks take \(Wording.percent(share)) of the time inside operations"
    case .disk(let share):
      "waits for the disk take \(Wording.percent(share)) of the time inside operations"
    case .cannotTell(let reason): reason
    }
  }
}

extension Prose {
  /// The first word with a capital, unless it is a name.
  var capitalized: Prose {
    guard case .text(let text) = parts.first, let first = text.first else { return self }
    return Prose(String(first).uppercased() + text.dropFirst())
      + Prose(parts: Array(parts.dropFirst()))
  }
}
