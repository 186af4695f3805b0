/// The small boxes beside a node: the labels of its samples, and the sizes among them in groups.
struct DotTags {
  private let writer: DotWriter
  private let tags: NodeTags
  /// A node that calls others shows its own samples, any other one also those of what it lost.
  private let areFlat: Bool

  private static let most = 4

  init(_ writer: DotWriter, _ node: Int) {
    self.writer = writer
    tags = writer.graph.nodes[node].tags
    areFlat = !writer.graph.callees(of: node).isEmpty
  }

  func text(number: Int) -> String {
    var text = ""
    let texts = NodeTags.sorted(tags.texts.values, byFlat: areFlat).prefix(Self.most)
    for (position, tag) in texts.enumerated() {
      let value = areFlat ? tag.flatValue : tag.cumValue
      if value == 0 { continue }
      let box = "N\(number)_\(position)"
      text += self.text(tag.name, value, from: "N\(number)", to: box, style: "")
      text += numbers(tags.numbers[tag.name], from: box)
    }
    return text + numbers(tags.numbers[""], from: "N\(number)")
  }

  private func text(
    _ name: String, _ value: Int64, from source: String, to box: String, style: String
  ) -> String {
    let weight = writer.shown(value)
    return """
      \(box) [label = "\(name)" id="\(box)" fontsize=8 shape=box3d tooltip="\(weight)"]
      \(source) -> \(box) [label=" \(weight)" weight=100 tooltip="\(weight)" \
      labeltooltip="\(weight)"\(style)]

      """
  }

  private func numbers(_ tags: [String: NodeTags.Tag]?, from source: String) -> String {
    guard let tags, !tags.isEmpty else { return "" }
    var text = ""
    for (position, tag) in grouped(Array(tags.values)).enumerated() {
      let isOwn = areFlat || tag.flatValue == tag.cumValue
      let value = isOwn ? tag.flatValue : tag.cumValue
      if value == 0 { continue }
      text += self.text(
        tag.name, value, from: source, to: "N\(source)_\(position)",
        style: isOwn ? "" : " style=\"dotted\"")
    }
    return text
  }

  /// At most four: the heaviest, and with each of them those that are nearest to it.
  private func grouped(_ all: [NodeTags.Tag]) -> [NodeTags.Tag] {
    let sorted = NodeTags.sorted(all, byFlat: areFlat)
    if sorted.count <= Self.most { return sorted }
    var groups = sorted.prefix(Self.most).map { [$0] }
    for tag in sorted.dropFirst(Self.most) {
      let distances = groups.map { Self.distance(tag, $0[0]) }
      var nearest = 0
      for (position, distance) in distances.enumerated() where distance < distances[nearest] {
        nearest = position
      }
      groups[nearest].append(tag)
    }
    return NodeTags.sorted(groups.map { Self.sum($0) }, byFlat: areFlat)
  }

  private static func distance(_ one: NodeTags.Tag, _ other: NodeTags.Tag) -> Double {
    let (value, _) = UnitScale.scale(other.number, from: other.unit, to: one.unit)
    return abs(value - Double(one.number))
  }

  /// A group as one tag, named from its least number to its largest.
  private static func sum(_ group: [NodeTags.Tag]) -> NodeTags.Tag {
    let name = { (tag: NodeTags.Tag) in UnitScale.text(tag.number, from: tag.unit, to: "auto") }
    var (low, high) = (group[0], group[0])
    var sums = [group[0].flat, group[0].flatDivisor, group[0].cum, group[0].cumDivisor]
    for tag in group.dropFirst() {
      if Int64(clamping: number(tag, in: low.unit)) < low.number { low = tag }
      if Int64(clamping: number(tag, in: high.unit)) > high.number { high = tag }
      let more = [tag.flat, tag.flatDivisor, tag.cum, tag.cumDivisor]
      sums = zip(sums, more).map { $0 &+ $1 }
    }
    let text = group.count == 1 ? name(low) : "\(name(low))..\(name(high))"
    var result = NodeTags.Tag(name: text, unit: "", number: 0)
    result.flat = FrameGraph.Weight.shown(sums[0], sums[1])
    result.cum = FrameGraph.Weight.shown(sums[2], sums[3])
    return result
  }

  private static func number(_ tag: NodeTags.Tag, in unit: String) -> Double {
    UnitScale.scale(tag.number, from: tag.unit, to: unit).value
  }
}
