/// The nodes that a table shows, in its order, and the calls between them.
///
/// What a node costs does not depend on which others are kept, so it is summed once. Calls do: a
/// dropped node leaves a gap between those above and below it.
struct TrimmedGraph {
  private(set) var nodes: [FrameGraph.Node]
  private(set) var dropped = 0
  /// How many nodes there were before the count was cut.
  private(set) var before: Int
  private var isKept: [Bool]
  private let graph: FrameGraph
  private let callCutoff: UInt64

  init(_ subject: ViewSubject) {
    let options = subject.options
    graph = subject.graph()
    isKept = [Bool](repeating: true, count: graph.keys.count)
    nodes = subject.live(graph.nodes(keeping: isKept))
    let sum = nodes.reduce(Int64(0)) { $0 &+ $1.flat }
    callCutoff = Self.share(options.edgeFraction, of: sum)
    let cutoff = Self.share(options.nodeFraction, of: sum)
    let kept = nodes.filter { $0.cum.magnitude >= cutoff }
    if cutoff > 0, kept.count != nodes.count {
      dropped = nodes.count - kept.count
      isKept = Self.marks(kept[...], graph)
      nodes = kept
    }
    before = nodes.count
    sort(byCum: options.sortsByCum)
    if let count = options.nodeCount, count > 0, count < nodes.count {
      nodes = Array(nodes.prefix(count))
      isKept = Self.marks(nodes[...], graph)
    }
  }

  private mutating func sort(byCum: Bool) {
    if byCum {
      NodeOrder.sort(&nodes, by: \.cum, then: \.flat)
    } else {
      NodeOrder.sort(&nodes, by: \.flat, then: \.cum)
    }
  }

  /// Each of the nodes with the calls that lead to it and from it.
  func neighbors() -> [Neighbors] {
    let isListed = Self.marks(nodes[...], graph)
    let all = [Bool](repeating: true, count: graph.keys.count)
    let calls = graph.calls(keeping: isKept, to: all)
      .filter { !isListed[Int($0.callee)] || $0.weight.magnitude >= callCutoff }
    var positions = [Int](repeating: -1, count: graph.keys.count)
    for (position, node) in nodes.enumerated() { positions[node.number] = position }
    var result = nodes.map { Neighbors(node: $0, callers: [], callees: []) }
    for call in calls {
      let (caller, callee) = (Int(call.caller), Int(call.callee))
      if positions[callee] >= 0 {
        result[positions[callee]].callers.append(.init(graph.keys[caller].text, call))
      }
      if positions[caller] >= 0 {
        result[positions[caller]].callees.append(.init(graph.keys[callee].text, call))
      }
    }
    for index in result.indices { result[index].sort() }
    return result
  }

  struct Neighbors {
    let node: FrameGraph.Node
    fileprivate(set) var callers: [Neighbor]
    fileprivate(set) var callees: [Neighbor]

    fileprivate mutating func sort() {
      callers.sort(by: Neighbor.comesBefore)
      callees.sort(by: Neighbor.comesBefore)
    }
  }

  struct Neighbor {
    let name: String
    let weight: Int64
    let isInlined: Bool

    fileprivate init(_ name: String, _ call: CallTable.Call) {
      (self.name, weight, isInlined) = (name, call.weight, call.isInlined)
    }

    fileprivate static func comesBefore(_ one: Neighbor, _ other: Neighbor) -> Bool {
      if one.weight.magnitude != other.weight.magnitude {
        return one.weight.magnitude > other.weight.magnitude
      }
      return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
  }

  /// What stands behind the names of nodes that are called inlined, by their numbers.
  func inlining() -> [Int: String] {
    let candidates = graph.nodesThatMayBeInlined()
    if !candidates.contains(true) { return [:] }
    var found: [Int: (inlined: Bool, plain: Bool)] = [:]
    for call in graph.calls(keeping: isKept, to: candidates)
    where call.weight.magnitude >= callCutoff {
      let before = found[Int(call.callee)] ?? (false, false)
      found[Int(call.callee)] = (
        before.inlined || call.isInlined, before.plain || !call.isInlined
      )
    }
    return found.filter(\.value.inlined)
      .mapValues { $0.plain ? "(partial-inline)" : "(inline)" }
  }

  static func share(_ fraction: Double, of sum: Int64) -> UInt64 {
    UInt64(exactly: (Double(sum) * fraction).magnitude.rounded(.down)) ?? .max
  }

  private static func marks(_ nodes: ArraySlice<FrameGraph.Node>, _ graph: FrameGraph) -> [Bool] {
    var result = [Bool](repeating: false, count: graph.keys.count)
    for node in nodes { result[node.number] = true }
    return result
  }
}

/// The order of rows: the larger magnitude, the name, the other value, and then anything certain.
enum NodeOrder {
  static func sort(
    _ nodes: inout [FrameGraph.Node], by first: (FrameGraph.Node) -> Int64,
    then second: (FrameGraph.Node) -> Int64
  ) {
    let rows = nodes.map { node in
      (node: node, text: Array(node.key.text.utf8), first: first(node), second: second(node))
    }
    nodes = rows.sorted { one, other in
      if one.first.magnitude != other.first.magnitude {
        return one.first.magnitude > other.first.magnitude
      }
      if one.text != other.text { return one.text.lexicographicallyPrecedes(other.text) }
      if one.second.magnitude != other.second.magnitude {
        return one.second.magnitude > other.second.magnitude
      }
      return one.node.key.tieBreaker.utf8
        .lexicographicallyPrecedes(other.node.key.tieBreaker.utf8)
    }.map(\.node)
  }
}
