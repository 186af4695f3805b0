import Pprof

/// One line of a stack in perf script's text.
///
///     1182 leaf+0x19 (/usr/bin/program)       address, function, offset, file
///     1182 Vector::size() const (inlined)     an inlined function: its file is its caller's
///     7f1bae8f2ad7 [unknown] ([unknown])      nothing is known
struct PerfScriptFrame {
  let address: UInt64
  /// Nil where perf knows no function.
  let symbol: String?
  /// Nil where perf knows no file, and for inlined functions.
  let file: String?
  let isInlined: Bool

  init(_ line: Range<Int>, _ bytes: [UInt8]) {
    var rest = line
    if let word = bytes.word(from: line.lowerBound, in: line), let address = bytes.hex(word) {
      self.address = address
      rest = bytes.trimmed(word.upperBound..<line.upperBound)
    } else {
      address = 0
    }
    var file: String?
    if let open = Self.lastGroup(rest, bytes) {
      let text = bytes.text(open + 1..<rest.upperBound - 1)
      file = text
      rest = bytes.trimmed(rest.lowerBound..<open)
    }
    isInlined = file == "inlined"
    self.file = isInlined || file == "[unknown]" ? nil : file
    let name = bytes.text(Self.withoutOffset(rest, bytes))
    symbol = name.isEmpty || name == "[unknown]" ? nil : name
  }

  /// Where the parenthesis opens that closes at the end: paths may hold some of their own.
  private static func lastGroup(_ text: Range<Int>, _ bytes: [UInt8]) -> Int? {
    guard !text.isEmpty, bytes[text.upperBound - 1] == UInt8(ascii: ")") else { return nil }
    var depth = 0
    for index in text.reversed() {
      if bytes[index] == UInt8(ascii: ")") { depth += 1 }
      if bytes[index] == UInt8(ascii: "(") { depth -= 1 }
      if depth == 0 {
        // `f()` with no file behind it is a name, not a group.
        let standsAlone = index == text.lowerBound || [UInt8].isBlank(bytes[index - 1])
        return standsAlone ? index : nil
      }
    }
    return nil
  }

  /// `leaf+0x19` without its offset.
  private static func withoutOffset(_ text: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var index = text.upperBound
    while index > text.lowerBound, [UInt8].hexadecimal(bytes[index - 1]) != nil { index -= 1 }
    guard index < text.upperBound, index - 3 > text.lowerBound, bytes[index - 1] == 0x78,
      bytes[index - 2] == 0x30, bytes[index - 3] == UInt8(ascii: "+")
    else { return text }
    return text.lowerBound..<index - 3
  }

  /// What it is called: its function, or its file in brackets as pprof has it.
  var function: Profile.Function {
    if let symbol { return Profile.Function(name: symbol) }
    guard let base = file?.split(separator: "/").last else {
      return Profile.Function(name: "[unknown]")
    }
    return Profile.Function(name: base.hasPrefix("[") ? String(base) : "[\(base)]")
  }

  var mapping: Profile.Mapping? {
    file.map { Profile.Mapping(start: 0, limit: 0, offset: 0, filename: $0, buildID: "") }
  }
}
