import Comparison
import Measurement
import ProfileViews
import Vocabulary

/// The frames of differential flame graphs as rows of numbers; texts are places in one list.
///
/// Each graph is laid out twice: as wide as the new side, and as wide as the base, so that what
/// vanished can be seen too. A frame's shade is its own change, from −100 (gone) over 0 to 100
/// (doubled or more); where the samples of both sides could be chance, there is none.
enum FlameDifferenceData {
  /// Frames below this share of the whole are folded into their parents.
  private static let narrowest = 0.001

  static func json(_ flames: [DifferentialFlame]) -> String {
    var names = Names()
    let graphs = flames.map { graph($0, &names) }
    let list = names.list.map(MarkupText.json).joined(separator: ",")
    return "{\"names\":[\(list)],\"graphs\":[\(graphs.joined(separator: ","))]}"
  }

  private struct Names {
    var list: [String] = []
    private var positions: [String: Int] = [:]

    mutating func place(_ text: String) -> Int {
      if let known = positions[text] { return known }
      positions[text] = list.count
      list.append(text)
      return list.count - 1
    }
  }

  private static func graph(_ flame: DifferentialFlame, _ names: inout Names) -> String {
    let sides: [KeyPath<DifferenceTree.Node, DifferenceTree.Cost>] = [\.new, \.base]
    let layouts = sides.map { side in
      let layout = FlameLayout(flame.tree, widthOf: side, narrowest: narrowest)
      let total = flame.tree.nodes[0][keyPath: side].value
      let frames = layout.boxes.map { frame($0, flame, &names) }.joined(separator: ",")
      let left = total > 0 ? layout.omitted / total : 0
      return "{\"rows\":\(layout.rows),\"total\":\(names.place(text(total, flame))),"
        + "\"left\":\(names.place(NumberText.percent(left))),\"frames\":[\(frames)]}"
    }
    let title = "\(flame.role.rawValue) \(flame.kind.rawValue), \(basis(flame))"
    return "{\"title\":\(names.place(title)),\"new\":\(layouts[0]),\"base\":\(layouts[1])}"
  }

  private static func basis(_ flame: DifferentialFlame) -> String {
    switch flame.basis {
    case .perOperation: "per operation of any kind"
    case .perSecond: "per second"
    case .share: "share of the profile"
    }
  }

  private static func frame(
    _ box: FlameLayout.Box, _ flame: DifferentialFlame, _ names: inout Names
  ) -> String {
    let node = flame.tree.nodes[box.node]
    let texts = [
      node.name, node.library, text(node.base.value, flame), text(node.new.value, flame),
    ]
    let places = texts.map { "\(names.place($0))" }.joined(separator: ",")
    return "[\(NumberText.fixed(box.left, digits: 6)),\(NumberText.fixed(box.width, digits: 6)),"
      + "\(box.row),\(places),\(names.place(change(node))),\(shade(node))]"
  }

  private static func text(_ value: Double, _ flame: DifferentialFlame) -> String {
    value == 0 ? "nothing" : NumberText.text(value, flame.unit)
  }

  static func change(_ node: DifferenceTree.Node) -> String {
    if node.base.value == 0 { return "new" }
    if node.new.value == 0 { return "gone" }
    return NumberText.change(node.new.value / node.base.value - 1)
  }

  /// From −100 (gone) over 0 (could be chance) to 100 (doubled, or new).
  static func shade(_ node: DifferenceTree.Node) -> Int {
    let (base, new) = (node.base, node.new)
    // Counts differ by twice their root by chance alone; real runs by more, so this is lenient.
    func chance(_ cost: DifferenceTree.Cost) -> Double {
      cost.samples > 0 ? cost.value * cost.value / cost.samples : 0
    }
    let difference = new.value - base.value
    if difference * difference <= 4 * (chance(base) + chance(new)) { return 0 }
    let share = base.value > 0 ? difference / base.value : 1
    return Int((max(-1, min(1, share)) * 100).rounded())
  }
}
