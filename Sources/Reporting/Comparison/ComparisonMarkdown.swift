package import Comparison
import Measurement
import RunRecords
import Vocabulary

/// A comparison to paste into a pull request: six columns at most, names escaped.
package enum ComparisonMarkdown {
  package static func render(_ comparison: RunComparison) -> String {
    lines(comparison).joined(separator: "\n") + "\n"
  }

  static func lines(_ comparison: RunComparison) -> [String] {
    var lines = ["**\(SafeName.markdown(comparison.headline))**", ""]
    if let gate = comparison.gate { lines += [SafeName.markdown(gate.sentence), ""] }
    let design = comparison.procedure.design
    lines.append("- base: \(SafeName.markdown(ComparisonCells.side(comparison.base, design)))")
    lines.append("- new: \(SafeName.markdown(ComparisonCells.side(comparison.new, design)))")
    lines += comparison.differences.map { "- \(word($0.standing))\(SafeName.markdown($0.message))" }
    lines += results(comparison) + functions(comparison) + shifts(comparison) + facts(comparison)
    lines += ["", "<details><summary>Notes and method</summary>", ""]
    lines += (comparison.notes + ComparisonCells.method(comparison))
      .map { "- \(SafeName.markdown($0))" }
    return lines + ["", "</details>"]
  }

  private static func word(_ standing: SettingDifference.Standing) -> String {
    switch standing {
    case .refused: "**refused:** "
    case .allowed: "allowed: "
    case .underTest, .noted: ""
    }
  }

  private static let head = [
    "| name | base | new | change (95 % interval) | verdict | shows from |",
    "|---|---:|---:|---:|---|---:|",
  ]

  private static func results(_ comparison: RunComparison) -> [String] {
    if comparison.results.isEmpty { return [] }
    return ["", "### Results", ""] + head
      + comparison.results.map { row in
        line(
          row.name, within(NumberText.text(row.change.base, row.unit), row.baseSpread),
          within(NumberText.text(row.change.new, row.unit), row.newSpread), row.change)
      }
  }

  private static func functions(_ comparison: RunComparison) -> [String] {
    guard let table = comparison.functions, !table.rows.isEmpty else { return [] }
    let shown = table.rows.filter(ComparisonCells.isShown)
    let quiet = table.rows.count - shown.count
    let rows = shown.map { row in
      line(
        "\(row.name) (\(row.operation ?? row.role.rawValue))",
        within(ComparisonCells.value(row.change.base, row), row.baseSpread)
          + share(row.baseShare, table),
        within(ComparisonCells.value(row.change.new, row), row.newSpread)
          + share(row.newShare, table), row.change)
    }
    let rest =
      quiet + table.leftOut > 0
      ? ["", "\(quiet) more without a visible difference, \(table.leftOut) too small to test."] : []
    return ["", "### Functions: \(ComparisonCells.basis(table))", ""] + head + rows + rest
  }

  /// A value and the spread of its trials.
  private static func within(_ value: String, _ spread: Double?) -> String {
    spread.map { "\(value) ± \(NumberText.percent($0))" } ?? value
  }

  private static func share(_ share: Double, _ table: FunctionTable) -> String {
    ComparisonCells.showsShares(table) ? " (\(NumberText.percent(share)))" : ""
  }

  private static func line(
    _ name: String, _ base: String, _ new: String, _ change: Change
  ) -> String {
    let interval = change.interval == nil ? "" : " (\(ComparisonCells.interval(change)))"
    let verdict =
      switch change.verdict {
      case .cannotTell: "cannot tell" + (change.reason.map { ": \(SafeName.markdown($0))" } ?? "")
      case .noDifferenceSeen: "no difference seen"
      default: ComparisonCells.verdict(change)
      }
    return "| \(SafeName.markdown(name)) | \(base) | \(new) "
      + "| \(ComparisonCells.delta(change))\(interval) | \(verdict) "
      + "| \(ComparisonCells.detectable(change)) |"
  }

  private static func shifts(_ comparison: RunComparison) -> [String] {
    comparison.costShifts.isEmpty
      ? []
      : ["", "### Cost shifts", ""]
        + comparison.costShifts.map { "- \(SafeName.markdown($0.message))" }
  }

  private static func facts(_ comparison: RunComparison) -> [String] {
    if comparison.facts.isEmpty { return [] }
    return ["", "<details><summary>Beside them, untested</summary>", ""]
      + ["| name | base | new |", "|---|---:|---:|"]
      + comparison.facts.map {
        "| \(SafeName.markdown($0.name)) | \(NumberText.text($0.base, $0.unit)) "
          + "| \(NumberText.text($0.new, $0.unit)) |"
      } + ["", "</details>"]
  }
}
