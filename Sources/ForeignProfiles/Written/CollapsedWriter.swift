package import Pprof

/// Writes a profile as collapsed stacks, root first, for FlameGraph, inferno and their kin.
///
/// What would break the form is replaced: a semicolon in a name becomes a colon, a control
/// character a question mark. Negative and zero values have no place in a flame graph.
package enum CollapsedWriter {
  package static func encode(_ profile: Profile, sampleIndex: Int) -> [UInt8] {
    let names = profile.locations.map { name(of: $0, in: profile) }
    var sums: [[UInt8]: Int64] = [:]
    for sample in profile.samples where sample.values[sampleIndex] > 0 {
      let stack = Array(
        sample.locations.reversed().map { names[Int($0)] }.joined(separator: [UInt8(ascii: ";")]))
      let (sum, overflow) = sums[stack, default: 0]
        .addingReportingOverflow(sample.values[sampleIndex])
      sums[stack] = overflow ? .max : sum
    }
    let sorted = sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return sorted.flatMap { stack, value in
      (stack.isEmpty ? Array("[no stack]".utf8) : stack) + Array(" \(value)\n".utf8)
    }
  }

  private static func name(of location: Profile.Location, in profile: Profile) -> [UInt8] {
    if location.lines.isEmpty { return Array("0x\(String(location.address, radix: 16))".utf8) }
    let names = location.lines.reversed().map { line in
      let name = profile.functions[Int(line.function)].name
      return name.isEmpty ? Array("[unknown]".utf8) : name.utf8.map(harmless)
    }
    return Array(names.joined(separator: [UInt8(ascii: ";")]))
  }

  private static func harmless(_ byte: UInt8) -> UInt8 {
    if byte == UInt8(ascii: ";") { return UInt8(ascii: ":") }
    return byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte
  }
}
