import Pprof

/// Functions (or lines, or files) as nodes, calls as edges, with pprof's counting.
///
/// A sample counts once for a node however often recursion puts it on the stack, and once for an
/// edge. A node that is not kept leaves a gap: what lies below it is not given to its callers.
/// Nodes are numbered once; each question then walks the samples with the nodes it keeps.
struct FrameGraph {
  let keys: [Key]
  private let profile: Profile
  private let weights: [Weight]
  /// The nodes at location `l` are `places[starts[l] ..< starts[l + 1]]`, the innermost first.
  private let places: [Int32]
  private let starts: [Int]

  /// What a sample counts, and by how much to divide in the end, when a mean is asked for.
  struct Weight {
    var value: Int64
    var divisor: Int64

    var isZero: Bool { value == 0 && divisor == 0 }

    /// What is shown: the value, or the mean where one is asked for.
    static func shown(_ value: Int64, _ divisor: Int64) -> Int64 {
      // Labels are counted as often as they stand in a sample, so these sums may have wrapped.
      divisor == 0 ? value : value.dividedReportingOverflow(by: divisor).partialValue
    }

    mutating func add(_ other: Weight) {
      value &+= other.value
      divisor &+= other.divisor
    }
  }

  struct Node {
    /// Position in `keys`.
    let number: Int
    let key: Key
    var flat: Int64 = 0
    var flatDivisor: Int64 = 0
    var cum: Int64 = 0
    var cumDivisor: Int64 = 0

    var flatValue: Int64 { Weight.shown(flat, flatDivisor) }
    var cumValue: Int64 { Weight.shown(cum, cumDivisor) }
    var isNegative: Bool { flat < 0 || flat == 0 && cum < 0 }
  }

  /// What makes two frames the same node.
  struct Key: Hashable {
    var address: UInt64 = 0
    var name = ""
    var file = ""
    var line: Int64 = 0
    /// Only where no function is known by name, or where binaries are told apart; so too the line
    /// where the function begins.
    var binary = ""
    var startLine: Int64 = 0

    /// As pprof prints it.
    var text: String { parts.joined(separator: " ") }

    /// The words of the text: address, name, and the place in a file.
    var parts: [String] {
      var parts: [String] = []
      if address != 0 { parts.append(UnitScale.hexadecimal(address, digits: 16)) }
      if !name.isEmpty { parts.append(name) }
      if line != 0 {
        parts.append("\(file):\(line)")
      } else if !file.isEmpty {
        parts.append(file)
      } else if name.isEmpty {
        parts.append(binary.isEmpty ? "<unknown>" : "[\(CleanPath.base(binary))]")
      }
      return parts
    }

    /// Decides between rows of one name and one cost, in the order of pprof's own fields.
    var tieBreaker: String { "{\(name)  \(address) \(file) \(startLine) \(line) \(binary)}" }
  }

  init(_ profile: Profile, weights: [Weight], keys maker: KeyMaker) {
    var nodes = NodeNumbers(profile, maker)
    var places: [Int32] = []
    var starts = [0]
    starts.reserveCapacity(profile.locations.count + 1)
    for location in profile.locations {
      nodes.append(location, to: &places)
      starts.append(places.count)
    }
    keys = nodes.keys
    self.profile = profile
    self.weights = weights
    self.places = places
    self.starts = starts
  }

  /// The cost of every node that is kept.
  func nodes(keeping isKept: [Bool]) -> [Node] {
    // Apart from the keys, whose texts would push the sums out of the processor's cache.
    let zero = Weight(value: 0, divisor: 0)
    var flat = [Weight](repeating: zero, count: keys.count)
    var cum = flat
    visit(isKept) { node, _, weight in
      cum[node].add(weight)
    } leaf: { node, _, weight in
      flat[node].add(weight)
    }
    return keys.indices.filter { isKept[$0] }.map { number in
      Node(
        number: number, key: keys[number], flat: flat[number].value,
        flatDivisor: flat[number].divisor, cum: cum[number].value, cumDivisor: cum[number].divisor)
    }
  }

  /// Shows each node of each sample once, and the node at its leaf, unless that is not kept.
  @inline(__always)
  func visit(
    _ isKept: [Bool], node visit: (_ node: Int, _ sample: Int, Weight) -> Void,
    leaf: (_ node: Int, _ sample: Int, Weight) -> Void
  ) {
    var seen = [Int32](repeating: -1, count: keys.count)
    for (number, sample) in profile.samples.enumerated() where !weights[number].isZero {
      var last = -1
      for location in sample.locations.reversed() {
        for place in (starts[Int(location)]..<starts[Int(location) + 1]).reversed() {
          let node = Int(places[place])
          last = isKept[node] ? node : -1
          if last < 0 || seen[node] == Int32(truncatingIfNeeded: number) { continue }
          seen[node] = Int32(truncatingIfNeeded: number)
          visit(node, number, weights[number])
        }
      }
      if last >= 0 { leaf(last, number, weights[number]) }
    }
  }

  /// The calls between nodes that are kept, for those callees only that are wanted.
  func calls(keeping isKept: [Bool], to isWanted: [Bool]) -> [CallTable.Call] {
    var calls = CallTable()
    for (number, sample) in profile.samples.enumerated() where !weights[number].isZero {
      var caller: Int32 = -1
      var isResidual = false
      for location in sample.locations.reversed() {
        let (first, end) = (starts[Int(location)], starts[Int(location) + 1])
        for place in (first..<end).reversed() {
          let node = places[place]
          if !isKept[Int(node)] {
            isResidual = true
            continue
          }
          if caller >= 0, caller != node, isWanted[Int(node)] {
            calls.add(
              weights[number], from: caller, to: node, isInlined: place != end - 1,
              isResidual: isResidual, sample: Int32(truncatingIfNeeded: number))
          }
          caller = node
          isResidual = false
        }
      }
    }
    return calls.calls
  }

  /// One frame of a stack.
  struct Step {
    /// Position in `keys`.
    let node: Int
    let isInlined: Bool
  }

  /// The frames of a sample, the root first.
  func path(of sample: Int) -> [Step] {
    profile.samples[sample].locations.reversed().flatMap { location in
      let (first, end) = (starts[Int(location)], starts[Int(location) + 1])
      return (first..<end).reversed().map { place in
        Step(node: Int(places[place]), isInlined: place != end - 1)
      }
    }
  }

  /// Nodes that stand somewhere inside another function, and so may be called inlined.
  func nodesThatMayBeInlined() -> [Bool] {
    var result = [Bool](repeating: false, count: keys.count)
    for location in profile.locations.indices where starts[location + 1] - starts[location] > 1 {
      for place in starts[location]..<(starts[location + 1] - 1) {
        result[Int(places[place])] = true
      }
    }
    return result
  }
}
