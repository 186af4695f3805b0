import Pprof

/// Functions (or lines, or files) as nodes, calls as edges, with pprof's counting.
///
/// A sample counts once for a node however often recursion puts it on the stack, and once for an
/// edge. A node that is not kept leaves a gap: what lies below it is not given to its callers.
/// Nodes are numbered once; each question then walks the samples with the nodes it keeps.
struct FrameGraph {
  let keys: [Key]
  private let profile: Profile
  private let valueIndex: Int
  /// The nodes at location `l` are `places[starts[l] ..< starts[l + 1]]`, the innermost first.
  private let places: [Int32]
  private let starts: [Int]

  struct Node {
    /// Position in `keys`.
    let number: Int
    let key: Key
    var flat: Int64 = 0
    var cum: Int64 = 0
  }

  /// What makes two frames the same node.
  struct Key: Hashable {
    var name = ""
    var file = ""
    var line: Int64 = 0
    /// Only where no function is known by name; so too the line where it begins.
    var binary = ""
    var startLine: Int64 = 0

    /// As pprof prints it.
    var text: String {
      if line != 0 { return joined("\(file):\(line)") }
      if !file.isEmpty { return joined(file) }
      if !name.isEmpty { return name }
      if !binary.isEmpty { return "[\(binary.split(separator: "/").last ?? "")]" }
      return "<unknown>"
    }

    /// Decides between rows of one name and one cost, in the order of pprof's own fields.
    var tieBreaker: String { "\(name)  0 \(file) \(startLine) \(line) \(binary)" }

    private func joined(_ place: String) -> String { name.isEmpty ? place : "\(name) \(place)" }
  }

  init(_ profile: Profile, valueIndex: Int, granularity: Granularity, noInlines: Bool) {
    var positions: [Key: Int32] = [:]
    var keys: [Key] = []
    var places: [Int32] = []
    var starts = [0]
    starts.reserveCapacity(profile.locations.count + 1)
    for location in profile.locations {
      for key in granularity.keys(of: location, in: profile, noInlines: noInlines) {
        let position = positions[key] ?? Int32(keys.count)
        if Int(position) == keys.count {
          positions[key] = position
          keys.append(key)
        }
        places.append(position)
      }
      starts.append(places.count)
    }
    self.keys = keys
    self.profile = profile
    self.valueIndex = valueIndex
    self.places = places
    self.starts = starts
  }

  /// The cost of every node that is kept.
  func nodes(keeping isKept: [Bool]) -> [Node] {
    var flat = [Int64](repeating: 0, count: keys.count)
    var cum = flat
    var seen = [Int32](repeating: -1, count: keys.count)
    for (number, sample) in profile.samples.enumerated() {
      let value = sample.values[valueIndex]
      if value == 0 { continue }
      var leaf = -1
      for location in sample.locations.reversed() {
        for place in (starts[Int(location)]..<starts[Int(location) + 1]).reversed() {
          let node = Int(places[place])
          leaf = isKept[node] ? node : -1
          if leaf < 0 || seen[node] == Int32(truncatingIfNeeded: number) { continue }
          seen[node] = Int32(truncatingIfNeeded: number)
          cum[node] &+= value
        }
      }
      if leaf >= 0 { flat[leaf] &+= value }
    }
    return keys.indices.filter { isKept[$0] }
      .map { Node(number: $0, key: keys[$0], flat: flat[$0], cum: cum[$0]) }
  }

  /// Which nodes are called inlined, by number, and whether they are also called plainly; calls
  /// below the cutoff are forgotten.
  func inlining(keeping isKept: [Bool], cutoff: UInt64) -> [Int: (inlined: Bool, plain: Bool)] {
    let candidates = nodesThatMayBeInlined(isKept)
    if !candidates.contains(true) { return [:] }
    var calls = CallTable()
    for (number, sample) in profile.samples.enumerated() {
      let value = sample.values[valueIndex]
      if value == 0 { continue }
      var caller: Int32 = -1
      for location in sample.locations.reversed() {
        let (first, end) = (starts[Int(location)], starts[Int(location) + 1])
        for place in (first..<end).reversed() {
          let node = places[place]
          if !isKept[Int(node)] { continue }
          if caller >= 0, caller != node, candidates[Int(node)] {
            calls.add(
              value, from: caller, to: node, isInlined: place != end - 1, sample: Int32(number))
          }
          caller = node
        }
      }
    }
    var found: [Int: (inlined: Bool, plain: Bool)] = [:]
    for call in calls.calls where call.weight.magnitude >= cutoff {
      let callee = Int(call.callee)
      let before = found[callee] ?? (false, false)
      found[callee] = (before.inlined || call.isInlined, before.plain || !call.isInlined)
    }
    return found
  }

  private func nodesThatMayBeInlined(_ isKept: [Bool]) -> [Bool] {
    var result = [Bool](repeating: false, count: keys.count)
    for location in profile.locations.indices where starts[location + 1] - starts[location] > 1 {
      for place in starts[location]..<(starts[location + 1] - 1) {
        result[Int(places[place])] = isKept[Int(places[place])]
      }
    }
    return result
  }
}
