/// A pattern in which `*` stands for any text.
///
/// Go writes pointer receivers as `(*Mutex)`; that star follows an opening parenthesis and stands
/// for itself.
struct Glob: Sendable {
  /// The literal pieces between the stars.
  private let pieces: [[UInt8]]

  init(_ pattern: String) {
    var pieces: [[UInt8]] = [[]]
    var previous: UInt8 = 0
    for byte in pattern.utf8 {
      if byte == UInt8(ascii: "*"), previous != UInt8(ascii: "(") {
        pieces.append([])
      } else {
        pieces[pieces.count - 1].append(byte)
      }
      previous = byte
    }
    self.pieces = pieces
  }

  var isPlain: Bool { pieces.count == 1 }

  /// Whether every name would match, as `*` does.
  var isEverything: Bool { pieces.allSatisfy(\.isEmpty) }

  func matches(_ text: [UInt8]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, text.starts(with: first) else {
      return false
    }
    guard pieces.count > 1 else { return text.count == first.count }
    let end = text.count - last.count
    guard end >= first.count, text[end...].elementsEqual(last) else { return false }
    var position = first.count
    for piece in pieces.dropFirst().dropLast() {
      guard let next = Self.find(piece, in: text[position..<end]) else { return false }
      position = next + piece.count
    }
    return true
  }

  /// The first place where the piece stands: taking the earliest one is always enough for globs.
  private static func find(_ piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard let first = piece.first else { return text.startIndex }
    guard text.count >= piece.count else { return nil }
    for start in text.startIndex...(text.endIndex - piece.count)
    where text[start] == first && text[start..<(start + piece.count)].elementsEqual(piece) {
      return start
    }
    return nil
  }
}
