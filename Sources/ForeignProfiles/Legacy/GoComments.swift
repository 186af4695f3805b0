import Pprof

/// The names that Go writes below each stack of its text profiles.
///
///     #	0x5b0952	main.main.func1+0x32	/src/main.go:9
///
/// Some frames are left out (the runtime's), and a function inlined into another has a line of its
/// own with the same address, the innermost first.
struct GoComments {
  private var lines: [(address: UInt64, function: Profile.Function, line: Int64)] = []
  private var stack: [UInt64] = []

  /// Says whose names follow; those before belong to the stack before.
  mutating func begin(_ stack: [UInt64], _ names: inout AddressStacks) {
    finish(&names)
    self.stack = stack
  }

  mutating func read(
    _ line: Range<Int>, _ bytes: [UInt8], _ budget: inout Budget, _ place: ForeignError.Place
  ) throws(ForeignError) {
    guard lines.count < 2 * budget.limits.stackDepth else { return }
    let fields = bytes[line].split(separator: UInt8(ascii: "\t"), maxSplits: 8)
      .map { $0.startIndex..<$0.endIndex }
    guard fields.count >= 4, let address = bytes.hex(fields[1]) else { return }
    let (name, place4) = (bytes.trimmed(fields[2]), bytes.trimmed(fields[3]))
    try budget.keep(nameBytes: name.count + place4.count, at: place)
    let (file, number) = source(place4, bytes)
    let function = Profile.Function(name: withoutOffset(bytes.text(name)), filename: file)
    lines.append((address, function, number))
  }

  /// Gives each address of the stack its names.
  mutating func finish(_ names: inout AddressStacks) {
    let occurrences = stack.reduce(into: [UInt64: Int]()) { $0[$1, default: 0] += 1 }
    var known: [UInt64: AddressNaming.Lines] = [:]
    for line in lines { known[line.address, default: []].append((line.function, line.line)) }
    for (address, count) in occurrences {
      guard let lines = known[address] ?? known[address &+ 1] else { continue }
      // A function that calls itself stands there as often as its address does.
      names.name(address, Array(lines.prefix(max(1, lines.count / count))))
    }
    let isNamed = { known[$0] != nil || known[$0 &+ 1] != nil }
    if stack.contains(where: isNamed) {
      // The text has no line for the runtime's functions at the leaf, nor for runtime.goexit.
      names.hide(
        leaves: stack.prefix { !isNamed($0) }, root: stack.last.flatMap { isNamed($0) ? nil : $0 })
    }
    lines.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
  }

  /// `main.alloc+0x13e` without the offset.
  private func withoutOffset(_ name: String) -> String {
    guard let plus = name.lastIndex(of: "+"), name[plus...].hasPrefix("+0x") else { return name }
    return String(name[..<plus])
  }

  private func source(_ range: Range<Int>, _ bytes: [UInt8]) -> (String, Int64) {
    guard let colon = bytes[range].lastIndex(of: UInt8(ascii: ":")),
      let number = bytes.number(colon + 1..<range.upperBound)
    else { return (bytes.text(range), 0) }
    return (bytes.text(range.lowerBound..<colon), number)
  }
}
