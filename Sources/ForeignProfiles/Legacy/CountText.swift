import Pprof

/// Reads Go's profiles that only count stacks: goroutine, threadcreate, and a program's own.
///
///     goroutine profile: total 4
///     3 @ 0x43b456 0x40813b
enum CountText {
  static func recognizes(_ head: [UInt8], _ first: Range<Int>) -> Bool { kind(head, first) != nil }

  /// The word before `profile: total`.
  private static func kind(_ bytes: [UInt8], _ line: Range<Int>) -> String? {
    guard let middle = bytes.find(" profile: total ", in: line), middle > line.lowerBound,
      bytes.number(middle + 16..<line.upperBound) != nil,
      !bytes[line.lowerBound..<middle].contains(UInt8(ascii: " "))
    else { return nil }
    return bytes.text(line.lowerBound..<middle)
  }

  static func read(
    _ bytes: [UInt8], _ budget: Budget, _ naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    var budget = budget
    var text = RecordText(bytes)
    guard let title = text.nextRecord(), let kind = kind(bytes, title) else {
      throw .malformed(budget.format, text.lines.place, "no line like `goroutine profile: total 4`")
    }
    let type = Profile.ValueType(kind, "count")
    var builder = ProfileBuilder(sampleTypes: [type], periodType: type, period: 1)
    var stacks = AddressStacks()
    while let line = try text.next(&stacks, &budget) {
      if bytes.has("---", at: line) { break }
      let record = try StackLine(line, bytes, &budget, text.lines.place)
      guard let count = bytes.number(record.values) else {
        throw .malformed(
          budget.format, text.lines.place, "\(Quoted(record.values, bytes)) is no count")
      }
      text.begin(record.stack, &stacks)
      stacks.add(record.stack, values: [count])
    }
    let map = try text.finish(&stacks, &budget)
    try stacks.place(in: &builder, map, naming, &budget)
    return builder.profile
  }
}
