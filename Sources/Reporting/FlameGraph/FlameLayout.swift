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
  let omitted: Double

  init(_ tree: CallTree, narrowest: Double) {
    self.init(
      narrowest: narrowest, value: { Double(tree.nodes[$0].value) },
      children: { tree.nodes[$0].children }, depth: { tree.nodes[$0].depth })
  }

  /// As wide as the frames cost on one side of a difference.
  init(
    _ tree: DifferenceTree, widthOf side: KeyPath<DifferenceTree.Node, DifferenceTree.Cost>,
    narrowest: Double
  ) {
    self.init(
      narrowest: narrowest, value: { tree.nodes[$0][keyPath: side].value },
      children: { tree.nodes[$0].children }, depth: { tree.nodes[$0].depth })
  }

  /// Lays out any tree whose root is node 0.
  private init(
    narrowest: Double, value: (Int) -> Double, children: (Int) -> [Int], depth: (Int) -> Int
  ) {
    var boxes: [Box] = []
    var rows = 0
    var omitted = 0.0
    var pending: [(node: Int, start: Double)] = [(0, 0)]
    let total = value(0) > 0 ? value(0) : 1
    while let (node, start) = pending.popLast() {
      let width = value(node) / total
      if width < narrowest {
        omitted += value(node)
        continue
      }
      boxes.append(Box(node: node, left: start / total, width: width, row: depth(node)))
      rows = max(rows, depth(node) + 1)
      var position = start
      for child in children(node) {
        pending.append((child, position))
        position += value(child)
      }
    }
    self.boxes = boxes.sorted { ($0.row, $0.left) < ($1.row, $1.left) }
    self.rows = rows
    self.omitted = omitted
  }
}
