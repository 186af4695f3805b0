/// The end of a record in the old text formats: an at sign and the addresses of a stack.
///
///     1848426904 199 @ 0x5b09c7 0x5b0953 0x46ad01
///
/// Every address is where a caller goes on, even the leaf's, so all of them are moved back by one
/// to lie within the call.
struct StackLine {
  /// What stands before the at sign.
  let values: Range<Int>
  let stack: [UInt64]

  init(
    _ line: Range<Int>, _ bytes: [UInt8], _ budget: inout Budget, _ place: ForeignError.Place
  ) throws(ForeignError) {
    guard let at = bytes[line].firstIndex(of: UInt8(ascii: "@")) else {
      throw .malformed(budget.format, place, "a record without @ and addresses")
    }
    values = bytes.trimmed(line.lowerBound..<at)
    var stack: [UInt64] = []
    var position = at + 1
    while let word = bytes.word(from: position, in: line) {
      guard let address = bytes.hex(word) else {
        throw .malformed(
          budget.format, place, "\(Quoted(word, bytes)) is no address")
      }
      stack.append(address == 0 ? 0 : address - 1)
      position = word.upperBound
      try budget.check(depth: stack.count, at: place)
    }
    try budget.addSample(at: place)
    try budget.spend(stack.count * 8 + 200, at: place)
    self.stack = stack
  }
}

/// A piece of a stranger's text, short and harmless enough to be shown.
struct Quoted: CustomStringConvertible {
  let description: String

  init(_ range: Range<Int>, _ bytes: [UInt8]) {
    let shown = bytes[range].prefix(40).map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
    description =
      "\"\(String(decoding: shown, as: UTF8.self))\(range.count > 40 ? "…" : "")\""
  }
}
