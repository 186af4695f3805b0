/// Walks over the records of an old text format: names of frames go aside, the list of mapped files
/// ends it.
struct RecordText {
  private(set) var lines: TextLines
  private var comments = GoComments()
  private var isAtMap = false

  init(_ bytes: [UInt8]) { lines = TextLines(bytes) }

  /// The next line that is neither blank nor a comment, before any stack.
  mutating func nextRecord() -> Range<Int>? {
    while let line = lines.next() {
      let words = lines.bytes.trimmed(line)
      if !words.isEmpty, lines.bytes[words.lowerBound] != UInt8(ascii: "#") { return words }
    }
    return nil
  }

  /// The next record, nil where the mapped files begin or the text ends.
  mutating func next(
    _ stacks: inout AddressStacks, _ budget: inout Budget
  ) throws(ForeignError) -> Range<Int>? {
    while !isAtMap, let line = lines.next() {
      let words = lines.bytes.trimmed(line)
      if words.isEmpty { continue }
      if lines.bytes[words.lowerBound] == UInt8(ascii: "#") {
        try comments.read(words, lines.bytes, &budget, lines.place)
      } else if MemoryMap.isTitle(words, lines.bytes) {
        isAtMap = true
      } else {
        return words
      }
    }
    return nil
  }

  /// The names that follow belong to this stack.
  mutating func begin(_ stack: [UInt64], _ stacks: inout AddressStacks) {
    comments.begin(stack, &stacks)
  }

  /// Reads what is left: the mapped files, if the text has them.
  mutating func finish(
    _ stacks: inout AddressStacks, _ budget: inout Budget
  ) throws(ForeignError) -> MemoryMap {
    comments.finish(&stacks)
    while !isAtMap, let line = lines.next() { isAtMap = MemoryMap.isTitle(line, lines.bytes) }
    return isAtMap ? try MemoryMap(&lines, &budget) : MemoryMap()
  }
}
