import Measurement
package import ProfileViews

/// Two profiles as one static SVG: above as wide as the new one, below as wide as the base.
///
/// A frame is red where it costs more than in the base and blue where it costs less, the stronger
/// the more; gray is what chance explains. The second picture is there because what vanished has no
/// width in the first.
package enum FlameDifferenceSVG {
  private static let rowHeight = 18
  private static let top = 58
  private static let caption = 22
  private static let margin = 10
  private static let narrowest = 0.3
  private static let letterWidth = 6.65

  /// Draws both pictures; `text` says a cost in its unit.
  package static func render(
    _ tree: DifferenceTree, _ options: FlameGraphSVG.Options, text: (Double) -> String
  ) -> String {
    let inner = Double(options.width - 2 * margin)
    let sides: [(String, KeyPath<DifferenceTree.Node, DifferenceTree.Cost>)] = [
      ("new", \.new), ("base", \.base),
    ]
    var (parts, y): ([String], Int) = ([], top)
    for (name, side) in sides {
      let layout = FlameLayout(tree, widthOf: side, narrowest: narrowest / inner)
      let total = tree.nodes[0][keyPath: side].value
      let left = total > 0 ? layout.omitted / total : 0
      parts.append(
        words(
          "as wide as the \(name) profile: \(text(total)), too thin to draw "
            + NumberText.percent(left), y + 14))
      y += caption
      parts += layout.boxes.map { box in
        let row = y + (layout.rows - 1 - box.row) * rowHeight
        return frame(box, tree.nodes[box.node], row, inner, text)
      }
      y += layout.rows * rowHeight + 12
    }
    return ([head(options, y + 26)] + parts + [legend(y + 16)]).joined(separator: "\n")
      + "\n</svg>\n"
  }

  private static func head(_ options: FlameGraphSVG.Options, _ height: Int) -> String {
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

  private static func words(_ text: String, _ y: Int, x: Int = margin) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" fill=\"#555\">\(MarkupText.escaped(text))</text>"
  }

  private static func frame(
    _ box: FlameLayout.Box, _ node: DifferenceTree.Node, _ y: Int, _ inner: Double,
    _ text: (Double) -> String
  ) -> String {
    let (left, width) = (Double(margin) + box.left * inner, box.width * inner)
    let room = Int((width - 6) / letterWidth)
    let label =
      node.name.count <= room
      ? node.name : room < 3 ? "" : String(node.name.prefix(room - 1)) + "…"
    let name =
      label.isEmpty
      ? ""
      : "<text x=\"\(number(left + 3))\" y=\"\(y + 13)\" fill=\"#1b1b1b\">"
        + "\(MarkupText.escaped(label))</text>"
    let library = node.library.isEmpty ? "" : " [\(node.library)]"
    let tooltip =
      "\(node.name)\(library): base \(text(node.base.value)), new \(text(node.new.value)), "
      + FlameDifferenceData.change(node)
    return "<g><title>\(MarkupText.escaped(tooltip))</title>"
      + "<rect x=\"\(number(left))\" y=\"\(y)\" width=\"\(number(max(0.1, width - 0.4)))\" "
      + "height=\"\(rowHeight - 1)\" rx=\"1.5\" fill=\"\(color(FlameDifferenceData.shade(node)))\"/>"
      + "\(name)</g>"
  }

  private static func legend(_ y: Int) -> String {
    let marks =
      [(-100, "less, or gone"), (-35, "a third less"), (0, "could be chance")]
      + [(35, "a third more"), (100, "twice or more, or new")]
    return marks.enumerated().map { index, mark in
      let x = margin + index * 170
      return "<rect x=\"\(x)\" y=\"\(y - 9)\" width=\"10\" height=\"10\" rx=\"2\" "
        + "fill=\"\(color(mark.0))\"/>" + words(mark.1, y, x: x + 15)
    }.joined(separator: "\n")
  }

  /// From blue over gray to red; the ground of each is light enough for dark letters.
  private static func color(_ shade: Int) -> String {
    let share = Double(abs(shade)) / 100
    let gray = (222.0, 220.0, 216.0)
    let end = shade < 0 ? (96.0, 150.0, 222.0) : (236.0, 100.0, 88.0)
    let mixed = [(gray.0, end.0), (gray.1, end.1), (gray.2, end.2)].map { from, to in
      let text = String(Int((from + (to - from) * share).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + mixed.joined()
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, digits: 1) }
}
