package import Comparison
import Findings
import Measurement

/// A comparison as a chapter of a document: what was tested, then the rows with their verdicts.
package enum ComparisonMarkdown {
  package static func render(_ comparison: RunComparison?) -> String {
    guard let comparison else { return "" }
    var blocks = [
      "Base \(side(comparison.base)), new \(side(comparison.new)). A verdict counts all rows tested; *detectable* is the smallest change these trials would have shown."
    ]
    if !comparison.refusals.isEmpty {
      let reasons = comparison.refusals.map { "- \(MarkdownText.sentence($0))" }
      blocks.append("The runs are not comparable:\n\n" + reasons.joined(separator: "\n"))
    }
    if !comparison.changes.isEmpty {
      let changes = comparison.changes.map { "- \(MarkdownText.sentence($0))" }
      blocks.append("Changed on purpose:\n\n" + changes.joined(separator: "\n"))
    }
    let told = comparison.rows.filter { $0.verdict == .better || $0.verdict == .worse }
    if !told.isEmpty { blocks.append(table(told)) }
    for verdict in [RunComparison.Verdict.noDifferenceSeen, .cannotTell] {
      let names = comparison.rows.filter { $0.verdict == verdict }.map(quiet)
      if !names.isEmpty { blocks.append("\(heading(verdict)): \(names.joined(separator: ", ")).") }
    }
    return FindingsMarkdown.section("Compared With The Base", blocks)
  }

  private static func heading(_ verdict: RunComparison.Verdict) -> String {
    verdict == .cannotTell ? "Cannot tell" : "No difference seen"
  }

  private static func quiet(_ row: RunComparison.Row) -> String {
    let name = MarkdownText.code(row.name)
    return row.smallestDetectable.map { "\(name) (detectable \(NumberText.percent($0)))" } ?? name
  }

  private static func side(_ side: RunComparison.Side) -> String {
    "\(MarkdownText.code(side.name)) (\(Wording.counted(side.trials, "trial")))"
  }

  private static func table(_ rows: [RunComparison.Row]) -> String {
    var table = MarkdownTable(
      "Row", "Base", "New", "Change", "95 % interval", "Detectable", "Verdict")
    for row in rows {
      table.add(
        MarkdownText.code(row.name, inTable: true), value(row.base, row), value(row.new, row),
        row.ratio.map { NumberText.change($0 - 1) } ?? "–", interval(row),
        row.smallestDetectable.map { NumberText.percent($0) } ?? "–",
        MarkdownText.sentence(
          row.verdict.rawValue + (row.reason.map { " (\($0))" } ?? ""), inTable: true))
    }
    return table.text
  }

  private static func value(_ number: Double?, _ row: RunComparison.Row) -> String {
    number.map { ResultText.value($0, row.unit, name: row.name) } ?? "–"
  }

  private static func interval(_ row: RunComparison.Row) -> String {
    guard let low = row.low, let high = row.high else { return "–" }
    return "\(NumberText.change(low - 1)) to \(NumberText.change(high - 1))"
  }
}
