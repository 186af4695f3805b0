package import Pprof

/// A profile as a tree from the root of the stacks down; what a flame graph draws.
///
/// Children lie in the order of their names, so that two runs draw alike. Every level sums: a
/// node's value is its own cost plus its children's.
package struct CallTree: Sendable, Equatable {
  package struct Node: Sendable, Equatable {
    package let name: String
    /// The binary or library that the frame came from, for its color.
    package let library: String
    package fileprivate(set) var value: Int64
    package fileprivate(set) var ownValue: Int64
    /// Positions in `nodes`.
    package fileprivate(set) var children: [Int]
    package let depth: Int
  }

  /// The root is the first; parents come before their children.
  package let nodes: [Node]
  package let sampleType: Profile.ValueType

  package var total: Int64 { nodes[0].value }

  /// Builds the tree of a profile; negative values, which only differences have, are left out.
  package init(
    _ profile: Profile, sampleIndex: String? = nil, filter: ViewFilter = ViewFilter(),
    groupingByLabel key: String? = nil, maximumDepth: Int = 512
  ) throws(ViewError) {
    let index = try profile.sampleIndex(sampleIndex)
    try profile.checkSums(of: [index])
    let shown = filter.apply(to: profile)
    let frames = shown.locations.map { Self.frames(of: $0, in: shown) }
    var builder = Builder()
    for sample in shown.samples where sample.values[index] > 0 {
      var path: [(String, String)] = []
      if let key { path.append((sample.label(key).map { "\(key)=\($0)" } ?? "no \(key)", "")) }
      for location in sample.locations.reversed() { path += frames[Int(location)] }
      builder.add(path.prefix(maximumDepth), sample.values[index])
    }
    nodes = builder.sorted()
    sampleType = profile.sampleTypes[index]
  }

  /// The names at a location, the caller first.
  static func frames(
    of location: Profile.Location, in profile: Profile
  ) -> [(String, String)] {
    let file = location.mapping.map { profile.mappings[Int($0)].filename } ?? ""
    let library = file.split(separator: "/").last.map(String.init) ?? ""
    return Granularity.functions.keys(of: location, in: profile, noInlines: false)
      .reversed().map { ($0.text, library) }
  }

  private struct Builder {
    var nodes = [Node(name: "all", library: "", value: 0, ownValue: 0, children: [], depth: 0)]
    var positions: [Place: Int] = [:]

    struct Place: Hashable {
      let parent: Int
      let name: String
    }

    mutating func add(_ path: ArraySlice<(String, String)>, _ value: Int64) {
      var current = 0
      nodes[0].value &+= value
      for (name, library) in path {
        current = child(of: current, name, library)
        nodes[current].value &+= value
      }
      nodes[current].ownValue &+= value
    }

    private mutating func child(of parent: Int, _ name: String, _ library: String) -> Int {
      let place = Place(parent: parent, name: name)
      if let known = positions[place] { return known }
      nodes.append(
        Node(
          name: name, library: library, value: 0, ownValue: 0, children: [],
          depth: nodes[parent].depth + 1))
      positions[place] = nodes.count - 1
      nodes[parent].children.append(nodes.count - 1)
      return nodes.count - 1
    }

    func sorted() -> [Node] {
      var result = nodes
      for index in result.indices {
        result[index].children.sort {
          Array(nodes[$0].name.utf8).lexicographicallyPrecedes(
            Array(nodes[$1].name.utf8))
        }
      }
      return result
    }
  }
}
