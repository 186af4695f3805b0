package import Comparison
import Measurement
import RunRecords
import Vocabulary

/// A comparison for a terminal: the verdict first, then the tables, names last and never cut.
package enum ComparisonText {
  /// Draws the tables; with `showsAll` also the functions about which there is nothing to say.
  package static func render(_ comparison: RunComparison, showsAll: Bool = false) -> String {
    var lines = [SafeName.terminal(comparison.headline)]
    if let gate = comparison.gate { lines.append(SafeName.terminal(gate.sentence)) }
    let design = comparison.procedure.design
    lines += ["", "base: \(SafeName.terminal(ComparisonCells.side(comparison.base, design)))"]
    lines.append("new:  \(SafeName.terminal(ComparisonCells.side(comparison.new, design)))")
    lines += comparison.differences.map { mark($0) + SafeName.terminal($0.message) }
    lines += section("Results", results(comparison))
    lines += facts(comparison)
    if let table = comparison.functions {
      lines += section("Functions, \(ComparisonCells.basis(table))", functions(table, showsAll))
      lines += hidden(table, showsAll)
    }
    lines += section(
      "Cost shifts", comparison.costShifts.map { "  " + SafeName.terminal($0.message) })
    lines += section(
      "Notes",
      (comparison.notes + ComparisonCells.method(comparison)).map {
        "  " + SafeName.terminal($0)
      })
    return lines.joined(separator: "\n") + "\n"
  }

  private static func mark(_ difference: SettingDifference) -> String {
    switch difference.standing {
    case .refused: "REFUSED: "
    case .allowed: "allowed: "
    case .underTest, .noted: ""
    }
  }

  private static func section(_ title: String, _ body: [String]) -> [String] {
    body.isEmpty ? [] : ["", title] + body
  }

  // MARK: - Tables

  private static func results(_ comparison: RunComparison) -> [String] {
    if comparison.results.isEmpty { return [] }
    let rows = comparison.results.map { row in
      cells(
        [
          NumberText.text(row.change.base, row.unit), NumberText.text(row.change.new, row.unit),
          ComparisonCells.spread(row.baseSpread, row.newSpread),
        ], row.change, row.name)
    }
    return table([["base", "new", "spread"] + tail] + rows)
  }

  private static func functions(_ table: FunctionTable, _ showsAll: Bool) -> [String] {
    let shown = table.rows.filter { showsAll || ComparisonCells.isShown($0) }
    if shown.isEmpty { return [] }
    let withShares = ComparisonCells.showsShares(table)
    let rows = shown.map { row in
      let place = [row.role.rawValue, row.kind == .cpu ? nil : row.kind.rawValue, row.operation]
        .compactMap(\.self).joined(separator: " ")
      return cells(
        [
          ComparisonCells.value(row.change.base, row), ComparisonCells.value(row.change.new, row),
          ComparisonCells.spread(row.baseSpread, row.newSpread),
        ] + (withShares ? [ComparisonCells.shares(row)] : []), row.change,
        "\(row.name)  [\(place)]")
    }
    let lead = withShares ? ["base", "new", "spread", "share"] : ["base", "new", "spread"]
    return Self.table([lead + tail] + rows)
  }

  private static let tail = ["delta", "95 % interval", "p", "shows from", "verdict", "name"]

  private static func cells(
    _ values: [String], _ change: Change, _ name: String
  ) -> [String] {
    let reason = change.verdict == .cannotTell ? change.reason.map { "  (\($0))" } ?? "" : ""
    return values + [
      ComparisonCells.delta(change), ComparisonCells.interval(change),
      ComparisonCells.p(change), ComparisonCells.detectable(change),
      ComparisonCells.verdict(change), SafeName.terminal(name + reason),
    ]
  }

  private static func facts(_ comparison: RunComparison) -> [String] {
    let rows = comparison.facts.map {
      [NumberText.text($0.base, $0.unit), NumberText.text($0.new, $0.unit), $0.name]
    }
    return rows.isEmpty
      ? [] : section("Beside them, untested", table([["base", "new", "name"]] + rows))
  }

  private static func hidden(_ table: FunctionTable, _ showsAll: Bool) -> [String] {
    let quiet = showsAll ? 0 : table.rows.filter { !ComparisonCells.isShown($0) }.count
    let unknown = table.rows.filter { $0.change.verdict == .cannotTell }.count
    var parts: [String] = []
    if quiet > 0 { parts.append("\(quiet) rows without a visible difference are not shown") }
    if table.leftOut > 0 {
      parts.append(
        "\(table.leftOut) functions too small to test "
          + "(\(NumberText.count(table.leftOutSamples)) samples)")
    }
    if unknown > 0 { parts.append("\(unknown) rows UNKNOWN") }
    return parts.isEmpty ? [] : ["  " + parts.joined(separator: "; ") + "."]
  }

  /// Right-aligned but for the last two columns.
  private static func table(_ rows: [[String]]) -> [String] {
    let columns = rows[0].count
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column == columns - 1 { return cell }
        return column == columns - 2 && columns > 3 ? cell + padding : padding + cell
      }
      return "  " + cells.joined(separator: "  ")
    }
  }
}
