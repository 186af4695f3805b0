import Findings
import Measurement
import Vocabulary

/// A flame graph inside a page, its root at the top: boxes with names, and tooltips for the rest.
///
/// It is a picture without the script, and can be zoomed with mouse or keys with it.
enum FlameMarkup {
  private static let width = 1_032.0
  private static let rowHeight = 18
  /// Boxes narrower than this many pixels are left to the tooltip of their caller.
  private static let narrowest = 2.5
  private static let letterWidth = 6.7

  private struct Box {
    let frame: FlameTree.Frame
    let left: Double
    let width: Double
  }

  static func render(_ tree: FlameTree) -> String {
    let boxes = boxes(tree)
    let rows = (boxes.map(\.frame.depth).max() ?? 0) + 1
    let height = rows * rowHeight
    let title = "\(tree.role): \(kind(tree)), \(amount(tree.total, tree)) in all"
    let label = HTMLText.escaped(MarkdownText.oneLine(title))
    let drawn = boxes.map { box($0, tree) }.joined(separator: "\n")
    return "<figure><figcaption>\(label)</figcaption>"
      + "<div class=\"flame\"><svg viewBox=\"0 0 \(Int(width)) \(height)\" width=\"\(Int(width))\" "
      + "height=\"\(height)\" tabindex=\"0\" role=\"group\" aria-label=\"Flame graph, \(label). "
      + "Arrow keys move, Enter zooms in, Escape goes back.\">\(drawn)</svg></div>"
      + "<p class=\"told\" aria-live=\"polite\">\(keys) Click or Enter zooms, Escape goes back.</p></figure>"
  }

  private static func kind(_ tree: FlameTree) -> String {
    switch tree.kind {
    case .cpu: "CPU"
    case .mutex: "delay by who held the lock"
    case .block: "waits"
    case .heap: "allocations"
    }
  }

  private static let keys =
    "Orange is the project, blue the kernel, green libraries and runtimes, gray labels, violet has no name."

  private static func boxes(_ tree: FlameTree) -> [Box] {
    // Where the next child of each level begins.
    var starts: [Int: Double] = [0: 0]
    var boxes: [Box] = []
    let total = Double(max(1, tree.total))
    for frame in tree.frames {
      let left = starts[frame.depth] ?? 0
      let own = Double(frame.value) / total * width
      starts[frame.depth] = left + own
      starts[frame.depth + 1] = left
      if own >= narrowest { boxes.append(Box(frame: frame, left: left, width: own)) }
    }
    return boxes
  }

  private static func box(_ box: Box, _ tree: FlameTree) -> String {
    let frame = box.frame
    let name = MarkdownText.shortened(MarkdownText.oneLine(tree.names[frame.name]))
    let y = frame.depth * rowHeight
    let share = Wording.percent(Double(frame.value) / Double(max(1, tree.total)))
    let room = Int((box.width - 6) / letterWidth)
    let shown = name.count <= room ? name : room < 4 ? "" : name.prefix(room - 1) + "…"
    let text =
      shown.isEmpty
      ? ""
      : "<text x=\"\(number(box.left + 3))\" y=\"\(y + 13)\">\(HTMLText.escaped(shown))</text>"
    return "<g><title>\(HTMLText.escaped(name)): \(amount(frame.value, tree)), \(share)</title>"
      + "<rect class=\"\(fill(frame.code))\" x=\"\(number(box.left))\" y=\"\(y)\" "
      + "width=\"\(number(box.width))\" height=\"\(rowHeight - 1)\"/>\(text)</g>"
  }

  private static func fill(_ code: FlameTree.Code) -> String {
    switch code {
    case .label: "label"
    case .project: "work"
    case .kernel: "kernel"
    case .runtime: "runtime"
    case .unknown: "unknown"
    }
  }

  private static func amount(_ value: Int64, _ tree: FlameTree) -> String {
    tree.isTime ? Wording.seconds(Double(value) / 1e9) : NumberText.bytes(Double(value))
  }

  private static func number(_ value: Double) -> String { NumberText.fixed(value, digits: 1) }
}
