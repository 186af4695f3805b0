import Pprof

/// Functions and calls with the labels of their samples: what a drawn call graph is made of.
///
/// Nodes that count nothing are not listed, though calls may lead to them. Calls are taken away by
/// marking, so that positions stay.
struct PictureGraph {
  struct Node {
    let node: FrameGraph.Node
    let text: String
    var tags = NodeTags()
    /// Positions in `calls`.
    fileprivate(set) var callers: [Int] = []
    fileprivate(set) var callees: [Int] = []
  }

  var nodes: [Node]
  var calls: [CallTable.Call]
  private(set) var isGone: [Bool]
  /// Positions in `nodes`, in the order in which they are shown.
  var listed: [Int]

  /// The graph of the nodes that are kept.
  init(_ subject: ViewSubject, _ graph: FrameGraph, keeping isKept: [Bool]) {
    let tags = SampleLabels(subject)
    var found = [NodeTags](repeating: NodeTags(), count: graph.keys.count)
    graph.visit(isKept) { node, sample, weight in
      found[node].add(tags[sample], weight, isLeaf: false)
    } leaf: { node, sample, weight in
      found[node].add(tags[sample], weight, isLeaf: true)
    }
    let kept = graph.nodes(keeping: isKept)
    var positions = [Int32](repeating: -1, count: graph.keys.count)
    for (position, node) in kept.enumerated() { positions[node.number] = Int32(position) }
    let all = [Bool](repeating: true, count: graph.keys.count)
    let calls = graph.calls(keeping: isKept, to: all).map { call in
      var moved = CallTable.Call(
        from: positions[Int(call.caller)], to: positions[Int(call.callee)],
        FrameGraph.Weight(value: call.weight, divisor: call.divisor), isInlined: call.isInlined,
        isResidual: call.isResidual)
      moved.isResidual = call.isResidual
      return moved
    }
    self.init(
      subject,
      kept.map { Node(node: $0, text: $0.key.text, tags: found[$0.number]) }, calls)
  }

  init(_ subject: ViewSubject, _ nodes: [Node], _ calls: [CallTable.Call]) {
    self.nodes = nodes
    self.calls = calls
    isGone = [Bool](repeating: false, count: calls.count)
    listed = nodes.indices.filter { !subject.live([nodes[$0].node]).isEmpty }
    for (position, call) in calls.enumerated() {
      self.nodes[Int(call.caller)].callees.append(position)
      self.nodes[Int(call.callee)].callers.append(position)
    }
  }

  func callers(of node: Int) -> [Int] { nodes[node].callers.filter { !isGone[$0] } }

  func callees(of node: Int) -> [Int] { nodes[node].callees.filter { !isGone[$0] } }

  mutating func remove(call: Int) { isGone[call] = true }

  /// Lets a call begin elsewhere.
  mutating func move(call: Int, to caller: Int) {
    calls[call].caller = Int32(caller)
    nodes[caller].callees.append(call)
  }

  /// The order of calls: the larger magnitude, then the names at both ends.
  func comesBefore(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (calls[one], calls[other])
    if left.weight.magnitude != right.weight.magnitude {
      return left.weight.magnitude > right.weight.magnitude
    }
    let names = (nodes[Int(left.caller)].text, nodes[Int(right.caller)].text)
    if names.0 != names.1 { return names.0.utf8.lexicographicallyPrecedes(names.1.utf8) }
    return nodes[Int(left.callee)].text.utf8
      .lexicographicallyPrecedes(nodes[Int(right.callee)].text.utf8)
  }
}
