/// A call graph in which a function stands once for each way that leads to it.
struct CallTreeGraph {
  private var costs: [FrameGraph.Node] = []
  private var tags: [NodeTags] = []
  private var calls: [CallTable.Call] = []
  /// The call that leads to a node, or −1.
  private var callTo: [Int] = []
  private var positions: [Place: Int] = [:]

  private struct Place: Hashable {
    let parent: Int
    let key: Int
  }

  static func of(_ subject: ViewSubject, _ graph: FrameGraph) -> PictureGraph {
    var tree = CallTreeGraph()
    let labels = SampleLabels(subject)
    for (number, weight) in subject.weights.enumerated() where !weight.isZero {
      tree.add(graph.path(of: number), graph.keys, weight, labels[number])
    }
    let nodes = zip(tree.costs, tree.tags).map { cost, tags in
      PictureGraph.Node(node: cost, text: cost.key.text, tags: tags)
    }
    return PictureGraph(subject, nodes, tree.calls)
  }

  private mutating func add(
    _ path: [FrameGraph.Step], _ keys: [FrameGraph.Key], _ weight: FrameGraph.Weight,
    _ labels: SampleLabels.Labels
  ) {
    var parent = -1
    for step in path {
      let node = child(of: parent, step, keys, weight)
      costs[node].cum &+= weight.value
      costs[node].cumDivisor &+= weight.divisor
      tags[node].add(labels, weight, isLeaf: false)
      parent = node
    }
    if parent < 0 { return }
    costs[parent].flat &+= weight.value
    costs[parent].flatDivisor &+= weight.divisor
    tags[parent].add(labels, weight, isLeaf: true)
  }

  /// The node below another one, made on first sight; the call to it grows.
  private mutating func child(
    of parent: Int, _ step: FrameGraph.Step, _ keys: [FrameGraph.Key], _ weight: FrameGraph.Weight
  ) -> Int {
    let place = Place(parent: parent, key: step.node)
    if let known = positions[place] {
      if callTo[known] >= 0 {
        calls[callTo[known]].add(weight, isInlined: step.isInlined, isResidual: false)
      }
      return known
    }
    positions[place] = costs.count
    callTo.append(parent < 0 ? -1 : calls.count)
    if parent >= 0 {
      calls.append(
        CallTable.Call(
          from: Int32(parent), to: Int32(costs.count), weight, isInlined: step.isInlined,
          isResidual: false))
    }
    costs.append(FrameGraph.Node(number: costs.count, key: keys[step.node]))
    tags.append(NodeTags())
    return costs.count - 1
  }
}
