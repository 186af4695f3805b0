import Pprof

/// Writes a call graph as DOT, letter for letter as pprof does.
struct DotWriter {
  let subject: ViewSubject
  let graph: PictureGraph
  let unit: String
  private let shortName = ShortName()
  /// Counted from one; a node that is not shown has none, and calls to it name node zero.
  private let numbers: [Int]
  private let title: String

  init(_ subject: ViewSubject, _ graph: PictureGraph, unit: String) {
    self.subject = subject
    self.graph = graph
    self.unit = unit
    var numbers = [Int](repeating: 0, count: graph.nodes.count)
    for (position, node) in graph.listed.enumerated() { numbers[node] = position + 1 }
    self.numbers = numbers
    let program = subject.profile.mappings.first?.filename ?? ""
    title = program.isEmpty ? "" : CleanPath.base(program)
  }

  func text(_ legend: [String]) -> String {
    var text = "digraph \"\(title.isEmpty ? "unnamed" : title)\" {\n"
    text += "node [style=filled fillcolor=\"#f8f8f8\"]\n"
    text += self.legend(legend)
    let largest = graph.listed.map { Double(graph.nodes[$0].node.flatValue.magnitude) }.max() ?? 0
    var hasTags = [Bool](repeating: false, count: graph.nodes.count)
    for node in graph.listed {
      text += self.node(node, largest: largest)
      let tags = DotTags(self, node).text(number: numbers[node])
      hasTags[node] = !tags.isEmpty
      text += tags
    }
    for call in graph.listed.flatMap({ graph.callees(of: $0) }).sorted(by: graph.comesBefore) {
      text += self.call(call, isBelowTags: hasTags[Int(graph.calls[call].caller)])
    }
    return text + "}\n"
  }

  func shown(_ value: Int64) -> String { subject.text(value, in: unit) }

  private func legend(_ lines: [String]) -> String {
    guard let first = lines.first else { return "" }
    var text = "subgraph cluster_L { \"\(Self.escaped(first))\" [shape=box fontsize=16"
    text += " label=\"\(lines.map(Self.escaped).joined(separator: "\\l"))\\l\""
    if !title.isEmpty { text += " tooltip=\"\(title)\"" }
    return text + "] }\n"
  }

  private func node(_ index: Int, largest: Double) -> String {
    let node = graph.nodes[index].node
    let (flat, cum) = (node.flatValue, node.cumValue)
    var label = name(node.key) + (flat == 0 ? "0" : "\(shown(flat)) (\(share(flat)))")
    if cum != flat { label += "\(flat == 0 ? " " : "\\n")of \(shown(cum)) (\(share(cum)))" }
    var size = 8
    if largest != 0, flat != 0 {
      // Not in proportion, so that differences among small ones are seen.
      size += Int((16 * (Double(flat.magnitude) / largest).squareRoot()).rounded(.up))
    }
    let part = Double(cum) / Double(subject.total.magnitude)
    let attributes = [
      "label=\"\(label)\"", "id=\"node\(numbers[index])\"", "fontsize=\(size)", "shape=box",
      "tooltip=\"\(Self.escaped(graph.nodes[index].text)) (\(shown(cum)))\"",
      "color=\"\(DotColor.of(part, isBackground: false))\"",
      "fillcolor=\"\(DotColor.of(part, isBackground: true))\"",
    ]
    return "N\(numbers[index]) [\(attributes.joined(separator: " "))]\n"
  }

  private func share(_ value: Int64) -> String {
    String(UnitScale.percentage(value, of: subject.total).drop { $0 == " " })
  }

  /// The name over several lines of a box.
  private func name(_ key: FrameGraph.Key) -> String {
    var key = key
    key.name = Self.escaped(shortName.of(key.name)).replacing("::", with: "\\n")
      .replacing("[...]", with: "[…]").replacing(".", with: "\\n")
    if !key.file.isEmpty { key.file = CleanPath.base(key.file) }
    return key.parts.joined(separator: "\\n") + "\\n"
  }

  private func call(_ index: Int, isBelowTags: Bool) -> String {
    let call = graph.calls[index]
    let (caller, callee) = (Int(call.caller), Int(call.callee))
    let (value, total) = (call.value, subject.total)
    let weight = shown(value)
    var attributes = "label=\" \(weight)\(call.isInlined ? "\\n (inline)" : "")\""
    if total != 0 {
      // The products wrap as pprof's do; only widths hang on them.
      let heaviness = 1 + min(Self.quotient(value &* 100, total), 100)
      if heaviness > 1 { attributes += " weight=\(heaviness)" }
      let width = 1 + min(Self.quotient(value &* 5, total), 5)
      if width > 1 { attributes += " penwidth=\(width)" }
      let color = DotColor.of(Double(value) / Double(total.magnitude), isBackground: false)
      attributes += " color=\"\(color)\""
    }
    let ends = [caller, callee].map { Self.escaped(graph.nodes[$0].text) }
    let tip = "\"\(ends[0]) \(call.isResidual ? "..." : "->") \(ends[1]) (\(weight))\""
    attributes += " tooltip=\(tip) labeltooltip=\(tip)"
    if call.isResidual { attributes += " style=\"dotted\"" }
    if isBelowTags { attributes += " minlen=2" }
    return "N\(numbers[caller]) -> N\(numbers[callee]) [\(attributes)]\n"
  }

  private static func quotient(_ value: Int64, _ total: Int64) -> UInt64 {
    value.dividedReportingOverflow(by: total).partialValue.magnitude
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for letter in text.unicodeScalars {
      switch letter {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\l"
      default: result.unicodeScalars.append(letter)
      }
    }
    return result
  }
}
