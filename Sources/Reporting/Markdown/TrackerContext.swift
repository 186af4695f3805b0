import Findings
import Ledger

/// What a run adds to the tracker's page: under which load, and what nobody has taken up yet.
enum TrackerContext {
  /// Under which load and on what the findings were seen.
  static func load(_ report: FindingsReport) -> String {
    let wanted = ["Workload", "Duration", "Dataset", "Machine", "Run"]
    let rows = report.card.filter { wanted.contains($0.label) }
    return
      (["Context: run \(MarkdownText.code(report.run))", ""]
      + rows.map { "- \($0.label): \(MarkdownText.prose($0.value))" }).joined(separator: "\n")
  }

  /// Findings of the run that no item answers, with the most that they could bring.
  static func open(_ tracker: Tracker, _ report: FindingsReport) -> String {
    let open = report.findings.filter { finding in
      finding.severity > .info && !finding.recommendations.isEmpty
        && tracker.notes(on: finding.key).isEmpty
    }
    guard !open.isEmpty else { return "" }
    return """
      ## Found And Not Tracked

      \(open.map(line).joined(separator: "\n"))

      A bound is the most there is to have, not a promise. Take one up with \
      `vbench tracker add TITLE --run RUN --finding RULE:PLACE`.
      """
  }

  private static func line(_ finding: Finding) -> String {
    let advice = finding.recommendations[0]
    return
      "- [ ] \(MarkdownText.sentence(advice.action)) "
      + "(\(MarkdownText.code("\(finding.key.rule):\(finding.key.place)")), "
      + "\(finding.severity.rawValue), effort \(advice.effort.rawValue))\n"
      + "  - seen: \(MarkdownText.prose(finding.title))\n"
      + "  - bound: \(MarkdownText.sentence(BoundText.short(finding)))"
  }
}
