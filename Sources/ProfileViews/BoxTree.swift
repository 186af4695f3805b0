import Pprof

/// A profile as a tree of boxes: from the roots of the stacks down, or from the leaves up.
///
/// Every level sums: a node is its own cost, as a row `(self)`, and its children's; what is too
/// small to be shown is a row of its own. Shares and values are rounded so that this holds for the
/// printed numbers too.
package struct BoxTree: Sendable {
  package struct Node: Sendable, Equatable {
    package let name: String
    package fileprivate(set) var value: Int64 = 0
    /// What ends here: the function's own cost, or in an inverted tree what nobody called.
    package fileprivate(set) var ownValue: Int64 = 0
    /// The costliest first, positions in `nodes`.
    package fileprivate(set) var children: [Int] = []
  }

  /// The root is the first.
  package private(set) var nodes = [Node(name: "all")]
  package let subject: ViewSubject
  package let isInverted: Bool

  /// Builds the tree of all stacks that are left.
  ///
  /// - Throws: For values that do not add up to anything: means, and differences.
  package init(
    _ combined: CombinedProfile, isInverted: Bool, _ options: ViewOptions
  ) throws(ViewError) {
    if options.isMean { throw .notATree("means do not add up") }
    let subject = try ViewSubject(combined, options)
    self.subject = subject
    self.isInverted = isInverted
    if subject.weights.contains(where: { $0.value < 0 }) {
      throw .notATree("a difference has negative values")
    }
    let graph = subject.graph()
    var positions: [Place: Int] = [:]
    for (number, weight) in subject.weights.enumerated() where weight.value > 0 {
      let path = graph.path(of: number).map(\.node)
      var current = 0
      nodes[0].value &+= weight.value
      for key in isInverted ? path.reversed() : path {
        current = child(of: current, key, graph.keys, &positions)
        nodes[current].value &+= weight.value
      }
      nodes[current].ownValue &+= weight.value
    }
    sort()
  }

  private struct Place: Hashable {
    let parent: Int
    let key: Int
  }

  private mutating func child(
    of parent: Int, _ key: Int, _ keys: [FrameGraph.Key], _ positions: inout [Place: Int]
  ) -> Int {
    let place = Place(parent: parent, key: key)
    if let known = positions[place] { return known }
    positions[place] = nodes.count
    nodes[parent].children.append(nodes.count)
    nodes.append(Node(name: keys[key].text))
    return nodes.count - 1
  }

  private mutating func sort() {
    for index in nodes.indices {
      let children = nodes[index].children
      nodes[index].children = children.sorted { one, other in
        let (left, right) = (nodes[one], nodes[other])
        if left.value != right.value { return left.value > right.value }
        return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
      }
    }
  }
}

extension BoxTree {
  /// A line of the drawn tree; rows of one parent sum to it, shares and amounts alike.
  package struct Row: Sendable, Equatable {
    /// The lines that lead to it.
    package let drawing: String
    package let depth: Int
    package let name: String
    package let value: Int64
    /// In hundredths of a percent.
    package let share: Int64
    /// In hundredths of the unit of the whole tree, or whole where that cannot be divided.
    package let amount: Int64
  }

  /// The rows down to a depth, counted where the tree branches, and a share of everything.
  package func rows(depth: Int, minimumShare: Double) -> [Row] {
    let drawing = Drawing(self, depth: depth, minimumShare: minimumShare)
    return drawing.rows()
  }

  package func text(depth: Int, minimumShare: Double) -> String {
    let drawing = Drawing(self, depth: depth, minimumShare: minimumShare)
    var lines = ViewHeader.profile(subject, unit: drawing.unit)
    if nodes[0].value == 0 { lines.append("There is nothing to show.") }
    let rows = drawing.rows()
    let width = rows.map { drawing.text($0).count }.max() ?? 0
    lines += rows.map { row in
      let amount = UnitScale.padded(drawing.text(row), to: width)
      let share = UnitScale.padded(Drawing.decimal(row.share), to: 6)
      return "\(share)%  \(amount)  \(row.drawing)\(row.name)"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Drawing {
    let tree: BoxTree
    let depth: Int
    let least: Int64
    let unit: String
    private let isWhole: Bool

    init(_ tree: BoxTree, depth: Int, minimumShare: Double) {
      self.tree = tree
      self.depth = depth
      least = Int64(clamping: (Double(tree.subject.total) * minimumShare).rounded(.up))
      let (type, options) = (tree.subject.type, tree.subject.options)
      let wanted = options.unit == "minimum" ? "auto" : options.unit
      let size = tree.subject.divided(tree.nodes[0].value)
      let scaled = UnitScale.scale(size, from: type.unit, to: wanted)
      unit = scaled.unit
      isWhole = scaled.value == Double(size)
    }

    func rows() -> [Row] {
      let (value, subject) = (tree.nodes[0].value, tree.subject)
      if value == 0 { return [] }
      let size = subject.divided(value)
      let scaled = UnitScale.scale(size, from: subject.type.unit, to: unit.isEmpty ? "auto" : unit)
      let amount = isWhole ? size : Int64(clamping: (scaled.value * 100).rounded())
      let share = Double(value) / Double(subject.total) * 10_000
      let root = Row(
        drawing: "", depth: 0, name: tree.nodes[0].name, value: value,
        share: Int64(clamping: share.rounded()), amount: amount)
      return [root] + below(0, root, lines: "", levels: depth)
    }

    func text(_ row: Row) -> String {
      (isWhole ? "\(row.amount)" : Self.decimal(row.amount)) + unit
    }

    static func decimal(_ hundredths: Int64) -> String {
      let rest = hundredths % 100
      return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static let longestWay = 100

    private struct Item {
      let node: Int?
      let name: String
      let value: Int64
    }

    /// A way without branches is no level, unless someone made it to be without end.
    private func below(_ node: Int, _ parent: Row, lines: String, levels: Int) -> [Row] {
      let items = items(of: node)
      if items.isEmpty || levels == 0 { return [] }
      let left = items.count == 1 && parent.depth < Self.longestWay ? levels : levels - 1
      let shares = Self.split(parent.share, items.map(\.value), parent.value)
      let amounts = Self.split(parent.amount, items.map(\.value), parent.value)
      return items.enumerated().flatMap { position, item in
        let isLast = position == items.count - 1
        let row = Row(
          drawing: lines + (isLast ? "└─ " : "├─ "), depth: parent.depth + 1, name: item.name,
          value: item.value, share: shares[position], amount: amounts[position])
        let more = item.node.map {
          below($0, row, lines: lines + (isLast ? "   " : "│  "), levels: left)
        }
        return [row] + (more ?? [])
      }
    }

    /// The children that are large enough, the node's own cost, and the rest.
    private func items(of index: Int) -> [Item] {
      let node = tree.nodes[index]
      if node.children.isEmpty { return [] }
      let children = node.children.map {
        Item(node: $0, name: tree.nodes[$0].name, value: tree.nodes[$0].value)
      }
      var shown = children.filter { $0.value >= least }
      if node.ownValue > 0 {
        let own = Item(
          node: nil, name: tree.isInverted ? "(no caller)" : "(self)", value: node.ownValue)
        shown.insert(own, at: shown.firstIndex { $0.value < own.value } ?? shown.count)
      }
      let hidden = children.filter { $0.value < least }
      if !hidden.isEmpty {
        let value = hidden.reduce(0) { $0 + $1.value }
        shown.append(Item(node: nil, name: "… \(hidden.count) more", value: value))
      }
      return shown
    }

    /// A whole number in parts that sum to it, each as near to its proportion as that allows.
    private static func split(_ whole: Int64, _ parts: [Int64], _ sum: Int64) -> [Int64] {
      let exact = parts.map { part in
        UInt64(sum).dividingFullWidth(UInt64(whole).multipliedFullWidth(by: UInt64(part)))
      }
      var result = exact.map { Int64($0.quotient) }
      let missing = Int(whole - result.reduce(0, +))
      let order = exact.indices.sorted {
        (exact[$1].remainder, $0) < (exact[$0].remainder, $1)
      }
      for index in order.prefix(missing) { result[index] += 1 }
      return result
    }
  }
}
