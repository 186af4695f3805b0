import Findings
import Vocabulary

/// The findings at a glance, then role by role what the profiles say.
enum SummaryMarkdown {
  static func render(_ report: FindingsReport) -> String {
    var blocks: [String] = []
    if !report.findings.isEmpty { blocks.append(table(report)) }
    var number = 0
    for role in report.roles {
      for statement in role.statements {
        number += 1
        blocks.append(block(statement, number: number))
      }
    }
    if blocks.isEmpty { blocks.append("No rule fired, and the run holds no profile to describe.") }
    return FindingsMarkdown.section("Summary Of Findings", blocks)
  }

  private static func table(_ report: FindingsReport) -> String {
    var table = MarkdownTable("Finding", "Severity", "Confidence", "What", "Bound")
    for finding in report.findings {
      table.add(
        "\(finding.id) \(finding.rule)", finding.severity.rawValue.uppercased(),
        finding.confidence.rawValue, MarkdownText.prose(finding.title, inTable: true),
        BoundText.short(finding.gain))
    }
    return table.text
  }

  private static func block(_ statement: RoleReport.Statement, number: Int) -> String {
    let files = statement.files.map { MarkdownText.code($0) }
    let filter = statement.operation.map { " (op \(MarkdownText.code($0)))" } ?? ""
    return """
      ### \(number)) \(MarkdownText.prose(statement.title))

      From \(files.joined(separator: ", "))\(filter):

      \(statement.bullets.map { "- \(MarkdownText.prose($0.statement))" }.joined(separator: "\n"))

      Interpretation:

      \(statement.interpretation.map { "- \(MarkdownText.prose($0))" }.joined(separator: "\n"))
      """
  }
}

/// A gain bound in words.
enum BoundText {
  static func short(_ gain: GainBound) -> String {
    switch gain {
    case .bound(let low, let high, let metric, _):
      metric == "capacity"
        ? "capacity at most +\(Wording.interval(low, high))"
        : "\(MarkdownText.sentence(metric, inTable: true)) cut by at most \(Wording.interval(shorter(low), shorter(high)))"
    case .notBounded: "none"
    }
  }

  static func long(_ gain: GainBound) -> String {
    switch gain {
    case .bound(_, _, _, let basis):
      "Bound: \(short(gain)), \(MarkdownText.sentence(basis))."
    case .notBounded(let reason): "Bound: none, because \(MarkdownText.sentence(reason))."
    }
  }

  /// A factor on a rate, read as a cut of a time.
  private static func shorter(_ gain: Double) -> Double { 1 - 1 / (1 + gain) }
}
