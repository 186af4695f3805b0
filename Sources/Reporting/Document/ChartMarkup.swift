import Findings
import Measurement

/// A chart as rows of bars: words in HTML, so that they wrap on a phone, boxes in SVG.
enum ChartMarkup {
  static func render(_ chart: Chart) -> String {
    let rows = chart.rows.map(row)
    return "<figure><figcaption>\(HTMLText.escaped(chart.title))</figcaption>"
      + rows.joined(separator: "\n") + "</figure>"
  }

  private static func row(_ row: Chart.Row) -> String {
    var left = 0.0
    var boxes = ""
    for part in row.parts where part.share > 0 {
      let width = min(part.share, 1 - left) * 1_000
      boxes +=
        "<rect class=\"\(part.tone.rawValue)\" x=\"\(number(left * 1_000))\" y=\"0\" "
        + "width=\"\(number(width))\" height=\"20\"/>"
      left = min(1, left + part.share)
    }
    let keys = row.parts.filter { !$0.text.isEmpty }
    let told = keys.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
    let label = "\(row.label.plain): \(row.total)" + (told.isEmpty ? "" : ", \(told)")
    let list =
      keys.isEmpty
      ? ""
      : "<ul class=\"keys\">"
        + keys.map { part in
          "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"\(part.tone.rawValue)\" "
            + "width=\"10\" height=\"10\" rx=\"2\"/></svg>"
            + "\(HTMLText.escaped(part.name)) \(HTMLText.escaped(part.text))</li>"
        }.joined() + "</ul>"
    return "<div class=\"row\"><div class=\"head\"><span>\(HTMLText.prose(row.label))</span>"
      + "<span>\(HTMLText.escaped(row.total))</span></div>"
      + "<svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" role=\"img\" "
      + "aria-label=\"\(HTMLText.escaped(MarkdownText.oneLine(label)))\">\(boxes)</svg>\(list)</div>"
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, digits: 1) }
}
