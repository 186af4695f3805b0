import Pprof

/// Stacks of bare addresses, kept until the file's end tells which file lay where.
///
/// A caller's address is where it goes on; the call itself stands just before, so callers were
/// moved back by one where the format's readers do that. What is known of an address stays so for
/// the whole file.
struct AddressStacks {
  private var addresses: [UInt64] = []
  private var samples: [Sample] = []
  private var names: [UInt64: AddressNaming.Lines] = [:]
  /// Go's runtime, which its text leaves without names.
  private var hidden: Set<UInt64> = []
  /// Where Go's threads of execution end, which its own profiles leave out.
  private var roots: Set<UInt64> = []

  private struct Sample {
    let stack: Range<Int>
    let values: [Int64]
    let labels: [Profile.Label]
  }

  mutating func add(_ stack: [UInt64], values: [Int64], labels: [Profile.Label] = []) {
    let start = addresses.count
    addresses += stack
    samples.append(Sample(stack: start..<addresses.count, values: values, labels: labels))
  }

  mutating func name(_ address: UInt64, _ lines: AddressNaming.Lines) {
    if names[address] == nil { names[address] = lines }
  }

  /// Notes which addresses of a stack Go gave no name: leaves within its runtime, and its root.
  mutating func hide(leaves: some Sequence<UInt64>, root: UInt64?) {
    hidden.formUnion(leaves)
    if let root { roots.insert(root) }
  }

  /// Adds everything to a profile.
  func place(
    in builder: inout ProfileBuilder, _ map: MemoryMap, _ naming: AddressNaming,
    _ budget: inout Budget
  ) throws(ForeignError) {
    for mapping in map.mappings { builder.setProgram(mapping) }
    var places: [UInt64: Int32] = [:]
    for sample in samples {
      var locations: [Int32] = []
      for address in withoutRoot(addresses[sample.stack]) {
        if let known = places[address] {
          locations.append(known)
          continue
        }
        try budget.keep(nameBytes: 40, at: .field("address", offset: 0))
        let place = builder.location(of: frame(address, map, naming))
        places[address] = place
        locations.append(place)
      }
      builder.add(locations: locations, values: sample.values, labels: sample.labels)
    }
  }

  private func withoutRoot(_ stack: ArraySlice<UInt64>) -> ArraySlice<UInt64> {
    guard stack.count > 1, let root = stack.last, roots.contains(root), names[root] == nil else {
      return stack
    }
    return stack.dropLast()
  }

  private func frame(
    _ address: UInt64, _ map: MemoryMap, _ naming: AddressNaming
  ) -> ProfileBuilder.Frame {
    let mapping = map.mapping(at: address)
    if let lines = names[address] { return .init(address: address, mapping: mapping, lines: lines) }
    if hidden.contains(address) {
      return .init(
        address: address, mapping: mapping, function: Profile.Function(name: "[Go runtime]"))
    }
    return .unnamed(address, mapping, naming)
  }
}

extension ProfileBuilder.Frame {
  /// A frame of one function whose line is not known.
  init(address: UInt64, mapping: Profile.Mapping?, function: Profile.Function) {
    self.init(address: address, mapping: mapping, lines: [(function: function, line: Int64(0))])
  }

  /// A frame that only the caller of this room may know a name for; else it is file and offset.
  ///
  /// The mapping keeps saying that it has no functions, so that pprof looks for better names.
  static func unnamed(
    _ address: UInt64, _ mapping: Profile.Mapping?, _ naming: AddressNaming
  ) -> ProfileBuilder.Frame {
    guard let mapping, !mapping.filename.isEmpty else {
      let name = "0x\(String(address, radix: 16))"
      return .init(
        address: address, mapping: mapping,
        function: Profile.Function(name: name, systemName: "o:\(name)"))
    }
    let offset = address &- mapping.start &+ mapping.offset
    let lines = naming.user(
      .init(
        path: mapping.filename, buildID: mapping.buildID, fileOffset: offset, address: address))
    if !lines.isEmpty { return .init(address: address, mapping: mapping, lines: lines) }
    let base = mapping.filename.split(separator: "/").last.map(String.init) ?? mapping.filename
    let name = "\(base)+0x\(String(offset, radix: 16))"
    return .init(
      address: address, mapping: mapping,
      function: Profile.Function(name: name, systemName: "o:\(name)"))
  }
}
