import Comparison
import Measurement
import Pprof
import RunRecords
import Vocabulary

/// Puts the chapters of a report together.
struct ReportMaker {
  let evidence: Evidence
  private let commands: SourceCommand
  private let limit: LimitingResource
  private let gates: GateReport

  init(evidence: Evidence) {
    self.evidence = evidence
    commands = SourceCommand(path: evidence.run.path)
    limit = LimitingResource.of(evidence)
    gates = GateReport(evidence, commands)
  }

  func report(
    base: RunFolder?, targets: TargetsFile?, others: [RunFolder], sources: SourceFinder?
  ) throws(FindingsError) -> FindingsReport {
    let gaps: TargetGaps?
    if let targets {
      gaps = try TargetReader(evidence: evidence, file: targets).gaps()
    } else {
      gaps = nil
    }
    let maker = FindingMaker(
      evidence: evidence, limit: limit, gates: gates, commands: commands,
      timeOfRequests: evidence.timeOfRequests, sources: SourceExcerpts(sources, evidence))
    var inquiry = Inquiry(evidence: evidence, gates: gates, maker: maker)
    inquiry.askAll()
    let bounds = JointBound(evidence: evidence, limit: limit)
    let joint = bounds.of(inquiry.fired)
    var audit = ReportAudit()
    let findings = audit.kept(inquiry.fired.map(\.finding), within: joint)
    let counters = CounterReader(evidence: evidence).table()
    let splits = audit.kept(timeSplits)
    let stability = StabilityReader(evidence: evidence)
    let told = findings.flatMap(\.told)
    let roles = RoleCards(evidence: evidence, commands: commands, findings: told).all()
    let report = FindingsReport(
      run: evidence.run.name, verdict: verdict(findings), card: RunCard(evidence: evidence).rows,
      method: RunCard(evidence: evidence).method, gates: gates.results,
      collected: evidence.collected, results: results, roles: roles,
      timeSplits: splits, requests: requests, findings: findings, jointBound: joint,
      jointCeiling: bounds.ceiling(of: inquiry.fired), cpuUse: CPUUse(evidence),
      implications: implications(findings),
      latencyChain: LatencyChain(evidence: evidence, roles: roles, limit: limit, splits: splits)
        .sentences,
      waits: waits,
      systemCalls: evidence.roles.filter { $0.name != Role.client.rawValue }.flatMap {
        SystemCallRow.rows(of: $0)
      },
      clean: inquiry.clean, notEvaluable: inquiry.notEvaluable,
      suppressed: inquiry.suppressed,
      nextExperiments: NextExperiments(evidence: evidence, gates: gates, commands: commands).list(
        findings),
      commands: CommandList(evidence: evidence, commands: commands).lines,
      comparison: base.flatMap { try? Comparer.compare(base: $0, new: evidence.run) },
      simulatedCache: evidence.run.simulatedCache,
      counters: counters, allocations: AllocationReader(evidence: evidence).table(),
      usage: ResourceUseReader(evidence: evidence, counters: counters).rows(),
      threadStates: ThreadStateReader(evidence: evidence).splits(),
      timeTrees: TimeTreeReader(evidence: evidence, splits: splits).trees(),
      latencyTail: LatencyTail(evidence: evidence).readings,
      projections: bounds.steps(inquiry.fired), stability: stability.overTrials(),
      stabilityOverRuns: stability.overRuns(others), targets: gaps,
      extensions: Extensions(evidence: evidence, counters: counters, commands: commands).list,
      files: evidence.run.files, flames: FlameTree.all(evidence),
      limitsOfChapters: ChapterLimits(
        evidence: evidence, findings: findings, hasTargets: gaps != nil
      )
      .list)
    return audit.passed(report)
  }

  // MARK: Verdict

  private func verdict(_ findings: [Finding]) -> [Prose] {
    [limitLine] + RoleLines(evidence: evidence).lines
      + [largestLine(findings), trustLine(findings)]
  }

  private var limitLine: Prose {
    let capacity = evidence.record?.result("capacity")?.estimate
    let value = capacity.map { estimate -> Prose in
      let range = estimate.interval.map {
        " (95 %: \(Wording.rate($0.low)) to \(Wording.rate($0.high)))"
      }
      return "\(Wording.rate(estimate.value))\(range ?? "")"
    }
    let rate: Prose = value.map { " Capacity is \($0)." } ?? ""
    return switch limit {
    case .cpu(let busy, let cores):
      if let value {
        "CPU limits the capacity of \(value): \(atCapacity(busy, cores))\(CPUUse(evidence)?.clause ?? "").\(offered)"
      } else {
        "CPU limits this run: \(Wording.number(busy)) of \(cores) cores are busy \(evidence.atItsLoad)."
      }
    case .locks(let share):
      "Locks limit this run: operations wait for them \(Wording.percent(share)) of their time.\(rate)"
    case .disk(let share):
      "The disk limits this run: operations wait for it \(Wording.percent(share)) of their time.\(rate)"
    case .cannotTell(let reason):
      "What limits this run cannot be told: \(reason).\(rate)\(RoleLines(evidence: evidence).allCPU)"
    }
  }

  private func atCapacity(_ busy: Double, _ cores: Int) -> String {
    if evidence.coresAtCapacity != nil {
      return "\(Wording.number(busy)) of \(cores) cores were busy while it was measured"
    }
    let projected = LimitingResource.busyCores(evidence) ?? busy
    let less = projected > Double(cores) ? ", so one costs less there" : ""
    return
      "by what a request costs at the offered rate it takes \(Wording.number(projected)) of \(cores) cores\(less)"
  }

  /// What was asked of it, as a part of what it can do: latencies are those of that load.
  private var offered: Prose {
    guard let offered = evidence.record?.result("throughput.offered")?.estimate.value,
      let capacity = evidence.record?.result("capacity")?.estimate.value, capacity > 0
    else { return "" }
    return
      " Latencies are those at \(Wording.rate(offered)), \(Wording.percent(offered / capacity)) of it\(beginnings)."
  }

  /// What a client sees of an operation that hardly works is the wait before it.
  private var beginnings: Prose {
    let late = ["search", "insert", "upsert", "get", "delete"].compactMap { name -> Prose? in
      guard let response = evidence.record?.result("\(name).response.mean")?.estimate.value,
        let service = evidence.record?.result("\(name).service.mean")?.estimate.value,
        response - service >= 0.5 * response
      else { return nil }
      return
        "of the \(Wording.seconds(response)) of \(name: name) \(Wording.seconds(response - service)) are before it begins"
    }
    return late.isEmpty ? "" : ": \(Prose.list(late))"
  }

  private func largestLine(_ findings: [Finding]) -> Prose {
    let graver = findings.filter { $0.severity > .info }
    guard let first = graver.first else {
      return "No rule found a cost above its threshold."
    }
    let small = findings.count - graver.count
    let others = small == 0 ? "" : " (and \(small) of severity info)"
    return
      "First of \(Wording.counted(graver.count, "finding"))\(others): \(first.title) (\(first.id), \(first.severity.rawValue), confidence \(first.confidence.rawValue))."
  }

  private func trustLine(_ findings: [Finding]) -> Prose {
    let failing = gates.results.filter { $0.state == .fail }
    let warning = gates.results.filter { $0.state == .warning }
    let checked = gates.results.filter { $0.state != .notEvaluable }.count
    let recall =
      evidence.record?.result("search.recall").map {
        " Recall is \(Wording.recall($0.estimate.value))."
      } ?? ""
    guard !failing.isEmpty || !warning.isEmpty else {
      return "All \(checked) quality gates that could be evaluated pass.\(recall)"
    }
    func named(_ gates: [GateResult]) -> String {
      gates.map { "\($0.id) (\($0.title.lowercased()))" }.joined(separator: ", ")
    }
    let left = gates.results.count - checked
    let unasked = left == 0 ? "" : ", \(left) more could not be evaluated"
    let failed =
      failing.isEmpty
      ? "none fails" : "\(named(failing)) \(failing.count == 1 ? "fails" : "fail")"
    let warned =
      warning.isEmpty ? "" : ", \(named(warning)) \(warning.count == 1 ? "warns" : "warn")"
    return
      "Of \(checked) quality gates \(failed)\(warned)\(unasked); see Data Quality before quoting a number.\(recall)"
  }

  // MARK: Results

  private var results: [FindingsReport.ResultRow] {
    (evidence.record?.results ?? []).filter {
      PercentileSupport.isSupported($0, evidence.thresholds)
    }.map {
      FindingsReport.ResultRow(
        name: $0.name, unit: $0.unit, estimate: $0.estimate, observations: $0.observations,
        trials: $0.trials, direction: $0.direction)
    }
  }

  // MARK: Time

  private var requests: [RequestStates]? {
    let all = RequestStates.all(evidence)
    return all.isEmpty ? nil : all
  }

  private var timeSplits: [TimeSplit] {
    OperationKind.allCases.compactMap { kind in split(kind.rawValue) }
  }

  private func split(_ operation: String) -> TimeSplit? {
    let count = evidence.operations(operation)
    guard let total = evidence.serviceSeconds(operation), count > 0,
      let engine = evidence.role(Role.engine.rawValue)
    else { return nil }
    var parts: [TimeSplit.Part] = []
    if let cpu = engine.profiles[.cpu]?.of(operation: operation) {
      parts.append(TimeSplit.Part(name: "CPU", seconds: cpu.total / Double(count)))
    }
    if let block = engine.profiles[.block]?.of(operation: operation) {
      for row in block.rows({ [$0.waitClass ?? "other"] }).sorted(by: { $0.name < $1.name }) {
        parts.append(TimeSplit.Part(name: row.name, seconds: row.seconds / Double(count)))
      }
    }
    let service = total / Double(count)
    return TimeSplit(
      operation: operation, count: count, service: service, parts: parts,
      rest: service - parts.reduce(0) { $0 + $1.seconds },
      restMeaning: engine.profiles[.block] == nil
        ? "waits for locks, disk and a core: there is no block profile to tell them apart"
        : "running or waiting for a core, not told apart")
  }

  private var waits: [WaitRow] {
    let rows = evidence.roles.flatMap { role in
      role.profiles[.block].map { waits(role, $0) } ?? []
    }
    return rows.sorted { left, right in
      if left.nature != right.nature { return order(left.nature) < order(right.nature) }
      if (left.rows == nil) != (right.rows == nil) { return left.rows == nil }
      if left.seconds != right.seconds { return left.seconds > right.seconds }
      return (left.role, left.owner, left.waitClass, left.operation ?? "")
        < (right.role, right.owner, right.waitClass, right.operation ?? "")
    }
  }

  private func order(_ nature: WaitNature) -> Int {
    [WaitNature.wasted, .necessary, .unknown, .idle].firstIndex(of: nature) ?? 4
  }

  private func waits(_ role: RoleEvidence, _ slice: ProfileSlice) -> [WaitRow] {
    struct Key: Hashable {
      let operation: String?
      let waitClass: String
      let nature: WaitNature
      let owner: String
    }
    var sums: [Key: (value: Double, count: Int)] = [:]
    for sample in slice.samples {
      let key = Key(
        operation: sample.operation, waitClass: waitClass(of: sample, in: slice),
        nature: WaitReading.nature(of: sample, in: slice),
        owner: slice.owner(of: sample) ?? ProfileSlice.noOwner)
      sums[key, default: (0, 0)].value += Double(sample.value) / 1e9
      sums[key, default: (0, 0)].count += Int(clamping: sample.count)
    }
    let rows = sums.map { key, sum in
      WaitRow(
        role: role.name, operation: key.operation, waitClass: key.waitClass, nature: key.nature,
        owner: key.owner, seconds: sum.value, share: slice.total > 0 ? sum.value / slice.total : 0,
        count: sum.count)
    }
    return WaitRow.folded(rows)
  }

  /// The label, or the function that waits where there is none.
  private func waitClass(of sample: StackSample, in slice: ProfileSlice) -> String {
    sample.waitClass ?? sample.symbols.first.map { slice.table[$0].short } ?? "[unknown]"
  }

  // MARK: Advice

  /// The same advice is given once, under the finding it matters most for.
  private func implications(_ findings: [Finding]) -> [FindingsReport.Implication] {
    var said: Set<String> = []
    return findings.filter { $0.severity > .info }.compactMap { finding in
      let advice = finding.recommendations.map(\.action).filter { said.insert($0).inserted }
      guard !advice.isEmpty else { return nil }
      return FindingsReport.Implication(
        finding: finding.id, statement: finding.title, advice: advice)
    }
  }
}
