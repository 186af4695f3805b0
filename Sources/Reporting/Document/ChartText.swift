import Findings

/// A chart in letters, for where there are no pictures.
enum ChartText {
  private static let width = 48

  static func render(_ chart: Chart) -> String {
    let labels = chart.rows.map { MarkdownText.oneLine($0.label.plain) }.map(shortened)
    let longest = labels.map(\.count).max() ?? 0
    let totals = chart.rows.map(\.total)
    let widest = totals.map(\.count).max() ?? 0
    var lines = [chart.title, ""]
    for (index, row) in chart.rows.enumerated() {
      let label = padded(labels[index], to: longest)
      let total = String(repeating: " ", count: widest - totals[index].count) + totals[index]
      lines.append("\(label)  \(total)  \(bar(row))")
      let parts = row.parts.filter { !$0.text.isEmpty }.map {
        "\($0.tone.mark) \(MarkdownText.oneLine($0.name)) \($0.text)"
      }
      if !parts.isEmpty {
        lines.append(
          String(repeating: " ", count: longest + widest + 4) + parts.joined(separator: "  "))
      }
    }
    return MarkdownText.fenced(lines)
  }

  /// Letters are dealt out so that the bar is as long as its parts together.
  private static func bar(_ row: Chart.Row) -> String {
    var bar = ""
    var sum = 0.0
    for part in row.parts {
      sum += max(0, part.share)
      let end = min(width, Int((sum * Double(width)).rounded()))
      bar += String(repeating: String(part.tone.mark), count: max(0, end - bar.count))
    }
    return bar
  }

  private static func shortened(_ text: String) -> String {
    text.count <= 40 ? text : text.prefix(20) + "…" + text.suffix(19)
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
