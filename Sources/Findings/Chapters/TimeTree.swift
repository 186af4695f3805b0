/// Where 100 % of a time goes, as a tree whose children always sum to their parent.
///
/// Shares are in hundredths of a percent and amounts in hundredths of one unit, both rounded so
/// that the printed numbers add up and not only the measured ones.
package struct TimeTree: Codable, Sendable, Equatable {
  package var title: Prose
  /// Nil for a role as a whole.
  package var operation: String?
  package var role: String
  /// Seconds that are 100 %.
  package var whole: Double
  /// `ns`, `µs`, `ms`, `s` or `min`.
  package var unit: String
  package var rows: [Row]
  /// What a reader must know before adding up.
  package var note: Prose?

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
}

extension TimeTree {
  /// Levels that branch; a way that hardly does is no level.
  private static let levels = 4
  private static let longestWay = 24
  /// Below this share of everything, parts are counted together.
  private static let least = 0.015

  init(
    _ root: TimeNode, title: Prose, operation: String?, role: String, note: Prose? = nil
  ) {
    var root = root
    root.addSelf()
    root.sort()
    let (unit, factor) = Self.unit(of: root.seconds)
    self.title = title
    self.operation = operation
    self.role = role
    self.unit = unit
    self.note = note
    whole = root.seconds
    rows = [
      Row(
        depth: 0, name: root.name, share: 10_000,
        amount: Int((root.seconds * factor * 100).rounded()), place: nil)
    ]
    append(root, under: rows[0], levels: Self.levels)
  }

  private mutating func append(_ node: TimeNode, under parent: Row, levels: Int) {
    guard !node.children.isEmpty, levels > 0, parent.depth < Self.longestWay else { return }
    let largest = node.children.map(\.seconds).max() ?? 0
    let left = largest >= 0.9 * node.seconds ? levels : levels - 1
    let items = shown(node.children)
    let values = items.map(\.seconds)
    let shares = Self.split(parent.share, values)
    let amounts = Self.split(parent.amount, values)
    for (index, item) in items.enumerated() {
      let row = Row(
        depth: parent.depth + 1, name: item.name, share: shares[index], amount: amounts[index],
        place: item.place)
      rows.append(row)
      append(item, under: row, levels: left)
    }
  }

  private func shown(_ children: [TimeNode]) -> [TimeNode] {
    let large = children.filter { $0.seconds >= Self.least * whole }
    let small = children.filter { $0.seconds < Self.least * whole }
    guard small.count > 1 else { return children }
    let rest = small.reduce(0) { $0 + $1.seconds }
    return large + [TimeNode(name: "… \(small.count) more", seconds: rest)]
  }

  /// A whole number in parts that sum to it, each as near to its proportion as that allows.
  static func split(_ whole: Int, _ parts: [Double]) -> [Int] {
    let sum = parts.reduce(0, +)
    guard sum > 0 else { return parts.indices.map { $0 == 0 ? whole : 0 } }
    let exact = parts.map { Double(whole) * $0 / sum }
    var result = exact.map { Int($0.rounded(.down)) }
    let missing = whole - result.reduce(0, +)
    let order = exact.indices.sorted {
      let left = exact[$0] - exact[$0].rounded(.down)
      let right = exact[$1] - exact[$1].rounded(.down)
      return left != right ? left > right : $0 < $1
    }
    for index in order.prefix(max(0, missing)) { result[index] += 1 }
    return result
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
