import Comparison
import Measurement

/// An ablation as a table for a terminal or for Markdown.
enum AblationText {
  static func terminal(_ table: AblationTable) -> String {
    var lines = head(table) + [""]
    for row in table.rows {
      lines.append("without \(row.what) (--\(row.option) \(row.off)), \(row.rounds) rounds:")
      var columns = TextColumns(["", "with", "without", "change", "95 % interval"])
      columns.append("", isNumber: false)
      for cell in row.cells {
        columns.add([
          "  " + name(cell), NumberText.text(cell.base, cell.unit),
          NumberText.text(cell.new, cell.unit), change(cell.ratio), interval(cell), verdict(cell),
        ])
      }
      lines += columns.lines + ["  \(row.finding)", ""]
    }
    lines += tail(table)
    return lines.joined(separator: "\n") + "\n"
  }

  static func markdown(_ table: AblationTable) -> String {
    let shown = AblationTable.columns.filter { column in
      table.rows.contains { row in row.cells.contains { $0.result == column.result } }
    }
    let heads = ["without", "against"] + shown.map(\.head) + ["finding"]
    var lines = ["# What each option is worth: \(table.workload)", ""] + head(table) + [""]
    lines.append("| " + heads.joined(separator: " | ") + " |")
    lines.append("|" + heads.map { _ in "---|" }.joined())
    for row in table.rows {
      let cells = shown.map { column in
        row.cells.first { $0.result == column.result }.map(markdownCell) ?? "–"
      }
      lines.append(
        "| \(row.what) (`--\(row.option) \(row.off)`) | \(row.against) | "
          + cells.joined(separator: " | ") + " | \(row.finding) |")
    }
    lines += [""] + tail(table).map { $0.isEmpty ? "" : "- \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: - Parts

  private static func head(_ table: AblationTable) -> [String] {
    let rate = table.offered.map { " at \(NumberText.text($0, .perSecond)) offered" } ?? ""
    let order =
      table.isCumulative
      ? "Options are turned off one after another, each held against the variant before."
      : "Each option is turned off alone and held against the standard."
    return [
      "vbench ablate \(table.workload): \(table.data), \(table.rounds) rounds in turns\(rate).",
      order + " A difference below \(NumberText.percent(table.minimumEffect)) counts as none.",
    ]
  }

  private static func tail(_ table: AblationTable) -> [String] {
    table.skipped.map { "--\($0.flag) was left as it is: \($0.reason)." } + table.notes
      + (table.isInterrupted ? ["interrupted: the rounds that were finished are counted."] : [])
      + [
        "replay: \(table.replay)",
        "Runs in \(([table.standardRun] + table.rows.map(\.run)).joined(separator: ", "))",
      ]
  }

  private static func name(_ cell: AblationTable.Cell) -> String {
    AblationTable.columns.first { $0.result == cell.result }?.head ?? cell.result
  }

  static func change(_ ratio: Double?) -> String {
    ratio.map { NumberText.change($0 - 1) } ?? "–"
  }

  private static func interval(_ cell: AblationTable.Cell) -> String {
    cell.interval.map { "\(NumberText.change($0.low - 1)) … \(NumberText.change($0.high - 1))" }
      ?? "–"
  }

  private static func verdict(_ cell: AblationTable.Cell) -> String {
    switch cell.verdict {
    case .better: "better without"
    case .worse: "worse without"
    case .equivalent: "the same"
    case .inconclusive:
      "cannot tell" + (cell.pairsNeeded.map { ", \($0) more rounds would" } ?? "")
    case .noDifferenceSeen: "no difference seen"
    case .cannotTell: "cannot tell" + (cell.reason.map { ": \($0)" } ?? "")
    }
  }

  private static func markdownCell(_ cell: AblationTable.Cell) -> String {
    switch cell.verdict {
    case .better, .worse: "**\(change(cell.ratio))** (\(interval(cell)))"
    case .equivalent: "the same (\(interval(cell)))"
    case .inconclusive, .noDifferenceSeen, .cannotTell: "cannot tell (\(interval(cell)))"
    }
  }
}
