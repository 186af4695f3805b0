package import Comparison
import Measurement
import RunRecords
import Vocabulary

/// A comparison as one HTML file that works offline: verdict, tables, differential flame graphs.
///
/// The tables are plain markup; only the flame graphs need the page's one script. Everything
/// variable is escaped text or stands in a block that browsers do not execute.
package enum ComparisonHTML {
  package static func render(_ comparison: RunComparison, flames: [DifferentialFlame]) -> String {
    ComparisonPage.html
      .replacing("{{title}}", with: escaped("\(comparison.base.name) → \(comparison.new.name)"))
      .replacing("{{verdict}}", with: verdict(comparison))
      .replacing("{{sides}}", with: sides(comparison))
      .replacing("{{tables}}", with: tables(comparison))
      .replacing("{{flames}}", with: flames.isEmpty ? "" : ComparisonPage.flames)
      .replacing("{{notes}}", with: notes(comparison))
      .replacing("{{data}}", with: FlameDifferenceData.json(flames))
  }

  /// Text must not pass for one of the page's own blanks, which are filled in after it.
  private static func escaped(_ text: String) -> String {
    MarkupText.escaped(text).replacing("{", with: "&#123;")
  }

  // MARK: - Above the tables

  private static func verdict(_ comparison: RunComparison) -> String {
    let mood =
      switch comparison.outcome {
      case .better, .equivalent: "good"
      case .worse, .mixed, .notComparable: "bad"
      case .noDifferenceSeen, .cannotTell, .inconclusive: "calm"
      }
    let gate = comparison.gate.map { "<p class=\"gate\">\(escaped($0.sentence))</p>" } ?? ""
    return "<p class=\"verdict \(mood)\">\(escaped(comparison.headline))</p>\(gate)"
  }

  private static func sides(_ comparison: RunComparison) -> String {
    let design = comparison.procedure.design
    let rows = [("base", comparison.base), ("new", comparison.new)].map {
      "<dt>\($0.0)</dt><dd>\(escaped(ComparisonCells.side($0.1, design)))</dd>"
    }
    let differences = comparison.differences.map {
      "<li class=\"\($0.standing.rawValue)\">\(escaped($0.message))</li>"
    }
    let list = differences.isEmpty ? "" : "<ul class=\"differences\">\(differences.joined())</ul>"
    return "<dl>\(rows.joined())</dl>\(list)"
  }

  private static func notes(_ comparison: RunComparison) -> String {
    (comparison.notes + ComparisonCells.method(comparison))
      .map { "<li>\(escaped($0))</li>" }.joined()
  }

  // MARK: - Tables

  private static func tables(_ comparison: RunComparison) -> String {
    results(comparison) + functions(comparison) + shifts(comparison) + facts(comparison)
  }

  private static func results(_ comparison: RunComparison) -> String {
    if comparison.results.isEmpty { return "" }
    return section(
      "Results", ["name", "base", "new"] + tail,
      comparison.results.map { row in
        self.row(
          row.name,
          [
            NumberText.text(row.change.base, row.unit), NumberText.text(row.change.new, row.unit),
          ], ComparisonCells.spread(row.baseSpread, row.newSpread), row.change)
      })
  }

  private static func functions(_ comparison: RunComparison) -> String {
    guard let table = comparison.functions, !table.rows.isEmpty else { return "" }
    let withShares = ComparisonCells.showsShares(table)
    let rows = table.rows.map { row in
      let place = [row.role.rawValue, row.kind == .cpu ? nil : row.kind.rawValue, row.operation]
        .compactMap(\.self).joined(separator: " ")
      return self.row(
        "\(row.name) [\(place)]",
        [ComparisonCells.value(row.change.base, row), ComparisonCells.value(row.change.new, row)]
          + (withShares ? [ComparisonCells.shares(row)] : []),
        ComparisonCells.spread(row.baseSpread, row.newSpread), row.change)
    }
    let rest =
      table.leftOut > 0
      ? "<p class=\"soft\">\(NumberText.count(table.leftOut)) functions are too small to test.</p>"
      : ""
    return section(
      "Functions: \(ComparisonCells.basis(table))",
      ["name", "base", "new"] + (withShares ? ["share"] : []) + tail, rows) + rest
  }

  private static let tail = ["spread %", "change", "95 % interval", "p", "shows from", "verdict"]

  private static func row(
    _ name: String, _ values: [String], _ spread: String, _ change: Change
  ) -> String {
    let numbers =
      values + [
        spread, ComparisonCells.delta(change), ComparisonCells.interval(change),
        ComparisonCells.p(change), ComparisonCells.detectable(change),
      ]
    let mood =
      switch change.verdict {
      case .better: "better"
      case .worse: "worse"
      case .cannotTell, .inconclusive, .noDifferenceSeen, .equivalent: "quiet"
      }
    let reason = change.reason.map { "<small>\(escaped($0))</small>" } ?? ""
    return "<tr class=\"\(mood)\"><th scope=\"row\">\(escaped(name))\(reason)</th>"
      + numbers.map { "<td>\(escaped($0))</td>" }.joined()
      + "<td class=\"word\">\(escaped(ComparisonCells.verdict(change)))</td></tr>"
  }

  private static func section(_ title: String, _ head: [String], _ rows: [String]) -> String {
    let cells = head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    return "<section><h2>\(escaped(title))</h2><div class=\"wide\"><table><thead><tr>\(cells)"
      + "</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>"
  }

  private static func shifts(_ comparison: RunComparison) -> String {
    if comparison.costShifts.isEmpty { return "" }
    let items = comparison.costShifts.map { "<li>\(escaped($0.message))</li>" }
    return "<section><h2>Cost shifts</h2><ul>\(items.joined())</ul></section>"
  }

  private static func facts(_ comparison: RunComparison) -> String {
    if comparison.facts.isEmpty { return "" }
    let rows = comparison.facts.map {
      "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped(NumberText.text($0.base, $0.unit)))"
        + "</td><td>\(escaped(NumberText.text($0.new, $0.unit)))</td></tr>"
    }
    return "<details><summary>Beside them, untested</summary>"
      + section("Facts", ["name", "base", "new"], rows) + "</details>"
  }
}
