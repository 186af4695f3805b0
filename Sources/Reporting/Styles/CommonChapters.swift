import Comparison
import Findings
import Measurement
import RunRecords
import Vocabulary

/// Chapters that several styles print the same way.
enum CommonChapters {
  typealias Section = ReportDocument.Section

  /// The first page: three lines, a chart, and what to look at first.
  static func verdict(_ report: FindingsReport) -> Section {
    var blocks: [Block] = [.steps(report.verdict.map { Block.Bullet($0) })]
    if let chart = Charts.overview(report) { blocks.append(.chart(chart)) }
    blocks += CPUChapter.blocks(report)
    if !report.findings.isEmpty { blocks += [.table(findings(report)), .text(order(report))] }
    blocks += refused(report)
    return Section("Verdict", blocks)
  }

  /// What the report's own arithmetic refused, where nobody can overlook it.
  private static func refused(_ report: FindingsReport) -> [Block] {
    guard let refused = report.refused else { return [] }
    return [
      .text("Left out, because it contradicts itself:"),
      .bullets(refused.map { Block.Bullet("\(name: $0.subject) (\($0.check)): \($0.reason).") }),
    ]
  }

  static func findings(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "The findings, worst first",
      ["Finding", "Severity", "Confidence", "What", "Weight", "Bound"])
    for finding in report.findings {
      table.add(
        "\(finding.id) \(finding.rule)", Prose(finding.severity.rawValue.uppercased()),
        Prose(finding.confidence.rawValue), finding.title, weight(finding),
        Prose(BoundText.short(finding)))
    }
    return table
  }

  private static func weight(_ finding: Finding) -> Prose {
    finding.weight.map { weight -> Prose in
      let amount =
        weight.isWithoutInterval == true
        ? Wording.percent(weight.value) : "≥ \(Wording.percent(weight.low))"
      return "\(amount) of \(weight.of.rawValue)" + (weight.role.map { " in \(name: $0)" } ?? "")
    } ?? "–"
  }

  /// Why the one stands above the other, and what became of those that are not in the table.
  private static func order(_ report: FindingsReport) -> Prose {
    let joined = report.allFindings.count - report.findings.count
    let others: Prose =
      joined == 0
      ? ""
      : " \(joined) more \(joined == 1 ? "stands" : "stand") on the same samples as one of these and \(joined == 1 ? "is" : "are") told under it, as \"also seen as\"."
    return
      "Order: by severity, then by weight. Weight is what would be free if the thing cost nothing: a part of all CPU, or of the time that operations (requests) take in the role where they spend most of it; it is the low end of the interval."
      + others
  }

  static func card(_ report: FindingsReport) -> Section {
    let leading = ["Workload", "Duration", "Dataset", "Machine", "Run"]
    let lead = report.card.filter { leading.contains($0.label) }
    var table = DocumentTable("What was run, and on what", ["Fact", "Value"])
    for row in report.card where !leading.contains(row.label) {
      table.add(Prose(row.label), row.value)
    }
    let bullets = Block.bullets(lead.map { Block.Bullet("\($0.label): \($0.value)") })
    return Section(
      "Run Card",
      lead.count == report.card.count
        ? [bullets] : [bullets, .folded("Settings and other facts", [.table(table)])])
  }

  static func quality(_ report: FindingsReport) -> Section {
    var table = DocumentTable(
      "Quality gates", ["Gate", "State", "Observed", "What follows"])
    var notable = table
    for gate in report.gates where gate.state != .notEvaluable {
      let cells: [Prose] = [
        "\(gate.id) \(gate.title)", Prose(word(gate.state)), gate.observation,
        Prose(gate.consequence),
      ]
      table.add(cells)
      if gate.state != .pass { notable.add(cells) }
    }
    let evaluable = report.gates.filter { $0.state != .notEvaluable }
    func count(_ state: GateResult.State) -> Int { evaluable.filter { $0.state == state }.count }
    let left = report.gates.count - evaluable.count
    return Section(
      "Data Quality",
      [
        .text(
          "Of \(evaluable.count) gates \(count(.pass)) pass, \(count(.warning)) warn and \(count(.fail)) fail; another \(left) could not be evaluated (listed at the end)."
        ),
        .table(notable), .folded("All gates", [.table(table)]),
      ])
  }

  private static func word(_ state: GateResult.State) -> String {
    switch state {
    case .pass: "pass"
    case .warning: "WARNING"
    case .fail: "FAIL"
    case .notEvaluable: "not evaluable"
    }
  }

  static func collected(_ report: FindingsReport) -> Section {
    var roles: [String] = []
    for file in report.collected where !roles.contains(file.role) { roles.append(file.role) }
    let items = roles.map { role in
      let files = report.collected.filter { $0.role == role }.map(fileText)
      let list = files.dropFirst().reduce(files.first ?? "") { $0 + ", " + $1 }
      return Block.Bullet("\(name: role): \(list)")
    }
    return Section(
      "What Was Collected",
      [
        .text(report.method),
        items.isEmpty ? .text("No profiles are in this run.") : .bullets(items),
      ])
  }

  private static func fileText(_ file: CollectedFile) -> Prose {
    if let problem = file.problem { return "\(name: file.path) (not read: \(problem))" }
    let total =
      file.isTime
      ? Wording.seconds(file.total)
      : file.kind == .heap ? NumberText.bytes(file.total) : Wording.number(file.total)
    let noun = file.kind == .mutex || file.kind == .block ? "wait" : "sample"
    return "\(name: file.path) (\(Wording.counted(file.samples, noun)), \(total))"
  }

  // MARK: - Results

  /// The numbers a reader asks for first; the others are one fold away.
  private static let leading = [
    "capacity", "capacity.cores", "throughput.achieved", "search.response.mean",
    "search.response.p50",
    "search.response.p99", "search.recall", "insert.response.mean", "insert.response.p99",
    "delete.response.mean", "load.rate", "cpu.per.operation",
  ]

  static func results(_ report: FindingsReport) -> Section? {
    guard !report.results.isEmpty else { return nil }
    let first = leading.compactMap { name in report.results.first { $0.name == name } }
    let isAtOnce = report.results.contains {
      ResultText.isAtOnce($0.estimate.value, $0.name)
    }
    let all: [Block] =
      [.table(table(report.results))]
      + (isAtOnce ? [.text(Prose(ResultText.atOnce))] : [])
    return Section(
      "Results",
      first.count > 2 && report.results.count > first.count
        ? [.table(table(first)), .folded("All results", all)] : all)
  }

  private static func table(_ rows: [FindingsReport.ResultRow]) -> DocumentTable {
    var table = DocumentTable(
      "Results", ["Result", "Value", "95 % interval", "Trials", "Observations"],
      numbers: [1, 2, 3, 4])
    for row in rows {
      table.add(
        "\(name: row.name)", Prose(ResultText.value(row.estimate.value, row.unit, name: row.name)),
        Prose(ResultText.interval(row.estimate, row.unit, name: row.name)),
        Prose(Wording.count(row.estimate.count)), Prose(row.observations.map(Wording.count) ?? "–"))
    }
    return table
  }

  static func comparison(_ report: FindingsReport) -> Section? {
    report.comparison.map { comparison in
      var blocks: [Block] = []
      var table = DocumentTable(
        "Results against the base",
        ["Result", "Base", "New", "Change", "95 % interval", "p", "Verdict"],
        numbers: [1, 2, 3, 4, 5])
      for row in comparison.results {
        table.add(
          "\(name: row.name)", Prose(NumberText.text(row.change.base, row.unit)),
          Prose(NumberText.text(row.change.new, row.unit)),
          Prose(ComparisonCells.delta(row.change)),
          Prose(ComparisonCells.interval(row.change)), Prose(ComparisonCells.p(row.change)),
          Prose(ComparisonCells.verdict(row.change)))
      }
      blocks.append(.text(Prose(comparison.headline)))
      blocks.append(.table(table))
      blocks.append(
        .bullets(
          comparison.differences.map { Block.Bullet(Prose($0.message)) }
            + comparison.costShifts.map { Block.Bullet(Prose($0.message)) }))
      return Section("Compared With The Base", blocks)
    }
  }

  // MARK: - What was used, what could not be told

  static func commands(_ report: FindingsReport) -> Section {
    var groups: [String] = []
    for line in report.commands where !groups.contains(line.group) { groups.append(line.group) }
    return Section(
      "Commands Used",
      groups.map { group in
        let lines = report.commands.filter { $0.group == group }.map(\.command)
        return .folded(
          "\(heading(group)): \(Wording.counted(lines.count, "command"))", [.code(lines)])
      })
  }

  private static func heading(_ group: String) -> String {
    switch group {
    case "cpu": "CPU"
    case "mutex": "Locks"
    case "block": "Waits"
    case "heap": "Heap"
    default: group
    }
  }

  static func experiments(
    _ title: String, _ list: [FindingsReport.Experiment]
  ) -> Section? {
    list.isEmpty ? nil : Section(title, [.steps(list.map(experiment))])
  }

  static func experiment(_ item: FindingsReport.Experiment) -> Block.Bullet {
    Block.Bullet(item.command.map { "\(item.statement) \(name: $0)" } ?? item.statement)
  }

  /// One line for each reason, with all that it kept from being evaluated.
  static func notEvaluable(_ report: FindingsReport) -> [Block] {
    let gates = report.gates.filter { $0.state == .notEvaluable }.map {
      ("\($0.id) \($0.title)", $0.observation)
    }
    let here = report.notEvaluable.filter { $0.asksForOwnRun != true }
    let rules = (here + report.limitsOfChapters).map {
      ($0.rule == "Chapter" ? $0.title : "\($0.rule) \($0.title)", Prose($0.reason))
    }
    let suppressed = report.suppressed.map {
      ("\($0.rule) \($0.title)", "suppressed, because gate \($0.gate) fails" as Prose)
    }
    var reasons: [Prose] = []
    var subjects: [String: [String]] = [:]
    for (subject, reason) in gates + rules + suppressed {
      if subjects[reason.plain] == nil { reasons.append(reason) }
      if subjects[reason.plain]?.contains(subject) != true {
        subjects[reason.plain, default: []].append(subject)
      }
    }
    return [
      .bullets(
        reasons.map { reason in
          Block.Bullet("\(listed(subjects[reason.plain] ?? [])): \(reason).")
        })
    ] + elsewhere(report) + aboutOwnRuns(report)
  }

  /// Rules for functions that nothing here calls: neither clean nor a question left open.
  private static func elsewhere(_ report: FindingsReport) -> [Block] {
    let rules = report.clean.filter { $0.isElsewhere == true }
    guard !rules.isEmpty else { return [] }
    let names = rules.map { "\($0.rule) \($0.title)" }.joined(separator: ", ")
    let one = rules.count == 1
    return [
      .text(
        "Of all rules \(rules.count) \(one ? "looks" : "look") for functions that these profiles do not have, so nothing was checked: \(names)."
      )
    ]
  }

  /// `K1 Kernel share, K2 System calls`, or without titles where there are many.
  private static func listed(_ subjects: [String]) -> String {
    guard subjects.count > 8 else { return subjects.joined(separator: ", ") }
    let ids = subjects.map { $0.prefix { $0 != " " } }.joined(separator: ", ")
    return "\(Wording.counted(subjects.count, "rule")) (\(ids))"
  }

  /// Rules that nobody would expect an answer from here, in one line.
  private static func aboutOwnRuns(_ report: FindingsReport) -> [Block] {
    let others = report.notEvaluable.filter { $0.asksForOwnRun == true }
    guard !others.isEmpty else { return [] }
    let count = Set(others.map(\.rule)).count
    return [
      .folded(
        "\(count) more \(count == 1 ? "rule is" : "rules are") about runs that vbench makes itself",
        [.bullets(others.map { Block.Bullet("\($0.rule) \($0.title): \($0.reason).") })])
    ]
  }

  /// What was looked at and found well, folded; nothing where no rule could look.
  static func clean(_ report: FindingsReport) -> [Block] {
    let here = report.clean.filter { $0.isElsewhere != true }
    guard !here.isEmpty else { return [] }
    var observations: [Prose] = []
    var subjects: [String: [String]] = [:]
    for row in here {
      if subjects[row.observation.plain] == nil { observations.append(row.observation) }
      subjects[row.observation.plain, default: []].append("\(row.rule) \(row.title)")
    }
    let bullets = observations.map { observation in
      let names = (subjects[observation.plain] ?? []).joined(separator: ", ")
      return Block.Bullet("\(names): \(observation).")
    }
    return [
      .folded(
        "\(Wording.counted(here.count, "rule")) looked and found nothing", [.bullets(bullets)])
    ]
  }
}
