/// The set of groups a name belongs to: one bit for each `SymbolGroup`.
struct SymbolGroups: OptionSet, Hashable, Sendable {
  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(_ group: SymbolGroup) { rawValue = 1 << UInt64(group.rawValue) }

  func contains(_ group: SymbolGroup) -> Bool { contains(SymbolGroups(group)) }

  /// The groups of a function, by its whole name and by its name without parameters.
  static func matching(name: String, stem: String) -> SymbolGroups {
    var found: SymbolGroups = exact[name] ?? []
    found.formUnion(exact[stem] ?? [])
    let spellings = name == stem ? [Array(name.utf8)] : [Array(name.utf8), Array(stem.utf8)]
    for (pattern, group) in open where !found.contains(group) {
      if spellings.contains(where: pattern.matches) { found.insert(group) }
    }
    return found
  }

  /// Patterns without a star are most of them; a table answers those at once.
  private static let exact: [String: SymbolGroups] = {
    var table: [String: SymbolGroups] = [:]
    for group in SymbolGroup.allCases {
      for pattern in group.patterns where !pattern.contains("*") || pattern.contains("(*") {
        if Glob(pattern).isPlain { table[pattern, default: []].insert(SymbolGroups(group)) }
      }
    }
    return table
  }()

  private static let open: [(Glob, SymbolGroups)] = SymbolGroup.allCases.flatMap { group in
    group.patterns.map(Glob.init).filter { !$0.isPlain }.map { ($0, SymbolGroups(group)) }
  }
}

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
    guard !piece.isEmpty else { return text.startIndex }
    guard text.count >= piece.count else { return nil }
    for start in text.startIndex...(text.endIndex - piece.count)
    where text[start..<(start + piece.count)].elementsEqual(piece) {
      return start
    }
    return nil
  }
}
