package import Findings
import Measurement
import Vocabulary

/// The findings document: the shape an engineer would write by hand, made from the report's values.
///
/// The order is that of a reader with little time: verdict, what was run, how far to trust it,
/// what was found, what to do; then the depth.
package enum FindingsMarkdown {
  package static func render(_ report: FindingsReport) -> String {
    let chapters =
      [
        title(report), verdict(report), refused(report), card(report), quality(report),
        collected(report),
        results(report), comparison(report),
        SummaryMarkdown.render(report), timeSplits(report),
        implications(report), commands(report), experiments(report), "---",
        DeepDiveMarkdown.render(report), glossary,
      ]
    return chapters.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func title(_ report: FindingsReport) -> String {
    "# Performance Findings: \(MarkdownText.code(report.run))"
  }

  private static func verdict(_ report: FindingsReport) -> String {
    let lines = report.verdict.enumerated().map {
      "\($0.offset + 1). \(MarkdownText.prose($0.element))"
    }
    return section("Verdict", lines.joined(separator: "\n"))
  }

  /// What the report's own arithmetic refused, where nobody can overlook it.
  private static func refused(_ report: FindingsReport) -> String {
    guard let refused = report.refused else { return "" }
    let items = refused.map {
      "- \(MarkdownText.sentence($0.subject)) (\($0.check)): \(MarkdownText.sentence($0.reason))."
    }
    return section("Left Out, Because It Contradicts Itself", [items.joined(separator: "\n")])
  }

  private static func card(_ report: FindingsReport) -> String {
    var table = MarkdownTable("Fact", "Value")
    for row in report.card {
      table.add(MarkdownText.sentence(row.label), MarkdownText.prose(row.value, inTable: true))
    }
    return section("Run Card", [table.text])
  }

  private static func quality(_ report: FindingsReport) -> String {
    var table = MarkdownTable("Gate", "State", "Observed", "What follows")
    for gate in report.gates where gate.state != .notEvaluable {
      table.add(
        "\(gate.id) \(gate.title)", word(gate.state),
        MarkdownText.prose(gate.observation, inTable: true),
        MarkdownText.sentence(gate.consequence, inTable: true))
    }
    let evaluable = report.gates.filter { $0.state != .notEvaluable }
    let passed = evaluable.filter { $0.state == .pass }.count
    return section(
      "Data Quality",
      [
        "\(passed) of \(evaluable.count) gates pass; \(report.gates.count - evaluable.count) could not be evaluated (listed at the end).",
        table.text,
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

  private static func collected(_ report: FindingsReport) -> String {
    var lines: [String] = [MarkdownText.prose(report.method)]
    var roles: [String] = []
    for file in report.collected where !roles.contains(file.role) { roles.append(file.role) }
    let items = roles.map { role in
      let files = report.collected.filter { $0.role == role }.map(fileText).joined(separator: ", ")
      return "- \(MarkdownText.code(role)): \(files)"
    }
    lines.append(items.isEmpty ? "No profiles are in this run." : items.joined(separator: "\n"))
    return section("What Was Collected", lines)
  }

  private static func fileText(_ file: CollectedFile) -> String {
    let name = MarkdownText.code(file.path)
    if let problem = file.problem { return "\(name) (not read: \(MarkdownText.sentence(problem)))" }
    let total =
      file.isTime
      ? Wording.seconds(file.total)
      : file.kind == .heap ? NumberText.bytes(file.total) : Wording.number(file.total)
    return "\(name) (\(Wording.counted(file.samples, "sample")), \(total))"
  }

  // MARK: Results

  private static func results(_ report: FindingsReport) -> String {
    guard !report.results.isEmpty else { return "" }
    var table = MarkdownTable("Result", "Value", "95 % interval", "Trials", "Observations")
    for row in report.results {
      table.add(
        MarkdownText.code(row.name, inTable: true),
        ResultText.value(row.estimate.value, row.unit, name: row.name),
        ResultText.interval(row.estimate, row.unit, name: row.name),
        Wording.count(row.estimate.count), row.observations.map(Wording.count) ?? "–")
    }
    return section("Results", [table.text])
  }

  private static func comparison(_ report: FindingsReport) -> String {
    report.comparison.map {
      section("Compared With The Base", ComparisonMarkdown.lines($0).joined(separator: "\n"))
    } ?? ""
  }

  // MARK: Time and advice

  private static func timeSplits(_ report: FindingsReport) -> String {
    guard !report.timeSplits.isEmpty else { return "" }
    let blocks = report.timeSplits.map { split in
      var lines = [
        "100 %  \(Wording.seconds(split.service))  inside \(split.operation), mean of \(Wording.count(split.count))"
      ]
      for part in split.parts {
        lines.append(branch(part.name, part.seconds, of: split.service, "├─"))
      }
      lines.append(
        branch(split.restMeaning, split.rest, of: split.service, "└─")
      )
      return MarkdownText.fenced(lines)
    }
    return section("Where The Time Goes", blocks)
  }

  private static func branch(
    _ name: String, _ seconds: Double, of whole: Double, _ mark: String
  ) -> String {
    "\(mark) \(Wording.percent(whole > 0 ? seconds / whole : 0))  \(Wording.seconds(seconds))  \(name)"
  }

  private static func implications(_ report: FindingsReport) -> String {
    guard !report.implications.isEmpty else { return "" }
    let items = report.implications.enumerated().map { index, item in
      // A nested list must begin under the text of its parent, or it ends the list.
      let indent = String(repeating: " ", count: "\(index + 1). ".count)
      let advice = item.advice.map { "\(indent)- \(MarkdownText.sentence($0))." }
      return (["\(index + 1). \(MarkdownText.prose(item.statement)) (\(item.finding)):"] + advice)
        .joined(separator: "\n")
    }
    return section("Implications", items.joined(separator: "\n"))
  }

  private static func commands(_ report: FindingsReport) -> String {
    var groups: [String] = []
    for line in report.commands where !groups.contains(line.group) { groups.append(line.group) }
    let blocks = groups.map { group in
      "\(heading(group)):\n\n"
        + MarkdownText.fenced(report.commands.filter { $0.group == group }.map(\.command))
    }
    return section("Commands Used", blocks)
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

  private static func experiments(_ report: FindingsReport) -> String {
    guard !report.nextExperiments.isEmpty else { return "" }
    let items = report.nextExperiments.enumerated().map { index, item in
      let command = item.command.map { " \(MarkdownText.code($0))" } ?? ""
      return "\(index + 1). \(MarkdownText.prose(item.statement))\(command)"
    }
    return section("Suggested Next Experiments", items.joined(separator: "\n"))
  }

  private static let glossary = section(
    "How To Read This",
    [
      """
      - *flat* is a function's own cost, *cumulative* is with all it calls; a recursive function counts once for a stack.
      - A cost whose leaf is in the kernel, the C library or a language runtime is charged to the first project frame above it.
      - *n* is the number of samples behind a share. Intervals are 95 %, from the trials when there are at least three, and never narrower than the samples allow.
      - A *bound* is the most that removing a cost could bring, not a promise. Bounds of several findings overlap and must not be added or multiplied.
      - *Confidence* is high with two kinds of evidence and at least five trials, low when only a name speaks for a finding or a quality gate fails.
      """
    ])

  static func section(_ title: String, _ blocks: [String]) -> String {
    (["## \(title)"] + blocks).joined(separator: "\n\n")
  }

  private static func section(_ title: String, _ block: String) -> String {
    section(title, [block])
  }
}
