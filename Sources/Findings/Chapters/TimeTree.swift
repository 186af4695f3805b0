/// Where 100 % of a time goes, as a tree whose children always sum to their parent.
///
/// Shares are in hundredths of a percent and amounts in hundredths of one unit, both rounded so
/// that the printed numbers add up and not only the measured ones, and to no more digits than
/// their samples carry.
package struct TimeTree: Codable, Sendable, Equatable {
  package var title: Prose
  /// Nil for a role as a whole.
  package var operation: String?
  package var role: String
  /// Seconds that are 100 %.
  package var whole: Double
  /// `ns`, `µs`, `ms`, `s` or `min`.
  package var unit: String
  /// Decimals worth printing of a share and of an amount: 0, 1 or 2.
  package var decimals: Decimals
  package var rows: [Row]
  /// What a reader must know before adding up.
  package var note: Prose?

  package struct Decimals: Codable, Sendable, Equatable {
    package var share: Int
    package var amount: Int
  }

  package struct Row: Codable, Sendable, Equatable {
    package var depth: Int
    package var name: Prose
    /// Hundredths of a percent.
    package var share: Int
    /// Hundredths of the unit.
    package var amount: Int
    package var place: String?
  }
}

/// A part of a time and its parts, before anything is rounded.
struct TimeNode {
  var name: Prose
  var seconds: Double
  var place: String?
  var children: [TimeNode] = []
  /// Parts below it with less are not told one by one: too few samples.
  var least = 0.0
  /// The names that were folded into this one, from the outside in.
  private var way: [Prose]?

  init(name: Prose, seconds: Double, place: String? = nil, children: [TimeNode] = []) {
    (self.name, self.seconds, self.place, self.children) = (name, seconds, place, children)
  }

  /// Largest first; names settle ties, so that the order never depends on a hash.
  mutating func sort() {
    for index in children.indices { children[index].sort() }
    children.sort { ($1.seconds, $0.name.plain) < ($0.seconds, $1.name.plain) }
  }

  /// Gives every node that is more than its children a child for the difference.
  mutating func addSelf(_ name: Prose = "(itself)") {
    guard !children.isEmpty else { return }
    for index in children.indices { children[index].addSelf(name) }
    let rest = seconds - children.reduce(0) { $0 + $1.seconds }
    if rest > seconds * 1e-9 { children.append(TimeNode(name: name, seconds: rest)) }
  }

  /// Functions that only pass on to another one stand in its line: nothing is spent between them.
  private mutating func foldWays() {
    while children.count == 1, !children[0].children.isEmpty, children[0].seconds == seconds {
      let only = children[0]
      way = (way ?? [name]) + [only.name]
      (place, children) = (only.place, only.children)
    }
    if let way, let last = way.last {
      name = way.count > 2 ? "\(way[0]) › … › \(last)" : "\(way[0]) › \(last)"
    }
    foldBelow()
  }

  mutating func foldBelow() {
    for index in children.indices { children[index].foldWays() }
  }
}

extension TimeTree {
  /// As many lines as a page has.
  private static let rowsMax = 40
  /// Below this share of everything, parts are counted together.
  private static let least = 0.01

  /// `samples` is how many the functions of the tree were found in; nil when they were counted.
  init(
    _ root: TimeNode, title: Prose, operation: String?, role: String, samples: Int? = nil,
    note: Prose? = nil
  ) {
    var root = root
    root.addSelf()
    // The parts that a reader looks for first keep their names.
    for index in root.children.indices { root.children[index].foldBelow() }
    root.sort()
    let (unit, factor) = Self.unit(of: root.seconds)
    self.title = title
    self.operation = operation
    self.role = role
    self.unit = unit
    self.note = note
    whole = root.seconds
    decimals = Self.decimals(root.seconds * factor, samples)
    root = Self.opened(root)
    let amount = Self.rounded(root.seconds * factor * 100, decimals.amount)
    rows = [Row(depth: 0, name: root.name, share: 10_000, amount: amount, place: nil)]
    append(root, under: rows[0])
  }

  /// The tree as it is shown: the costliest node that is still shut is opened next, until the page
  /// is full, so that no cut hides what matters.
  private static func opened(_ root: TimeNode) -> TimeNode {
    let least = Self.least * root.seconds
    var nodes = [OpenNode(node: root, least: root.least)]
    var shut = [0]
    var rows = 1
    while rows < rowsMax, let next = shut.max(by: { nodes[$0].seconds < nodes[$1].seconds }) {
      shut.removeAll { $0 == next }
      let children = shown(nodes[next].node.children, nodes[next].least)
      // One line that says that it is many small ones is no news.
      guard children.contains(where: { $0.seconds >= nodes[next].least }) else { continue }
      for child in children {
        nodes[next].children.append(nodes.count)
        let open = OpenNode(node: child, least: max(least, child.least, nodes[next].least))
        if child.seconds >= least, !child.children.isEmpty { shut.append(nodes.count) }
        nodes.append(open)
      }
      rows += children.count
    }
    return tree(0, nodes)
  }

  private struct OpenNode {
    let node: TimeNode
    let least: Double
    var children: [Int] = []
    var seconds: Double { node.seconds }
  }

  private static func tree(_ index: Int, _ nodes: [OpenNode]) -> TimeNode {
    var node = nodes[index].node
    node.children = nodes[index].children.map { tree($0, nodes) }
    return node
  }

  private mutating func append(_ node: TimeNode, under parent: Row) {
    let values = node.children.map(\.seconds)
    let shares = Self.split(parent.share, values, step: Self.step(decimals.share))
    let amounts = Self.split(parent.amount, values, step: Self.step(decimals.amount))
    for (index, item) in node.children.enumerated() {
      let row = Row(
        depth: parent.depth + 1, name: item.name, share: shares[index], amount: amounts[index],
        place: item.place)
      rows.append(row)
      append(item, under: row)
    }
  }

  private static func shown(_ children: [TimeNode], _ least: Double) -> [TimeNode] {
    let small = children.filter { $0.seconds < least }
    guard small.count > 1 else { return children }
    let rest = small.reduce(0) { $0 + $1.seconds }
    return children.filter { $0.seconds >= least }
      + [TimeNode(name: "… \(small.count) more", seconds: rest)]
  }

  // MARK: - Rounding

  /// A hundredth of a percent takes ten thousand samples; three digits are enough for an amount.
  private static func decimals(_ amount: Double, _ samples: Int?) -> Decimals {
    let share = samples.map { $0 >= 10_000 ? 2 : $0 >= 400 ? 1 : 0 } ?? 2
    return Decimals(share: share, amount: amount >= 99.5 ? 0 : amount >= 9.95 ? 1 : 2)
  }

  private static func step(_ decimals: Int) -> Int { decimals == 0 ? 100 : decimals == 1 ? 10 : 1 }

  private static func rounded(_ hundredths: Double, _ decimals: Int) -> Int {
    let step = step(decimals)
    return Int((hundredths / Double(step)).rounded()) * step
  }

  /// A whole number in parts that sum to it, each as near to its proportion as that allows, in
  /// whole steps.
  static func split(_ whole: Int, _ parts: [Double], step: Int = 1) -> [Int] {
    let sum = parts.reduce(0, +)
    guard sum > 0 else { return parts.indices.map { $0 == 0 ? whole : 0 } }
    let exact = parts.map { Double(whole / step) * $0 / sum }
    var result = exact.map { Int($0.rounded(.down)) }
    let missing = whole / step - result.reduce(0, +)
    let order = exact.indices.sorted {
      let left = exact[$0] - exact[$0].rounded(.down)
      let right = exact[$1] - exact[$1].rounded(.down)
      return left != right ? left > right : $0 < $1
    }
    for index in order.prefix(max(0, missing)) { result[index] += 1 }
    return result.map { $0 * step }
  }

  private static func unit(of seconds: Double) -> (String, Double) {
    switch seconds {
    case ..<1e-6: ("ns", 1e9)
    case ..<1e-3: ("µs", 1e6)
    case ..<1: ("ms", 1e3)
    case ..<120: ("s", 1)
    default: ("min", 1.0 / 60)
    }
  }
}
