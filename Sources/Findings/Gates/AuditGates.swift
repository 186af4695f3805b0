import Measurement
import Pprof
import RunRecords
import Vocabulary

extension Gate {
  /// The report's own arithmetic: numbers that must agree with each other.
  static let audit: [Gate] = [
    Gate(
      id: "X1", title: "Sums of the profiles", question: sums,
      consequence: "The profiles contradict themselves; do not use their shares.",
      effect: .suppresses(rules: [])),
    Gate(
      id: "X4", title: "Operations counted twice", question: countsAgree,
      consequence:
        "Two counters of the same thing disagree; costs per operation are off by as much.",
      effect: .lowersConfidence(ofRules: [])),
    Gate(
      id: "X6", title: "Little's law", question: littleLaw,
      consequence: "Throughput and latency do not belong together; one of them is wrong.",
      effect: .lowersConfidence(ofRules: [])),
    Gate(
      id: "X7", title: "CPU of the roles", question: rolesAddUp,
      consequence: "CPU by role does not add up to the process; shares of a role may be off.",
      effect: .lowersConfidence(ofRules: [])),
  ]

  /// Every stack has one leaf, so flat costs add up to the total; no value may be negative, and the
  /// trials must add up to their merge.
  private static func sums(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let slices = evidence.roles.flatMap { role in
      ProfileKind.allCases.compactMap { role.profiles[$0] }
    }
    guard !slices.isEmpty else { return .notEvaluable("no profile could be read") }
    for slice in slices {
      if slice.samples.contains(where: { $0.value < 0 || $0.count < 0 }) {
        return .fail("\(name: slice.files[0].path) holds negative values", commands.top(slice))
      }
      let trials = slice.trials.reduce(0.0) { $0 + ProfileSlice.seconds($1) }
      if !slice.trials.isEmpty,
        abs(trials - slice.total) > evidence.thresholds.countsDisagree * slice.total
      {
        return .fail(
          "\(name: slice.files[0].path) holds \(Wording.seconds(slice.total)), its trials \(Wording.seconds(trials))",
          commands.top(slice))
      }
    }
    return .pass(
      "\(counted(slices)): no negative value, and trials add up to their merge",
      commands.top(slices[0]))
  }

  /// `16 profiles, 12 with replicas added up`.
  private static func counted(_ slices: [ProfileSlice]) -> String {
    let files = slices.reduce(0) { $0 + $1.files.count }
    let merged = files == slices.count ? "" : ", \(slices.count) with replicas added up"
    return Wording.counted(files, "profile") + merged
  }

  private static func countsAgree(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record else { return .notEvaluable("there is no run.json") }
    var checked = 0
    for operation in OperationKind.allCases.map(\.rawValue) {
      guard let timed = record.result("\(operation).response.mean")?.observations else { continue }
      let counted = evidence.operations(operation)
      checked += 1
      let off = abs(Double(timed - counted)) / Double(max(1, max(timed, counted)))
      if off > evidence.thresholds.countsDisagree {
        return .fail(
          "\(Wording.count(counted)) operations \(name: operation) were counted, \(Wording.count(timed)) were timed",
          commands.record("results.\(operation).response.mean.observations"))
      }
    }
    guard checked > 0 else { return .notEvaluable("no latency says how many operations it is of") }
    return .pass("operations counted and operations timed agree", commands.record("trials"))
  }

  /// Little's law: workers busy on average are throughput times service time, and at most N.
  private static func littleLaw(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record,
      let workers = record.setting("concurrency").flatMap({ Double($0) }), workers > 0,
      let active = evidence.activeSeconds, evidence.measuredSeconds > 0
    else { return .notEvaluable("concurrency or service times are not known") }
    let busy = active / evidence.measuredSeconds
    let kept: Prose =
      "throughput × service time keeps \(Wording.number(busy)) of \(Wording.number(workers)) workers busy\(followers(record))"
    let source = commands.record("results.search.service.mean")
    if busy > workers * (1 + evidence.thresholds.littleLaw) { return .fail(kept, source) }
    guard let witness = Witness(record, evidence.thresholds) else {
      return .pass(kept + ", which is not more than there are", source)
    }
    let text = witness.sentence + "; " + kept
    let seen = commands.record("results.concurrency.seen")
    return witness.contradicts ? .fail(text, seen) : .pass(text, seen)
  }

  /// What the workers' time has and the count of operations has not.
  private static func followers(_ record: RunRecord) -> Prose {
    let names = record.followers.map { "\(name: $0)" as Prose }
    return names.isEmpty
      ? ""
      : " (with \(Prose.list(names)), which follows another operation and is not due by itself)"
  }

  /// Operations in the system, counted at moments, against rate × response time.
  private struct Witness {
    let sentence: Prose
    let contradicts: Bool

    init?(_ record: RunRecord, _ limits: Thresholds) {
      guard let seen = record.result("concurrency.seen"),
        let expected = record.result("concurrency.expected"), expected.estimate.value > 0
      else { return nil }
      let apart = seen.estimate.value / expected.estimate.value - 1
      sentence =
        "in \(seen.observations.map { "\(Wording.count($0)) looks" } ?? "all looks") \(NumberText.significant(seen.estimate.value)) operations were due or under way on average, and rate × response time says \(NumberText.significant(expected.estimate.value)): \(Wording.percent(abs(apart))) apart"
      // Few looks swing: only what all trials agree on is a contradiction.
      let ratios = zip(seen.trials, expected.trials).filter { $0.1 > 0 }.map { $0.0 / $0.1 - 1 }
      guard ratios.count >= limits.trialsForInterval else {
        contradicts = false
        return
      }
      let mean = ratios.reduce(0, +) / Double(ratios.count)
      let deviation = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count - 1)
      let half =
        StudentT.quantile(confidence: 0.95, degrees: Double(ratios.count - 1))
        * (deviation / Double(ratios.count)).squareRoot()
      contradicts = abs(mean) - half > limits.littleLaw
    }
  }

  private static func rolesAddUp(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let known = evidence.trials.filter { $0.cpuSecondsByRole != nil && $0.cpuSeconds > 0 }
    guard !known.isEmpty else {
      return .notEvaluable("the kernel's count of CPU by role is not known")
    }
    let total = known.reduce(0) { $0 + $1.cpuSeconds }
    let roles = known.reduce(0.0) { $0 + ($1.cpuSecondsByRole?.values.sorted().reduce(0, +) ?? 0) }
    let text: Prose =
      "roles add up to \(Wording.seconds(roles)) of CPU, the process counted \(Wording.seconds(total))"
    let source = commands.record("trials.cpuSecondsByRole")
    return roles > total * 1.1 ? .fail(text, source) : .pass(text, source)
  }
}
