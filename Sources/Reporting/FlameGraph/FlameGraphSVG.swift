import Measurement
import Pprof
package import ProfileViews

/// A flame graph as one static SVG: no script, no font to load, names as tooltips.
package enum FlameGraphSVG {
  package struct Options: Sendable {
    package var title = "Flame graph"
    package var subtitle = ""
    package var width = 1_200
    package var mainBinary = ""

    package init() {}
  }

  private static let rowHeight = 18
  private static let top = 58
  private static let margin = 10
  /// Boxes narrower than this many pixels are left out; the footer says what they were worth.
  private static let narrowest = 0.3
  private static let letterWidth = 6.65

  package static func render(_ tree: CallTree, _ options: Options) -> String {
    let inner = Double(options.width - 2 * margin)
    let layout = FlameLayout(tree, narrowest: narrowest / inner)
    let height = top + layout.rows * rowHeight + 34
    var parts = [head(options, height)]
    parts += layout.boxes.map { box in
      frame(box, tree, layout, inner, options.mainBinary)
    }
    parts.append(footer(tree, layout, options, height))
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }

  private static func head(_ options: Options, _ height: Int) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(options.width)" height="\(height)" \
    viewBox="0 0 \(options.width) \(height)" font-family="ui-monospace, DejaVu Sans Mono, Menlo, \
    monospace" font-size="11">
    <rect width="100%" height="100%" fill="#fbfaf8"/>
    <text x="\(margin)" y="24" font-size="16" font-weight="bold" fill="#222">\
    \(MarkupText.escaped(options.title))</text>
    <text x="\(margin)" y="42" fill="#555">\(MarkupText.escaped(options.subtitle))</text>
    """
  }

  private static func frame(
    _ box: FlameLayout.Box, _ tree: CallTree, _ layout: FlameLayout, _ inner: Double,
    _ mainBinary: String
  ) -> String {
    let node = tree.nodes[box.node]
    let left = Double(margin) + box.left * inner
    let width = box.width * inner
    let y = top + (layout.rows - 1 - box.row) * rowHeight
    let color = FlameColor.of(node, mainBinary: mainBinary).fill(node.name)
    let label = fitting(node.name, width: width - 6)
    let text =
      label.isEmpty
      ? ""
      : "<text x=\"\(number(left + 3))\" y=\"\(y + 13)\" fill=\"#1b1b1b\">"
        + "\(MarkupText.escaped(label))</text>"
    return "<g><title>\(MarkupText.escaped(tooltip(node, tree)))</title>"
      + "<rect x=\"\(number(left))\" y=\"\(y)\" width=\"\(number(max(0.1, width - 0.4)))\" "
      + "height=\"\(rowHeight - 1)\" rx=\"1.5\" fill=\"\(color)\"/>\(text)</g>"
  }

  static func tooltip(_ node: CallTree.Node, _ tree: CallTree) -> String {
    let share = tree.total > 0 ? Double(node.value) / Double(tree.total) : 0
    let unit = tree.sampleType.unit
    let own = node.ownValue > 0 ? ", itself \(text(node.ownValue, unit))" : ""
    let library = node.library.isEmpty ? "" : " [\(node.library)]"
    return "\(node.name)\(library): \(text(node.value, unit)), \(NumberText.percent(share))\(own)"
  }

  static func text(_ value: Int64, _ unit: String) -> String {
    UnitScale.text(value, from: unit, to: "auto")
  }

  private static func footer(
    _ tree: CallTree, _ layout: FlameLayout, _ options: Options, _ height: Int
  ) -> String {
    let legend = FlameColor.allCases.enumerated().map { index, color in
      let x = margin + index * 160
      return "<rect x=\"\(x)\" y=\"\(height - 23)\" width=\"10\" height=\"10\" rx=\"2\" "
        + "fill=\"\(color.fill(""))\"/><text x=\"\(x + 15)\" y=\"\(height - 14)\" fill=\"#555\">"
        + "\(color.legend)</text>"
    }
    let share = tree.total > 0 ? layout.omitted / Double(tree.total) : 0
    let note =
      layout.omitted > 0
      ? "frames too thin to draw: \(NumberText.percent(share))" : "every frame is drawn"
    return legend.joined(separator: "\n")
      + "\n<text x=\"\(options.width - margin)\" y=\"\(height - 14)\" text-anchor=\"end\" "
      + "fill=\"#555\">\(note)</text>"
  }

  /// As much of a name as fits, or nothing when that would be two letters.
  private static func fitting(_ name: String, width: Double) -> String {
    let room = Int(width / letterWidth)
    if name.count <= room { return name }
    return room < 3 ? "" : String(name.prefix(room - 1)) + "…"
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, digits: 1) }
}
