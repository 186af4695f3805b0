/// Numbers pieces of text in the order in which they are first seen.
///
/// A table with open addressing that remembers places in the text instead of copies. The seed
/// changes from run to run, so that nobody can prepare a file in which all pieces collide.
struct TextKeys {
  private struct Entry {
    let start: Int
    let count: Int
    let hash: UInt64
  }

  private let bytes: [UInt8]
  private var entries: [Entry] = []
  /// Positions in `entries` plus one; zero is free.
  private var slots = [Int32](repeating: 0, count: 1_024)
  private let seed = UInt64.random(in: .min ... .max)

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { entries.count }

  /// The number of a piece; a new piece gets the next one, `count` before the call.
  mutating func number(of range: Range<Int>) -> Int {
    let hash = hash(range)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if entries[position].hash == hash, isEqual(entries[position], range) { return position }
      slot = (slot + 1) & (slots.count - 1)
    }
    entries.append(Entry(start: range.lowerBound, count: range.count, hash: hash))
    slots[slot] = Int32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return entries.count - 1
  }

  private func hash(_ range: Range<Int>) -> UInt64 {
    let span = bytes.span
    var hash = seed
    for index in range { hash = (hash ^ UInt64(span[index])) &* 0x9E37_79B9_7F4A_7C15 }
    return hash ^ (hash >> 32)
  }

  private func isEqual(_ entry: Entry, _ range: Range<Int>) -> Bool {
    if entry.count != range.count { return false }
    let span = bytes.span
    for index in 0..<entry.count
    where span[entry.start + index] != span[range.lowerBound + index] {
      return false
    }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (position, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(position + 1)
    }
  }
}
