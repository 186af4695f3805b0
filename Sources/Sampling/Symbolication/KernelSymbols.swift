import Basics

/// The kernel's function names, from /proc/kallsyms; nothing where it shows only zeros.
struct KernelSymbols: Sendable {
  /// Those of the running kernel, read once: there are two hundred thousand.
  static let running = KernelSymbols(
    text: (try? FileSystem.contents(of: "/proc/kallsyms")) ?? [])

  /// A function, by where it begins and where its name stands in the text.
  private struct Entry {
    let address: UInt64
    let start: Int32
    let length: Int32
  }

  private let text: [UInt8]
  private let entries: [Entry]

  /// From lines of `address type name`; whoever may not see addresses is shown zeros.
  init(text: [UInt8]) {
    self.text = text
    var entries: [Entry] = []
    var line = 0
    while line < text.count {
      let end = text[line...].firstIndex(of: 0x0A) ?? text.count
      if let entry = Self.entry(text, line..<end) { entries.append(entry) }
      line = end + 1
    }
    // Where several names share an address, the one listed last.
    self.entries = entries.enumerated()
      .sorted { ($0.element.address, $0.offset) < ($1.element.address, $1.offset) }
      .map(\.element)
  }

  private static func entry(_ text: [UInt8], _ line: Range<Int>) -> Entry? {
    var place = line.lowerBound
    var address: UInt64 = 0
    while place < line.upperBound, let digit = hexDigit(text[place]) {
      address = address << 4 | digit
      place += 1
    }
    // A blank, the type, a blank, and the name up to the next blank: `ffff81000000 T name [module]`.
    guard address != 0, place + 3 < line.upperBound, isCode(text[place + 1]) else { return nil }
    let start = place + 3
    let end = text[start..<line.upperBound].firstIndex { $0 == 0x20 || $0 == 0x09 }
    return Entry(
      address: address, start: Int32(clamping: start),
      length: Int32(clamping: (end ?? line.upperBound) - start))
  }

  private static func hexDigit(_ letter: UInt8) -> UInt64? {
    switch letter {
    case 0x30...0x39: UInt64(letter - 0x30)
    case 0x61...0x66: UInt64(letter - 0x57)
    default: nil
    }
  }

  /// `t`, `T`, `w` and `W` are functions.
  private static func isCode(_ type: UInt8) -> Bool {
    type == 0x74 || type == 0x54 || type == 0x77 || type == 0x57
  }

  func name(at address: UInt64) -> String? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    // Modules end somewhere; a megabyte past the last symbol is nobody's code.
    guard low > 0, address - entries[low - 1].address < 1 << 20 else { return nil }
    let entry = entries[low - 1]
    return String(decoding: text[Int(entry.start)..<Int(entry.start + entry.length)], as: UTF8.self)
  }
}
