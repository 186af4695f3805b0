/// Walks over text line by line, as places in the bytes and not as strings.
///
/// A line ends at `\n`, `\r\n` or the end of the text, none of which belongs to it.
struct TextLines {
  let bytes: [UInt8]
  /// Where the next line begins.
  private(set) var position: Int
  /// The line that `next` gave last, counted from one.
  private(set) var number = 0
  private var start = 0

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    start = position
    var end = bytes.lineEnd(from: start)
    position = end + 1
    number += 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Where the line stands that `next` gave last.
  var place: ForeignError.Place { .line(number, offset: start) }
}
