import Measurement

/// Chooses what a picture shows: the nodes that tell most, and no call that others tell already.
struct PictureTrimming {
  private(set) var graph: PictureGraph
  private(set) var droppedNodes = 0
  private(set) var droppedCalls = 0
  /// How many nodes there were before the count was cut.
  private(set) var before = 0
  private let subject: ViewSubject
  private let frames: FrameGraph

  private static let tagsForNode = 4

  init(_ subject: ViewSubject) {
    self.subject = subject
    frames = subject.graph()
    let options = subject.options
    let all = [Bool](repeating: true, count: frames.keys.count)
    graph =
      options.isCallTree
      ? CallTreeGraph.of(subject, frames) : PictureGraph(subject, frames, keeping: all)
    let sum = graph.listed.reduce(Int64(0)) { $0 &+ graph.nodes[$1].node.flat }
    let nodeCutoff = TrimmedGraph.share(options.nodeFraction, of: sum)
    let callCutoff = TrimmedGraph.share(options.edgeFraction, of: sum)
    dropLightNodes(nodeCutoff)
    before = graph.listed.count
    sort()
    if let count = options.nodeCount, count > 0 {
      dropLightTags(nodeCutoff)
      _ = dropLightCalls(callCutoff)
      let chosen = Array(graph.listed.prefix(limit(count)))
      if chosen.count != graph.listed.count {
        keep(chosen)
        sort()
      }
    }
    dropLightTags(nodeCutoff)
    droppedCalls = dropLightCalls(callCutoff)
    dropRedundantCalls()
  }

  // MARK: - Nodes

  private mutating func dropLightNodes(_ cutoff: UInt64) {
    if cutoff == 0 { return }
    let kept = graph.listed.filter { graph.nodes[$0].node.cum.magnitude >= cutoff }
    if kept.count == graph.listed.count { return }
    droppedNodes = graph.listed.count - kept.count
    keep(kept)
  }

  /// A graph is asked again from the samples; a tree closes its gaps.
  private mutating func keep(_ kept: [Int]) {
    if subject.options.isCallTree { return closeGaps(kept) }
    var isKept = [Bool](repeating: false, count: frames.keys.count)
    for node in kept { isKept[graph.nodes[node].node.number] = true }
    graph = PictureGraph(subject, frames, keeping: isKept)
  }

  private mutating func closeGaps(_ kept: [Int]) {
    let isKept = Set(kept)
    for node in graph.listed where !isKept.contains(node) {
      guard let upper = graph.callers(of: node).first else {
        for call in graph.callees(of: node) { graph.remove(call: call) }
        continue
      }
      graph.remove(call: upper)
      for call in graph.callees(of: node) {
        graph.calls[call].isResidual = true
        graph.calls[call].isInlined = graph.calls[upper].isInlined && graph.calls[call].isInlined
        graph.move(call: call, to: Int(graph.calls[upper].caller))
      }
    }
    graph.listed.removeAll { !isKept.contains($0) }
  }

  /// Tags are drawn as nodes of their own, and so they count as such.
  private func limit(_ count: Int) -> Int {
    var drawn = 0
    for (position, node) in graph.listed.enumerated() {
      drawn += min(graph.nodes[node].tags.count, Self.tagsForNode) + 1
      if drawn >= count { return position + 1 }
    }
    return count
  }

  private mutating func dropLightTags(_ cutoff: UInt64) {
    for node in graph.listed { graph.nodes[node].tags.dropLight(cutoff) }
  }

  // MARK: - Calls

  private mutating func dropLightCalls(_ cutoff: UInt64) -> Int {
    var count = 0
    for node in graph.listed {
      for call in graph.callers(of: node) where graph.calls[call].weight.magnitude < cutoff {
        graph.remove(call: call)
        count += 1
      }
    }
    return count
  }

  /// Calls over dropped nodes go when another way leads along, the lightest first.
  private mutating func dropRedundantCalls() {
    for node in graph.listed.reversed() {
      for call in graph.callers(of: node).sorted(by: graph.comesBefore).reversed() {
        // One that is heavier than a plain call stays, or it would be missed.
        if !graph.calls[call].isResidual { break }
        if isRedundant(call) { graph.remove(call: call) }
      }
    }
  }

  private func isRedundant(_ call: Int) -> Bool {
    let (source, target) = (Int(graph.calls[call].caller), Int(graph.calls[call].callee))
    var seen: Set<Int> = [target]
    var queue = [target]
    var position = 0
    while position < queue.count {
      for other in graph.callers(of: queue[position]) where other != call {
        let caller = Int(graph.calls[other].caller)
        if seen.contains(caller) { continue }
        if caller == source { return true }
        seen.insert(caller)
        queue.append(caller)
      }
      position += 1
    }
    return false
  }

  // MARK: - Order

  /// Those first that a reader would miss most.
  private mutating func sort() {
    let rows = graph.listed.map { node in
      (
        node: node, score: magnitude(score(node)), text: Array(graph.nodes[node].text.utf8),
        flat: graph.nodes[node].node.flat.magnitude
      )
    }
    graph.listed = rows.sorted { one, other in
      if one.score != other.score { return one.score > other.score }
      if one.text != other.text { return one.text.lexicographicallyPrecedes(other.text) }
      if one.flat != other.flat { return one.flat > other.flat }
      let ties = (
        graph.nodes[one.node].node.key.tieBreaker, graph.nodes[other.node].node.key.tieBreaker
      )
      if ties.0 != ties.1 { return ties.0.utf8.lexicographicallyPrecedes(ties.1.utf8) }
      return one.node < other.node
    }.map(\.node)
  }

  /// What a node tells: its cost, times how much the calls to it and from it differ.
  private func score(_ node: Int) -> Int64 {
    let (callers, callees) = (graph.callers(of: node), graph.callees(of: node))
    let cost = graph.nodes[node].node
    // First and last nodes are worth seeing.
    let entropy =
      (callers.isEmpty ? 1 : entropy(callers, own: 0))
      + (callees.isEmpty ? 1 : entropy(callees, own: cost.flat))
    return whole(entropy * Double(cost.cum)) &+ cost.flat
  }

  private func entropy(_ calls: [Int], own: Int64) -> Double {
    let weights = calls.map { graph.calls[$0].weight }
    let total = weights.filter { $0 > 0 }.reduce(own, &+)
    if total == 0 { return 0 }
    var parts = weights.map { Double($0.magnitude) }
    if own > 0 { parts.append(Double(own)) }
    return parts.reduce(0) { sum, part in
      let share = part / Double(total)
      return sum - share * RealFunctions.binaryLogarithm(share)
    }
  }

  /// As the processor converts it, for which pprof never asks: what does not fit is the least
  /// number.
  private func whole(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded(.towardZero)) ?? .min
  }

  /// With a sign that survives in the least number alone, which pprof sorts so.
  private func magnitude(_ value: Int64) -> Int64 { value < 0 ? 0 &- value : value }
}
