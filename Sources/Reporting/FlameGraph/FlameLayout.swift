import ProfileViews

/// Where each frame of a flame graph lies: shares of the width, rows from the root up.
struct FlameLayout {
  struct Box {
    let node: Int
    /// From 0 to 1.
    let left: Double
    let width: Double
    let row: Int
  }

  let boxes: [Box]
  let rows: Int
  /// What frames too thin to draw are worth together, each counted once.
  let omitted: Int64

  init(_ tree: CallTree, narrowest: Double) {
    var boxes: [Box] = []
    var rows = 0
    var omitted: Int64 = 0
    var pending: [(node: Int, start: Int64)] = [(0, 0)]
    let total = Double(max(1, tree.total))
    while let (index, start) = pending.popLast() {
      let node = tree.nodes[index]
      let width = Double(node.value) / total
      if width < narrowest {
        omitted += node.value
        continue
      }
      boxes.append(Box(node: index, left: Double(start) / total, width: width, row: node.depth))
      rows = max(rows, node.depth + 1)
      var position = start
      for child in node.children {
        pending.append((child, position))
        position += tree.nodes[child].value
      }
    }
    self.boxes = boxes.sorted { ($0.row, $0.left) < ($1.row, $1.left) }
    self.rows = rows
    self.omitted = omitted
  }
}
