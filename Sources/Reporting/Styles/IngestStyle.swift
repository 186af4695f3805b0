import Findings
import Measurement
import Vocabulary

/// Where the time of writing goes: a tree, ranked bottlenecks, and in which order to test fixes.
enum IngestStyle {
  typealias Section = ReportDocument.Section

  static func document(_ report: FindingsReport) -> ReportDocument {
    ReportDocument(
      "Ingestion Bottlenecks: \(name: report.run)",
      [
        verdict(report), CommonChapters.card(report), CommonChapters.quality(report),
        results(report), bottlenecks(report), opportunities(report), tests(report),
        targets(report), SimulatedChapter.section(report), FindingsStyle.flames(report),
        observations(report),
        CommonChapters.experiments("Next Steps", report.nextExperiments),
        CommonChapters.commands(report),
        Section("What Could Not Be Evaluated", CommonChapters.notEvaluable(report)),
        CommonChapters.glossary,
      ])
  }

  private static let writes = Set(
    [OperationKind.insert, .upsert, .delete, .flush, .compact, .background].map(\.rawValue))

  private static func isOfWriting(_ operation: String?) -> Bool {
    operation.map(writes.contains) ?? true
  }

  // MARK: - First page

  private static func verdict(_ report: FindingsReport) -> Section {
    var lines = report.verdict.map { Block.Bullet($0) }
    lines.insert(Block.Bullet(baseline(report)), at: 0)
    var blocks: [Block] = [.steps(lines)]
    if let chart = Charts.overview(report) { blocks.append(.chart(chart)) }
    return Section("Verdict", blocks + CPUChapter.blocks(report))
  }

  private static func baseline(_ report: FindingsReport) -> Prose {
    func value(_ name: String) -> Prose? {
      report.results.first { $0.name == name }.map {
        "\(name: $0.name) \(NumberText.text($0.estimate, $0.unit))"
      }
    }
    let known = ["insert.vectors", "load.rate", "insert.service.mean"].compactMap(value)
    return known.isEmpty
      ? "Baseline: not evaluable, for this run counts no writes."
      : "Baseline: \(Prose.list(known))."
  }

  // MARK: - Time

  private static func results(_ report: FindingsReport) -> Section {
    let own = report.timeTrees.filter { isOfWriting($0.operation) }
    let others = report.timeTrees.filter { !isOfWriting($0.operation) }
    guard !report.timeTrees.isEmpty else {
      return Section(
        "Profiling Results",
        [.heading(3, "Time Distribution"), .text("Not evaluable: the run has no CPU profile.")])
    }
    var blocks: [Block] = [.heading(3, "Time Distribution")]
    if own.isEmpty { blocks.append(.text("This run wrote nothing; below is what it did.")) }
    blocks += (own.isEmpty ? others : own).flatMap(TimeChapters.tree)
    blocks.append(.text("Children add up to their parent, in every line and in every column."))
    if !own.isEmpty, !others.isEmpty {
      blocks.append(
        .folded("What is not writing", others.flatMap(TimeChapters.tree)))
    }
    blocks += key(own.first ?? report.timeTrees[0])
    return Section("Profiling Results", blocks)
  }

  /// A share has two bases, and a sentence that names one of them only has misled before.
  private static func key(_ tree: TimeTree) -> [Block] {
    guard
      let largest = tree.rows.indices.dropFirst().filter({ tree.rows[$0].depth >= 2 })
        .max(by: { tree.rows[$0].share < tree.rows[$1].share }),
      let parent = tree.rows[..<largest].last(where: { $0.depth == tree.rows[largest].depth - 1 }),
      parent.share > 0
    else { return [] }
    let row = tree.rows[largest]
    let ofParent = Wording.percent(Double(row.share) / Double(parent.share))
    return [
      .text(
        "Key finding: \(row.name) is \(TimeChapters.hundredths(row.share, tree.decimals.share)) % of all of \(tree.title), and \(ofParent) of \(parent.name), which it is a part of."
      )
    ]
  }

  // MARK: - Bottlenecks

  private static func own(_ report: FindingsReport) -> [Finding] {
    let known = report.findings.filter { $0.severity > .info }
    let own = known.filter { isOfWriting($0.operation) }
    return own.isEmpty ? known : own
  }

  private static func bottlenecks(_ report: FindingsReport) -> Section {
    let findings = own(report)
    guard !findings.isEmpty else {
      return Section("Bottlenecks", [.text("No rule found a cost above its threshold.")])
    }
    return Section(
      "Bottlenecks",
      findings.enumerated().flatMap { index, finding in
        [
          .heading(3, "\(index + 1). \(finding.title)"),
          .text(
            "Severity: \(finding.severity.rawValue.uppercased()), confidence \(finding.confidence.rawValue) (\(finding.confidenceReason))."
          ),
          .text("Where:"),
          .bullets(
            finding.locations.isEmpty
              ? [Block.Bullet("Not evaluable: no stacks stand behind this finding.")]
              : finding.locations.map(FindingBlocks.location)),
          .text("Issue:"), .bullets(finding.evidence.map { Block.Bullet($0.statement) }),
          .text("Impact:"), .bullets(finding.means.map { Block.Bullet($0) }),
          .folded(
            "Evidence and limits of \(finding.id)", FindingBlocks.of(finding, among: findings)),
        ] as [Block]
      } + LeftOut.blocks(report, shown: findings))
  }

  private static func opportunities(_ report: FindingsReport) -> Section? {
    let findings = own(report).filter { !$0.recommendations.isEmpty }
    guard !findings.isEmpty else { return nil }
    return Section(
      "Optimization Opportunities, Ranked",
      findings.enumerated().flatMap { index, finding -> [Block] in
        [.heading(3, "Priority \(index + 1): \(finding.recommendations[0].action)")]
          + [
            .bullets(
              [
                Block.Bullet("Current: \(finding.title)."),
                Block.Bullet(
                  "Proposed: \(finding.recommendations[0].action).",
                  finding.recommendations.dropFirst().map { "or: \($0.action)." as Prose }),
                Block.Bullet("Gain: \(BoundText.short(finding))."),
                Block.Bullet(
                  "Effort: \(finding.recommendations[0].effort.rawValue). Risk: \(finding.recommendations[0].risk)."
                ), Block.Bullet("Note: \(finding.doesNotMean)"),
              ])
          ]
      })
  }

  // MARK: - Tests and targets

  private static func tests(_ report: FindingsReport) -> Section? {
    let findings = own(report).filter { !$0.recommendations.isEmpty }
    guard !findings.isEmpty else { return nil }
    var blocks = findings.enumerated().flatMap { index, finding -> [Block] in
      [
        .heading(3, "Test \(index + 1): \(finding.recommendations[0].action)"),
        .text("Passes when \(finding.verify.passes). Refuted by: \(finding.falsifier)"),
        .code(finding.verify.commands),
      ]
    }
    if findings.count > 1 {
      let ids = findings.map(\.id).joined(separator: ", ")
      blocks += [
        .heading(3, "Test \(findings.count + 1): All Together"),
        .text("\(ids) in one build. Over the whole mix: \(BoundText.joint(report))"),
      ]
    }
    return Section("Recommended Test Order", blocks)
  }

  private static func targets(_ report: FindingsReport) -> Section {
    guard !report.projections.isEmpty else {
      return Section("Targets", [.text("Not evaluable. \(BoundText.joint(report))")])
    }
    var blocks: [Block] = [
      .table(CountersStyle.steps(report)),
      .text(
        "Each row is a ceiling over the union of the stacks up to it, for the capacity of the whole mix; ranges are never multiplied."
      ),
    ]
    if let targets = report.targets {
      let missed = targets.rows.filter { $0.status == .missed }.count
      blocks.append(
        .text(
          "Of \(Wording.counted(targets.rows.count, "target")) in \(name: targets.file), \(missed) missed."
        ))
    }
    return Section("Targets", blocks)
  }

  private static func observations(_ report: FindingsReport) -> Section {
    let necessary = report.waits.filter { $0.nature == .necessary && $0.rows == nil }
      .prefix(4).map { row in
        Block.Bullet(
          "\(name: row.owner) waits \(Wording.seconds(row.seconds)) for \(name: row.waitClass): necessary, for it was asked for."
        )
      }
    return Section(
      "Other Observations",
      [.bullets(Array(necessary))] + CommonChapters.clean(report))
  }
}
