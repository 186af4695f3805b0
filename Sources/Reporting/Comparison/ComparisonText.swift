package import Comparison
import Measurement

/// A comparison for the terminal: the verdict first, then the rows.
package enum ComparisonText {
  package static func render(_ comparison: RunComparison) -> String {
    var lines = [verdict(comparison), ""]
    lines.append(
      "base: \(comparison.base.name) (n=\(comparison.base.trials))   "
        + "new: \(comparison.new.name) (n=\(comparison.new.trials))")
    lines += comparison.changes.map { "changed: \($0)" }
    if !comparison.refusals.isEmpty {
      return (lines + comparison.refusals.map { "not comparable: \($0)" }).joined(separator: "\n")
        + "\n"
    }
    for kind in [RunComparison.Row.Kind.result, .function] {
      let rows = comparison.rows.filter { $0.kind == kind }
      if rows.isEmpty { continue }
      lines += ["", kind == .result ? "Results" : "Functions, own CPU per operation"]
      lines.append(
        row(["base", "new", "change", "95 % interval", "p", "detectable"], "verdict", "name"))
      lines += rows.map(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func verdict(_ comparison: RunComparison) -> String {
    if !comparison.refusals.isEmpty { return "These runs cannot be compared." }
    let worse = comparison.rows.filter { $0.verdict == .worse }
    let better = comparison.rows.filter { $0.verdict == .better }
    if worse.isEmpty, better.isEmpty {
      let open = comparison.rows.allSatisfy { $0.verdict == .cannotTell }
      return open ? "Nothing can be told from these runs." : "No difference was seen."
    }
    return "\(better.count) rows are better and \(worse.count) worse; the rest shows no difference."
  }

  private static func line(_ row: RunComparison.Row) -> String {
    let value = { (number: Double?) in number.map { NumberText.text($0, row.unit) } ?? "–" }
    let interval =
      row.low.flatMap { low in
        row.high.map { "\(NumberText.change(low - 1)) … \(NumberText.change($0 - 1))" }
      } ?? "–"
    return self.row(
      [
        value(row.base), value(row.new), row.ratio.map { NumberText.change($0 - 1) } ?? "–",
        interval, row.p.map { NumberText.significant($0) } ?? "–",
        row.smallestDetectable.map { NumberText.percent($0) } ?? "–",
      ],
      row.verdict.rawValue + (row.reason.map { " (\($0))" } ?? ""), row.name)
  }

  private static func row(_ cells: [String], _ verdict: String, _ name: String) -> String {
    let widths = [11, 11, 10, 24, 9, 11]
    let columns = zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(1, width - cell.count)) + cell
    }.joined()
    return "\(columns)  \(name.filter { !$0.isNewline })  [\(verdict)]"
  }
}
