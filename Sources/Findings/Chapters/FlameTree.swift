package import Vocabulary

/// The stacks of one profile as a tree, folded where it is too thin to be seen.
///
/// It travels inside the report, so that one file of data is enough to draw every picture. Frames
/// are in the order of a walk: a frame, then all that it called.
package struct FlameTree: Sendable, Equatable {
  package var role: String
  package var kind: ProfileKind
  /// Sum of all stacks, in billionths: nanoseconds of time, or bytes.
  package var total: Int64
  package var isTime: Bool
  package var names: [String]
  package var frames: [Frame]
  /// What frames too thin to draw are worth together.
  package var omitted: Int64

  package struct Frame: Sendable, Equatable {
    package var depth: Int
    /// A place in `names`.
    package var name: Int
    package var value: Int64
    package var code: Code
  }

  /// Whose code a frame is.
  package enum Code: Int, Sendable, CaseIterable {
    case label, project, kernel, runtime, unknown
  }

  /// Frames below this share of the whole are folded into their parents.
  private static let narrowest = 0.002
  private static let deepest = 64
}

extension FlameTree: Codable {
  private enum Key: String, CodingKey {
    case role, kind, total, isTime, names, frames, omitted
  }

  /// A frame is four numbers; as objects they would be most of the file.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    role = try values.decode(String.self, forKey: .role)
    kind = try values.decode(ProfileKind.self, forKey: .kind)
    total = try values.decode(Int64.self, forKey: .total)
    isTime = try values.decode(Bool.self, forKey: .isTime)
    let names = try values.decode([String].self, forKey: .names)
    self.names = names
    omitted = try values.decode(Int64.self, forKey: .omitted)
    let text = try values.decode(String.self, forKey: .frames)
    frames = try text.split(separator: ";").map { piece in
      let numbers = piece.split(separator: " ").compactMap { Int64($0) }
      guard numbers.count == 4, names.indices.contains(Int(numbers[1])),
        let code = Code(rawValue: Int(numbers[3]))
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .frames, in: values, debugDescription: "not a frame: \(piece)")
      }
      return Frame(depth: Int(numbers[0]), name: Int(numbers[1]), value: numbers[2], code: code)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(role, forKey: .role)
    try values.encode(kind, forKey: .kind)
    try values.encode(total, forKey: .total)
    try values.encode(isTime, forKey: .isTime)
    try values.encode(names, forKey: .names)
    try values.encode(omitted, forKey: .omitted)
    let text = frames.map { "\($0.depth) \($0.name) \($0.value) \($0.code.rawValue)" }
    try values.encode(text.joined(separator: ";"), forKey: .frames)
  }
}

extension FlameTree {
  /// Nil for a profile in which nothing happened.
  init?(_ slice: ProfileSlice) {
    var builder = Builder()
    for sample in slice.samples where sample.value > 0 { builder.add(sample, slice.table) }
    guard builder.nodes[0].value > 0 else { return nil }
    role = slice.role
    kind = slice.kind
    isTime = slice.isTime
    total = builder.nodes[0].value
    let drawn = builder.drawn(narrowest: Int64(Double(total) * Self.narrowest))
    (names, frames, omitted) = (drawn.names, drawn.frames, drawn.omitted)
  }

  private struct Builder {
    struct Node {
      var name: String
      var code: Code
      var value: Int64 = 0
      var children: [Int] = []
      var depth: Int
    }

    private struct Place: Hashable {
      let parent: Int
      let name: String
    }

    var nodes = [Node(name: "all", code: .label, depth: 0)]
    private var positions: [Place: Int] = [:]

    mutating func add(_ sample: StackSample, _ table: SymbolTable) {
      var current = 0
      nodes[0].value &+= sample.value
      if let operation = sample.operation { current = child(of: 0, "op=\(operation)", .label) }
      if current > 0 { nodes[current].value &+= sample.value }
      for symbol in sample.symbols.reversed().prefix(FlameTree.deepest) {
        let (name, layer) = (table[symbol].short, table[symbol].layer)
        if layer == .marker { continue }
        current = child(of: current, name, Self.code(layer))
        nodes[current].value &+= sample.value
      }
    }

    private static func code(_ layer: Symbol.Layer) -> Code {
      switch layer {
      case .kernel: .kernel
      case .system: .runtime
      case .marker: .label
      case .project: .project
      case .unknown: .unknown
      }
    }

    private mutating func child(of parent: Int, _ name: String, _ code: Code) -> Int {
      let place = Place(parent: parent, name: name)
      if let known = positions[place] { return known }
      nodes.append(Node(name: name, code: code, depth: nodes[parent].depth + 1))
      nodes[parent].children.append(nodes.count - 1)
      positions[place] = nodes.count - 1
      return nodes.count - 1
    }

    func drawn(narrowest: Int64) -> (names: [String], frames: [Frame], omitted: Int64) {
      var names: [String] = []
      var places: [String: Int] = [:]
      var frames: [Frame] = []
      var omitted: Int64 = 0
      var pending = [0]
      while let index = pending.popLast() {
        let node = nodes[index]
        guard node.value >= narrowest else {
          omitted &+= node.value
          continue
        }
        let place = places[node.name] ?? names.count
        if place == names.count {
          names.append(node.name)
          places[node.name] = place
        }
        frames.append(Frame(depth: node.depth, name: place, value: node.value, code: node.code))
        // By name, so that two runs draw alike; the first must be popped first.
        pending += node.children.sorted {
          Array(nodes[$1].name.utf8).lexicographicallyPrecedes(Array(nodes[$0].name.utf8))
        }
      }
      return (names, frames, omitted)
    }
  }

  /// The profiles worth a picture, the costliest roles first.
  static func all(_ evidence: Evidence) -> [FlameTree] {
    ProfileKind.allCases.flatMap { kind in
      evidence.roles.compactMap { $0.profiles[kind].flatMap(FlameTree.init) }
        .sorted { ($1.total, $0.role) < ($0.total, $1.role) }.prefix(kind == .cpu ? 4 : 2)
    }
  }
}
