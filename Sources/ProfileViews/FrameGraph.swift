import Pprof

/// Functions (or lines, or files) as nodes, calls as edges, with pprof's counting.
///
/// A sample counts once for a node however often recursion puts it on the stack, and once for an
/// edge. A node that is not kept leaves a gap: what lies below it is not given to its callers.
struct FrameGraph {
  private(set) var nodes: [Node]
  private(set) var edges: [Edge: Call] = [:]

  struct Node: Hashable {
    let key: Key
    var flat: Int64 = 0
    var cum: Int64 = 0
  }

  /// What makes two frames the same node.
  struct Key: Hashable {
    var name = ""
    var file = ""
    var line: Int64 = 0
    /// Only where no function is known.
    var binary = ""

    /// As pprof prints it.
    var text: String {
      if line != 0 { return joined("\(file):\(line)") }
      if !file.isEmpty { return joined(file) }
      if !name.isEmpty { return name }
      if !binary.isEmpty { return "[\(binary.split(separator: "/").last ?? "")]" }
      return "<unknown>"
    }

    private func joined(_ place: String) -> String { name.isEmpty ? place : "\(name) \(place)" }
  }

  struct Edge: Hashable {
    let caller: Int32
    let callee: Int32
  }

  struct Call {
    var weight: Int64
    var isInlined: Bool
  }

  init(
    _ profile: Profile, valueIndex: Int, granularity: Granularity, noInlines: Bool,
    keeping kept: Set<Key>? = nil
  ) {
    var positions: [Key: Int32] = [:]
    nodes = []
    // For each location, the node of each of its lines; −1 where the node is not kept.
    var places: [[Int32]] = []
    places.reserveCapacity(profile.locations.count)
    for location in profile.locations {
      let keys = granularity.keys(of: location, in: profile, noInlines: noInlines)
      places.append(
        keys.map { key in
          if let kept, !kept.contains(key) { return -1 }
          if let known = positions[key] { return known }
          positions[key] = Int32(nodes.count)
          nodes.append(Node(key: key))
          return Int32(nodes.count - 1)
        })
    }
    var seenNode = [Int32](repeating: -1, count: nodes.count)
    var seenEdges: Set<Edge> = []
    for (number, sample) in profile.samples.enumerated() {
      let value = sample.values[valueIndex]
      if value == 0 { continue }
      seenEdges.removeAll(keepingCapacity: true)
      var parent: Int32 = -1
      var hasGap = false
      for location in sample.locations.reversed() {
        let lines = places[Int(location)]
        for position in lines.indices.reversed() {
          let node = lines[position]
          if node < 0 {
            hasGap = true
            continue
          }
          if seenNode[Int(node)] != Int32(number) {
            seenNode[Int(node)] = Int32(number)
            nodes[Int(node)].cum &+= value
          }
          if parent >= 0, parent != node {
            let edge = Edge(caller: parent, callee: node)
            if seenEdges.insert(edge).inserted {
              add(value, to: edge, isInlined: position != lines.count - 1)
            }
          }
          parent = node
          hasGap = false
        }
      }
      if parent >= 0, !hasGap { nodes[Int(parent)].flat &+= value }
    }
  }

  private mutating func add(_ value: Int64, to edge: Edge, isInlined: Bool) {
    guard var call = edges[edge] else {
      edges[edge] = Call(weight: value, isInlined: isInlined)
      return
    }
    call.weight &+= value
    call.isInlined = call.isInlined && isInlined
    edges[edge] = call
  }

  /// How a node is called: always inlined, sometimes, or never.
  func inlining(cutoff: Int64) -> [Int32: (inlined: Bool, plain: Bool)] {
    var found: [Int32: (inlined: Bool, plain: Bool)] = [:]
    for (edge, call) in edges where call.weight.magnitude >= cutoff.magnitude {
      var entry = found[edge.callee] ?? (false, false)
      if call.isInlined { entry.inlined = true } else { entry.plain = true }
      found[edge.callee] = entry
    }
    return found
  }
}

/// What a row of a view stands for.
package enum Granularity: String, Sendable, CaseIterable {
  case functions, filefunctions, files, lines

  func keys(
    of location: Profile.Location, in profile: Profile, noInlines: Bool
  ) -> [FrameGraph.Key] {
    guard !location.lines.isEmpty else {
      let binary = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
      return [FrameGraph.Key(binary: binary)]
    }
    let lines = noInlines ? location.lines.suffix(1) : location.lines[...]
    return lines.map { line in
      let function = profile.functions[Int(line.function)]
      var key = FrameGraph.Key()
      if self != .files { key.name = DisplayName.of(function) }
      if self != .functions { key.file = function.filename }
      if self == .lines { key.line = line.line }
      if key.name.isEmpty {
        key.binary = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
      }
      return key
    }
  }
}

/// The name that pprof shows for a function.
enum DisplayName {
  /// A name that was demangled already stays; one that still equals the linker's name, and looks
  /// like C++, loses its parameters, because pprof does that too.
  static func of(_ function: Profile.Function) -> String {
    let name = function.name
    if !name.isEmpty, name != function.systemName { return name }
    let system = function.systemName
    guard looksLikeCPlusPlus(system) else { return system.isEmpty ? name : system }
    return removing("<", ">", from: removing("(", ")", from: system))
  }

  private static func looksLikeCPlusPlus(_ name: String) -> Bool {
    if name.contains(".<") || name.contains("](") { return false }
    return name.contains { "<>[]".contains($0) } || name.contains("::")
  }

  /// The text without what stands between matching marks; unbalanced marks leave it whole.
  private static func removing(_ open: Character, _ close: Character, from name: String) -> String {
    var result = ""
    var depth = 0
    for letter in name {
      if letter == open { depth += 1 }
      if depth == 0 { result.append(letter) }
      if letter == close {
        depth -= 1
        if depth < 0 { return name }
      }
    }
    return depth == 0 ? result : name
  }
}
