import Comparison
import Findings
import Measurement

/// Counters first: what the machine counted, what that means, what to do in which order, and how
/// far it can go at most.
enum CountersStyle {
  typealias Section = ReportDocument.Section

  static func document(_ report: FindingsReport) -> ReportDocument {
    ReportDocument(
      "Profiling Analysis: \(name: report.run)",
      [
        summary(report), CommonChapters.card(report), CommonChapters.quality(report),
        data(report), SimulatedChapter.section(report), TimeChapters.usage(report),
        bottlenecks(report), priorities(report),
        projections(report), FindingsStyle.flames(report),
        CommonChapters.experiments("Next Steps", report.nextExperiments + report.extensions),
        SuccessCriteria.section(report), CommonChapters.files(report), status(report),
        CommonChapters.commands(report),
        Section("What Could Not Be Evaluated", CommonChapters.notEvaluable(report)),
        CommonChapters.glossary,
      ])
  }

  // MARK: - First page

  private static func summary(_ report: FindingsReport) -> Section {
    let worst = report.findings.filter { $0.severity > .info }.prefix(3)
    var blocks: [Block] = [.steps(report.verdict.map { Block.Bullet($0) })]
    if let chart = Charts.overview(report) { blocks.append(.chart(chart)) }
    blocks += CPUChapter.blocks(report)
    if !worst.isEmpty {
      blocks += [
        .text("The bottlenecks that weigh most:"),
        .steps(
          worst.map { finding in
            Block.Bullet(
              "\(finding.title) (\(finding.id), \(finding.severity.rawValue)): \(BoundText.short(finding))",
              finding.recommendations.prefix(1).map { "\($0.action)." as Prose })
          }), .text(BoundText.joint(report)),
      ]
    }
    return Section("Executive Summary", blocks)
  }

  // MARK: - Data

  private static func data(_ report: FindingsReport) -> Section {
    Section(
      "Profiling Data",
      [
        .heading(3, "Performance Counters"), .table(counters(report)),
        .heading(3, "Memory Allocations"), .table(allocations(report)),
      ] + sites(report) + [.heading(3, "Latency And Throughput"), .table(latency(report))])
  }

  private static func counters(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "What was counted", ["Metric", "Value", "Per operation", "Between trials", "Analysis"],
      numbers: [2, 3])
    for row in report.counters.rows {
      let role: Prose = row.role.map { " of \(name: $0)" } ?? ""
      table.add(
        "\(row.name)\(role)", TimeChapters.text(row.value),
        Prose(row.perOperation.map { NumberText.text($0, row.unit) } ?? "–"),
        Prose(row.spread.map { "± " + Wording.percent($0) } ?? "–"), row.analysis)
    }
    return table
  }

  private static func allocations(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable("Allocations", ["Metric", "Role", "Value", "Analysis"])
    for row in report.allocations.rows {
      table.add(
        Prose(row.name), row.role.map { "\(name: $0)" } ?? "–", TimeChapters.text(row.value),
        row.analysis.plain.isEmpty ? "–" : row.analysis)
    }
    return table
  }

  static func sites(_ report: FindingsReport) -> [Block] {
    guard !report.allocations.sites.isEmpty else { return [] }
    var table = DocumentTable(
      "Who allocates", ["Function", "Role", "Place", "Bytes", "Share", "Samples"],
      numbers: [3, 4, 5])
    for site in report.allocations.sites {
      table.add(
        "\(name: site.function)", "\(name: site.role)", site.place.map { "\(name: $0)" } ?? "–",
        Prose(NumberText.bytes(site.bytes)), Prose(Wording.percent(site.share)),
        Prose(Wording.count(site.samples)))
    }
    return [.table(table), .text(estimated(report.allocations.sites))]
  }

  /// Nobody counted these allocations one by one.
  private static func estimated(_ sites: [AllocationTable.Site]) -> Prose {
    let samples = sites.reduce(0) { $0 + $1.samples }
    let bytes = sites.reduce(0) { $0 + $1.bytes }
    return
      "Bytes are estimates from samples of the heap: one sample stands for \(NumberText.bytes(bytes / Double(max(1, samples)))) on average, so a site of few samples may be off by much."
  }

  private static func latency(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "Latency and throughput", ["Metric", "Value", "95 % interval", "Against the base"],
      numbers: [1, 2])
    let wanted = ["capacity", "throughput.", "load.rate", "search.", "insert.", "delete."]
    for row in report.results where wanted.contains(where: row.name.hasPrefix) {
      let change = report.comparison?.results.first { $0.name == row.name }?.change
      table.add(
        "\(name: row.name)", Prose(ResultText.value(row.estimate.value, row.unit, name: row.name)),
        Prose(ResultText.interval(row.estimate, row.unit, name: row.name)),
        Prose(
          change.map { "\(ComparisonCells.delta($0)), \(ComparisonCells.verdict($0))" }
            ?? "no base was given"))
    }
    return table
  }

  // MARK: - Bottlenecks

  private static func bottlenecks(_ report: FindingsReport) -> Section {
    let findings = report.findings.filter { $0.severity > .info }
    guard !findings.isEmpty else {
      return Section(
        "Bottleneck Analysis", [.text("No rule found a cost above its threshold.")])
    }
    return Section(
      "Bottleneck Analysis",
      findings.enumerated().flatMap { index, finding in
        [
          .heading(3, "\(index + 1). \(finding.title) (\(finding.severity.rawValue.uppercased()))"),
          .text("What it means:"), .bullets(finding.means.map { Block.Bullet($0) }),
          .text("Causes, by the code that pays:"), .bullets(causes(finding)),
          .text("Solutions:"), .bullets(finding.recommendations.map(FindingBlocks.advice)),
          .text("Impact: \(BoundText.short(finding))."),
          .folded(
            "Evidence and limits of \(finding.id)", FindingBlocks.of(finding, among: findings)),
        ] as [Block]
      } + LeftOut.blocks(report, shown: findings))
  }

  private static func causes(_ finding: Finding) -> [Block.Bullet] {
    finding.locations.isEmpty
      ? [Block.Bullet("No stack stands behind this: \(finding.confidenceReason).")]
      : finding.locations.map(FindingBlocks.location)
  }

  // MARK: - Priorities and bounds

  private static func priorities(_ report: FindingsReport) -> Section? {
    let findings = report.findings.filter {
      $0.severity > .info && !$0.recommendations.isEmpty
    }
    guard !findings.isEmpty else { return nil }
    var table = DocumentTable(
      "What to do first", ["Priority", "Tasks", "For", "At most", "Effort", "Risk"])
    for (index, finding) in findings.enumerated() {
      for advice in finding.recommendations {
        table.add(
          "\(index + 1)", Prose(advice.action), Prose(finding.id),
          Prose(BoundText.short(finding)), Prose(advice.effort.rawValue), Prose(advice.risk))
      }
    }
    return Section(
      "Optimization Priority",
      [.table(table), .text("Effort: S is hours, M is days, L is weeks.")])
  }

  static func projections(_ report: FindingsReport) -> Section {
    guard !report.projections.isEmpty else {
      return Section("Projections", [.text("Not evaluable. \(BoundText.joint(report))")])
    }
    return Section(
      "Projections",
      [
        .table(steps(report)),
        .text(
          "Each row is the bound over the union of the stacks of all findings up to it: what two of them share counts once. Nothing is multiplied, and nothing here is a promise."
        ),
      ])
  }

  static func steps(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "Joint bounds", ["Optimization", "Capacity now", "At most", "Gain at most"],
      numbers: [1, 2, 3])
    let now = report.results.first { $0.name == "capacity" }
    if let now {
      table.add(
        "as measured",
        Prose(ResultText.value(now.estimate.value, now.unit, name: now.name)), "–", "–")
    }
    for step in report.projections {
      guard case .bound(let low, let high, _, _) = step.bound else { continue }
      let range = step.low.flatMap { low in
        step.high.map { "\(Wording.rate(low)) – \(Wording.rate($0))" }
      }
      let names = step.findings.last ?? ""
      table.add(
        "\(step.findings.count > 1 ? "then " : "")\(names): \(step.added)",
        Prose(step.current.map(Wording.rate) ?? "not measured"),
        Prose(range ?? "not measured"), "+\(Wording.interval(low, high))")
    }
    return table
  }

  private static func status(_ report: FindingsReport) -> Section {
    let first = report.findings.first { $0.severity > .info && !$0.recommendations.isEmpty }
    let next: Prose =
      first.map { "Next: \($0.recommendations[0].action) (\($0.id))." }
      ?? "Next: nothing that a rule could name."
    let info = report.findings.filter { $0.severity == .info }.count
    let small = info == 0 ? "" : ", \(info) of them of severity info"
    return Section(
      "Status",
      [
        .text(
          "\(Wording.counted(report.findings.count, "finding"))\(small); \(Wording.counted(report.notEvaluable.count, "question")) could not be evaluated. \(next)"
        )
      ])
  }
}
