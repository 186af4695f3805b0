package import Pprof

/// Two profiles, or two handfuls, as one call tree: what each frame cost before and after.
///
/// Values are spread over what the caller says (operations, seconds), so that sides of unequal
/// length compare. Children lie in the order of their names.
package struct DifferenceTree: Sendable, Equatable {
  package struct Node: Sendable, Equatable {
    package let name: String
    package let library: String
    package let depth: Int
    package fileprivate(set) var base = Cost()
    package fileprivate(set) var new = Cost()
    /// Positions in `nodes`.
    package fileprivate(set) var children: [Int] = []
  }

  /// What a frame cost on one side, and how many samples say so.
  package struct Cost: Sendable, Equatable {
    package fileprivate(set) var value = 0.0
    package fileprivate(set) var samples = 0.0

    package init() {}
  }

  /// One profile's part in a side.
  package struct Part: Sendable {
    let profile: Profile
    let sampleType: String
    /// What a value is multiplied with.
    let scale: Double

    package init(_ profile: Profile, sampleType: String, scale: Double) {
      self.profile = profile
      self.sampleType = sampleType
      self.scale = scale
    }
  }

  /// The root is the first; parents come before their children.
  package let nodes: [Node]

  /// Builds the tree; negative values, which only differences have, are left out.
  package init(
    base: [Part], new: [Part], groupingByLabel key: String? = nil, maximumDepth: Int = 512
  ) {
    var builder = Builder()
    for part in base { builder.add(part, \.base, key, maximumDepth) }
    for part in new { builder.add(part, \.new, key, maximumDepth) }
    nodes = builder.sorted()
  }

  private struct Builder {
    var nodes = [Node(name: "all", library: "", depth: 0)]
    private var positions: [Place: Int] = [:]

    private struct Place: Hashable {
      let parent: Int
      let name: String
    }

    mutating func add(
      _ part: Part, _ side: WritableKeyPath<Node, Cost>, _ key: String?, _ maximumDepth: Int
    ) {
      let profile = part.profile
      guard let index = try? profile.sampleIndex(part.sampleType) else { return }
      let frames = profile.locations.map { CallTree.frames(of: $0, in: profile) }
      let counts = profile.sampleTypes[0].unit == "count"
      for sample in profile.samples where sample.values[index] > 0 {
        var path: [(String, String)] = []
        if let key { path.append((sample.label(key).map { "\(key)=\($0)" } ?? "no \(key)", "")) }
        for location in sample.locations.reversed() { path += frames[Int(location)] }
        var cost = Cost()
        cost.value = Double(sample.values[index]) * part.scale
        cost.samples = counts ? Double(max(0, sample.values[0])) : 1
        add(path.prefix(maximumDepth), cost, side)
      }
    }

    private mutating func add(
      _ path: ArraySlice<(String, String)>, _ cost: Cost, _ side: WritableKeyPath<Node, Cost>
    ) {
      var current = 0
      grow(current, cost, side)
      for (name, library) in path {
        current = child(of: current, name, library)
        grow(current, cost, side)
      }
    }

    private mutating func grow(_ node: Int, _ cost: Cost, _ side: WritableKeyPath<Node, Cost>) {
      nodes[node][keyPath: side].value += cost.value
      nodes[node][keyPath: side].samples += cost.samples
    }

    private mutating func child(of parent: Int, _ name: String, _ library: String) -> Int {
      let place = Place(parent: parent, name: name)
      if let known = positions[place] { return known }
      nodes.append(Node(name: name, library: library, depth: nodes[parent].depth + 1))
      positions[place] = nodes.count - 1
      nodes[parent].children.append(nodes.count - 1)
      return nodes.count - 1
    }

    func sorted() -> [Node] {
      var result = nodes
      for index in result.indices {
        result[index].children.sort {
          Array(nodes[$0].name.utf8).lexicographicallyPrecedes(Array(nodes[$1].name.utf8))
        }
      }
      return result
    }
  }
}
