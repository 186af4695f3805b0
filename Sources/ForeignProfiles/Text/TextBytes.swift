/// Questions about a piece of text that stays where it is.
///
/// Turning a hundred megabytes into strings first would cost twenty times as much.
extension [UInt8] {
  func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }

  /// Where the line ends that begins here.
  func lineEnd(from start: Int) -> Int {
    let span = self.span
    var end = start
    while end < span.count, span[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  func has(_ prefix: StaticText, at range: Range<Int>) -> Bool {
    guard range.count >= prefix.bytes.count else { return false }
    for index in prefix.bytes.indices
    where self[range.lowerBound + index] != prefix.bytes[index] {
      return false
    }
    return true
  }

  func ends(_ range: Range<Int>, with suffix: StaticText) -> Bool {
    let count = suffix.bytes.count
    return range.count >= count
      && has(suffix, at: (range.upperBound - count)..<range.upperBound)
  }

  /// Where a text begins within a range.
  func find(_ text: StaticText, in range: Range<Int>) -> Int? {
    let count = text.bytes.count
    guard range.count >= count, let first = text.bytes.first else { return nil }
    for start in range.lowerBound...(range.upperBound - count) where self[start] == first {
      if has(text, at: start..<range.upperBound) { return start }
    }
    return nil
  }

  func trimmed(_ range: Range<Int>) -> Range<Int> {
    let span = self.span
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, Self.isBlank(span[low]) { low += 1 }
    while low < high, Self.isBlank(span[high - 1]) { high -= 1 }
    return low..<high
  }

  /// The next word from `position` on; nil at the end of the range.
  func word(from position: Int, in range: Range<Int>) -> Range<Int>? {
    let span = self.span
    var start = position
    while start < range.upperBound, Self.isBlank(span[start]) { start += 1 }
    guard start < range.upperBound else { return nil }
    var end = start
    while end < range.upperBound, !Self.isBlank(span[end]) { end += 1 }
    return start..<end
  }

  /// The words of a range, as many as a line may have that is not an attack.
  func words(_ range: Range<Int>, limit: Int = 64) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var position = range.lowerBound
    while words.count < limit, let word = word(from: position, in: range) {
      words.append(word)
      position = word.upperBound
    }
    return words
  }

  /// A whole number and nothing else; nil when it does not fit.
  func number(_ range: Range<Int>) -> Int64? {
    let span = self.span
    var position = range.lowerBound
    guard position < range.upperBound else { return nil }
    let isNegative = span[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard position < range.upperBound else { return nil }
    var value: Int64 = 0
    while position < range.upperBound {
      guard let digit = Self.decimal(span[position]) else { return nil }
      let (ten, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = ten.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      value = sum
      position += 1
    }
    return isNegative ? -value : value
  }

  /// Hexadecimal digits, with or without `0x`; nil when it is something else or does not fit.
  func hex(_ range: Range<Int>) -> UInt64? {
    let span = self.span
    var position = range.lowerBound
    if range.count > 2, span[position] == UInt8(ascii: "0"), span[position + 1] | 0x20 == 0x78 {
      position += 2
    }
    guard position < range.upperBound, range.upperBound - position <= 16 else { return nil }
    var value: UInt64 = 0
    while position < range.upperBound {
      guard let digit = Self.hexadecimal(span[position]) else { return nil }
      value = value << 4 | digit
      position += 1
    }
    return value
  }

  /// Like `number`, for what has a point in it.
  func decimal(_ range: Range<Int>) -> Double? {
    range.isEmpty || range.count > 40 ? nil : Double(text(range))
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  static func decimal(_ byte: UInt8) -> Int64? {
    byte >= 0x30 && byte <= 0x39 ? Int64(byte - 0x30) : nil
  }

  static func hexadecimal(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x61...0x66: UInt64(byte - 0x57)
    case 0x41...0x46: UInt64(byte - 0x37)
    default: nil
    }
  }
}

/// Bytes to compare with, written as text.
struct StaticText: ExpressibleByStringLiteral, Sendable {
  let bytes: [UInt8]
  init(stringLiteral text: StaticString) { bytes = Array(text.description.utf8) }
}
