import Findings
import Measurement

/// What was expected against what was measured: gaps, stability, issues with their code, and what
/// to do by when.
enum GapStyle {
  typealias Section = ReportDocument.Section

  static func document(_ report: FindingsReport) -> ReportDocument {
    ReportDocument(
      "Performance Analysis: \(name: report.run)",
      [
        summary(report), CommonChapters.card(report), CommonChapters.quality(report),
        stability(report), issues(report), code(report), recommendations(report),
        validation(report), targets(report), FindingsStyle.flames(report), actions(report),
        Section("What Could Not Be Evaluated", CommonChapters.notEvaluable(report)),
        CommonChapters.glossary, raw(report),
      ])
  }

  // MARK: - First page

  private static func summary(_ report: FindingsReport) -> Section {
    guard let targets = report.targets else {
      return Section(
        "Executive Summary",
        [
          .text(
            "Gaps are not evaluable: no file of targets was given (`--targets FILE`), and nobody but the owner of a system can say what to expect of it."
          ), .steps(report.verdict.map { Block.Bullet($0) }),
        ] + (Charts.overview(report).map { [.chart($0)] } ?? []) + CPUChapter.blocks(report))
    }
    let missed = targets.rows.filter { $0.status == .missed }
    let met = targets.rows.filter { $0.status == .met }
    var blocks: [Block] = [
      .steps(
        [Block.Bullet(conclusion(targets))] + report.verdict.prefix(2).map { Block.Bullet($0) })
    ]
    if let chart = Charts.gaps(targets.rows) { blocks.append(.chart(chart)) }
    blocks.append(.table(table(targets.rows)))
    blocks += GapReach.blocks(report, targets.rows) + CPUChapter.blocks(report)
    if !met.isEmpty {
      blocks.append(
        .text("On target: \(Prose.list(met.map { "\(name: $0.metric)" as Prose })).")
      )
    }
    if !missed.isEmpty, let trust = report.verdict.last { blocks.append(.text(trust)) }
    return Section("Executive Summary", blocks)
  }

  private static func conclusion(_ targets: TargetGaps) -> Prose {
    func count(_ status: TargetRow.Status) -> Int {
      targets.rows.filter { $0.status == status }.count
    }
    let all = Wording.counted(targets.rows.count, "target")
    return
      "Of \(all) in \(name: targets.file), \(count(.met)) met, \(count(.missed)) missed, \(count(.cannotTell)) cannot be told, \(count(.notMeasured)) not measured."
  }

  private static func table(_ rows: [TargetRow]) -> DocumentTable {
    var table = DocumentTable(
      "Gaps", ["Metric", "Current", "Expected", "Gap", "Status", "Source"], numbers: [1, 2, 3])
    for row in rows {
      table.add(
        "\(name: row.metric)", TargetText.current(row), TargetText.target(row),
        TargetText.gap(row), status(row), Prose(row.source))
    }
    return table
  }

  private static func status(_ row: TargetRow) -> Prose {
    switch row.status {
    case .missed: row.trialsMissed.map { "MISSED in each of \($0) trials" as Prose } ?? "MISSED"
    case .cannotTell: "cannot tell: the interval holds the target"
    case .met: row.current?.interval == nil ? "met (\(row.remark))" : "met"
    case .notMeasured: "not measured: \(row.remark)"
    }
  }

  // MARK: - Stability

  private static func stability(_ report: FindingsReport) -> Section {
    var blocks: [Block] = []
    if let trials = report.stability {
      blocks += [
        .heading(3, "Over The Trials Of This Run"), .table(table(trials)), .text(trials.note),
      ]
    }
    blocks.append(.heading(3, "Over Several Runs"))
    if let runs = report.stabilityOverRuns {
      blocks += [.table(table(runs)), .text(runs.note)]
    } else {
      blocks.append(
        .text(
          "Not evaluable: one run was given; name more of them behind it to lay them side by side.")
      )
    }
    return Section("Stability", blocks)
  }

  private static func table(_ stability: Stability) -> DocumentTable {
    var table = DocumentTable(
      "Stability",
      ["Metric"] + stability.columns.map(MarkdownText.oneLine) + ["Range", "Stability"],
      numbers: Set(1...(stability.columns.count + 1)))
    for row in stability.rows {
      table.add(
        ["\(name: row.metric)"]
          + row.values.map { Prose(ResultText.value($0, row.unit, name: row.metric)) }
          + [Prose(row.range.map(Wording.percent) ?? "–"), row.judgment])
    }
    return table
  }

  // MARK: - Issues

  private static func issues(_ report: FindingsReport) -> Section {
    let findings = report.findings.filter { $0.severity > .info }
    guard !findings.isEmpty else {
      return Section(
        "Issues",
        [.text("No rule found a cost above its threshold.")]
          + LeftOut.blocks(report, shown: []))
    }
    return Section(
      "Issues",
      findings.enumerated().flatMap { index, finding in
        [
          .heading(
            3, "Issue \(index + 1): \(finding.title) (\(finding.severity.rawValue.uppercased()))"),
          .text("Measured:"), .bullets(finding.evidence.prefix(2).map(FindingBlocks.evidence)),
          .text("Causes:"), .bullets(finding.means.map { Block.Bullet($0) }),
          .text("Code:"), .bullets(places(finding)),
          .folded(
            "Limits, verification and commands of \(finding.id)",
            FindingBlocks.of(finding, among: findings)),
        ] as [Block]
      } + LeftOut.blocks(report, shown: findings))
  }

  private static func places(_ finding: Finding) -> [Block.Bullet] {
    finding.locations.isEmpty
      ? [Block.Bullet("Not evaluable: this was told by a number of the run, not by stacks.")]
      : finding.locations.map(FindingBlocks.location)
  }

  private static func code(_ report: FindingsReport) -> Section {
    let memory = CountersStyle.sites(report)
    let locks = report.waits.filter { $0.waitClass == "lock" }.prefix(8)
    var contention = DocumentTable(
      "Who waits for locks", ["Function", "Role", "Operation", "Time", "Count"], numbers: [3, 4])
    for row in locks {
      contention.add(
        "\(name: row.owner)", "\(name: row.role)", row.operation.map { "\(name: $0)" } ?? "–",
        Prose(Wording.seconds(row.seconds)), Prose(Wording.count(row.count)))
    }
    let reason =
      report.allocations.rows.lazy.compactMap { row in
        if case .notEvaluable(let reason) = row.value { reason } else { nil }
      }.first ?? "nobody allocated"
    return Section(
      "Code-Level Causes",
      [.heading(3, "Memory Allocation Hotspots")]
        + (memory.isEmpty ? [.text("Not evaluable: \(reason).")] : memory)
        + [.heading(3, "Lock Contention")]
        + (contention.rows.isEmpty
          ? [.text("No wait for a lock is long enough to be listed.")] : [.table(contention)]))
  }

  // MARK: - What to do

  private static func recommendations(_ report: FindingsReport) -> Section? {
    let groups: [(String, Set<Severity>)] = [
      ("P0: critical and high", [.critical, .high]), ("P1: medium", [.medium]),
      ("P2: low", [.low]),
    ]
    let blocks = groups.flatMap { title, severities -> [Block] in
      let findings = report.findings.filter {
        severities.contains($0.severity) && !$0.recommendations.isEmpty
      }
      guard !findings.isEmpty else { return [] }
      var table = DocumentTable(title, ["Recommendation", "For", "At most", "Effort", "Risk"])
      for finding in findings {
        for advice in finding.recommendations {
          table.add(
            Prose(advice.action), Prose(finding.id), Prose(BoundText.short(finding)),
            Prose(advice.effort.rawValue), Prose(advice.risk))
        }
      }
      return [.heading(3, Prose(title)), .table(table)]
    }
    return blocks.isEmpty
      ? nil : Section("Recommendations", blocks + [.text(BoundText.joint(report))])
  }

  private static func validation(_ report: FindingsReport) -> Section {
    var commands: [String] = []
    for finding in report.findings {
      for command in finding.verify.commands where !commands.contains(command) {
        commands.append(command)
      }
    }
    let profiling = report.commands.map(\.command)
    return Section(
      "Validation And Profiling",
      [
        .folded("Commands that check a fix", [.code(commands)]),
        .folded("Commands that show the profiles again", [.code(profiling)]),
        .text("Kernels by themselves are measured with `vbench micro`."),
      ])
  }

  private static func targets(_ report: FindingsReport) -> Section {
    guard let targets = report.targets else { return SuccessCriteria.section(report) }
    let groups: [(String, String?)] = [
      ("Within a week", "week"), ("Within a month", "month"), ("Within a quarter", "quarter"),
      ("Without a date", nil),
    ]
    return Section(
      "Targets By Date",
      groups.flatMap { title, horizon -> [Block] in
        let rows = targets.rows.filter { $0.horizon == horizon }
        guard !rows.isEmpty else { return [] }
        var table = DocumentTable(
          title, ["Metric", "Current", "Target", "Improvement", "Stretch", "Source"],
          numbers: [1, 2, 3, 4])
        for row in rows {
          table.add(
            "\(name: row.metric)", TargetText.current(row), TargetText.target(row),
            TargetText.gap(row), TargetText.stretch(row), Prose(row.source))
        }
        return [.heading(3, Prose(title)), .table(table)]
      })
  }

  private static func actions(_ report: FindingsReport) -> Section? {
    let groups: [(String, Effort)] = [
      ("This week (hours each)", .small), ("This month (days each)", .medium),
      ("This quarter (weeks each)", .large),
    ]
    var said: Set<String> = []
    let blocks = groups.flatMap { title, effort -> [Block] in
      let items = report.findings.filter { $0.severity > .info }.flatMap { finding in
        finding.recommendations.filter { $0.effort == effort && said.insert($0.action).inserted }
          .map { Block.Bullet("\($0.action) (\(finding.id))") }
      }
      return items.isEmpty ? [] : [.heading(3, Prose(title)), .tasks(items)]
    }
    return blocks.isEmpty ? nil : Section("Action Items", blocks)
  }

  // MARK: - Raw output

  private static func raw(_ report: FindingsReport) -> Section? {
    guard !report.results.isEmpty else { return nil }
    let width = report.results.map(\.name.count).max() ?? 0
    let lines = report.results.map { row in
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      let trials =
        row.trials.count > 1 ? "  trials \(row.trials.map { "\($0)" }.joined(separator: " "))" : ""
      return "\(name)  \(row.estimate.value) \(row.unit.rawValue)  n=\(row.estimate.count)\(trials)"
    }
    return Section(
      "Appendix: Raw Output",
      [.folded("Every result in SI units, as run.json has it", [.code(lines)])])
  }
}
