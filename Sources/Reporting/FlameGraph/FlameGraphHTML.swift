import Measurement
import Pprof
package import ProfileViews

/// A flame graph as one HTML file that works offline: click to zoom, type to search.
///
/// The data stands in a block that browsers do not execute, as JSON whose angle brackets are
/// escaped; a content security policy allows only the one script of this page.
package enum FlameGraphHTML {
  /// Frames below this share of the whole are folded into their parents.
  private static let narrowest = 0.000_5

  package static func render(_ tree: CallTree, _ options: FlameGraphSVG.Options) -> String {
    let layout = FlameLayout(tree, narrowest: narrowest)
    let share = tree.total > 0 ? layout.omitted / Double(tree.total) : 0
    let note =
      layout.omitted > 0
      ? "Frames below 0.05 % are not drawn; together they are \(NumberText.percent(share))." : ""
    return FlameGraphPage.html
      .replacing("{{title}}", with: escaped(options.title))
      .replacing("{{subtitle}}", with: escaped(options.subtitle))
      .replacing("{{note}}", with: note)
      .replacing("{{legend}}", with: legend)
      .replacing("{{data}}", with: data(tree, layout, options))
  }

  /// A title must not pass for one of the page's own blanks, which are filled in after it.
  private static func escaped(_ text: String) -> String {
    MarkupText.escaped(text).replacing("{", with: "&#123;")
  }

  private static var legend: String {
    FlameColor.allCases.map { color in
      "<span class=\"key\"><i class=\"k-\(color.rawValue)\"></i>\(color.legend)</span>"
    }.joined()
  }

  /// The frames as rows of numbers; texts are places in a list of names.
  private static func data(
    _ tree: CallTree, _ layout: FlameLayout, _ options: FlameGraphSVG.Options
  ) -> String {
    var names: [String] = []
    var positions: [String: Int] = [:]
    func place(_ text: String) -> Int {
      if let known = positions[text] { return known }
      positions[text] = names.count
      names.append(text)
      return names.count - 1
    }
    let frames = layout.boxes.map { box in
      let node = tree.nodes[box.node]
      let color = FlameColor.of(node, mainBinary: options.mainBinary)
      let kind = FlameColor.allCases.firstIndex(of: color) ?? 0
      return "[\(NumberText.fixed(box.left, digits: 7)),\(NumberText.fixed(box.width, digits: 7)),"
        + "\(box.row),\(place(node.name)),\(place(node.library)),\(kind),"
        + "\(place(FlameGraphSVG.text(node.value, tree.sampleType.unit))),"
        + "\(place(FlameGraphSVG.text(node.ownValue, tree.sampleType.unit)))]"
    }
    let list = names.map(MarkupText.json).joined(separator: ",")
    return
      "{\"rows\":\(layout.rows),\"names\":[\(list)],\"frames\":[\(frames.joined(separator: ","))]}"
  }
}
