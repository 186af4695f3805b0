/// The functions and lines of a Go program, from the table that its runtime walks stacks with.
///
/// It stays when everything else is stripped, because the program itself needs it:
///
///     header     magic │ quantum, word size │ counts │ offsets of the parts below
///     functions  entry, offset of the details │ … │ one past the last entry, sorted by entry
///     details    name │ steps of files │ steps of lines │ unit │ …
///     steps      value and pc, each as the difference to the one before, in as few bytes as fit
///     files      unit → number → path
///
/// Layouts of Go 1.2, 1.16, 1.18 and 1.20 differ in the header and in what entries count from. At a
/// place where another function was inlined, the line is the inlined one's.
struct GoTable: Sendable {
  private enum Layout { case go2, go16, go18, go20 }

  private let bytes: ElfSection.Bytes
  private let layout: Layout
  private let quantum: UInt64
  private let count: UInt64
  /// What entries count from since 1.18; zero before.
  private let textStart: UInt64
  private var names: UInt64 = 0
  private var units: UInt64 = 0
  private var files: UInt64 = 0
  private var steps: UInt64 = 0
  private var functions: UInt64 = 0

  /// Reads the header; nil when it is no table of a known layout.
  ///
  /// `textStart` stands for the header's own, which position-independent programs leave empty.
  init?(_ contents: ElfBytes, _ section: ElfSection, textStart: UInt64) {
    let reader = section.bytes(of: contents)
    bytes = reader
    guard let magic = reader.integer(at: 0, bytes: 4), reader.integer(at: 7, bytes: 1) == 8,
      let quantum = reader.integer(at: 6, bytes: 1), quantum > 0,
      let count = reader.integer(at: 8, bytes: 8), count > 0, count < section.size / 8
    else { return nil }
    switch magic {
    case 0xFFFF_FFFB: layout = .go2
    case 0xFFFF_FFFA: layout = .go16
    case 0xFFFF_FFF0: layout = .go18
    case 0xFFFF_FFF1: layout = .go20
    default: return nil
    }
    self.quantum = quantum
    self.count = count
    let isRelative = layout == .go18 || layout == .go20
    let stated = isRelative ? reader.integer(at: 24, bytes: 8) ?? 0 : 0
    self.textStart = isRelative ? (stated > 0 ? stated : textStart) : 0
    if layout == .go2 {
      functions = 16
      guard let place = reader.integer(at: 16 + count * 16 + 8, bytes: 4) else { return nil }
      files = place
    } else {
      var parts: [UInt64] = []
      for index in 0..<UInt64(5) {
        let place = (isRelative ? 32 : 24) + index * 8
        guard let part = reader.integer(at: place, bytes: 8), part < section.size else {
          return nil
        }
        parts.append(part)
      }
      (names, units, files, steps, functions) = (parts[0], parts[1], parts[2], parts[3], parts[4])
    }
  }

  /// The function at one of the file's own addresses, with the line.
  func frame(at address: UInt64) -> SourceLines.Frame? {
    guard let index = index(of: address), let entry = entry(index),
      let offset = integer(functions &+ index * entrySize + entrySize / 2, entrySize / 2)
    else { return nil }
    // Before 1.16 everything counted from the start of the table.
    let details = (layout == .go2 ? 0 : functions) &+ offset
    // The entry's address stands first, as wide as in the list.
    let fields = details &+ entrySize / 2
    guard let name = integer(fields, 4).flatMap({ text(names &+ $0) }), !name.isEmpty else {
      return nil
    }
    var frame = SourceLines.Frame(name: name)
    if layout == .go20 { frame.startLine = Int64(integer(fields &+ 32, 4) ?? 0) }
    let distance = address &- entry
    if let line = integer(fields &+ 20, 4).flatMap({ value(at: distance, $0) }), line > 0 {
      frame.line = line
    }
    if let number = integer(fields &+ 16, 4).flatMap({ value(at: distance, $0) }),
      let file = path(number, unit: fields &+ 28)
    {
      frame.file = file
    }
    return frame
  }

  // MARK: - Parts

  /// Both numbers of an entry in the list of functions.
  private var entrySize: UInt64 { layout == .go2 || layout == .go16 ? 16 : 8 }

  /// Where a function begins; the one past the last is the end of all.
  private func entry(_ index: UInt64) -> UInt64? {
    integer(functions &+ index * entrySize, entrySize / 2).map { textStart &+ $0 }
  }

  private func index(of address: UInt64) -> UInt64? {
    guard let end = entry(count), address < end else { return nil }
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = (low + high) / 2
      guard let start = entry(middle) else { return nil }
      if start <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The value that a list of steps has so many bytes behind a function's entry.
  private func value(at distance: UInt64, _ start: UInt64) -> Int64? {
    // A list at zero is no list.
    if start == 0 { return nil }
    var place = steps &+ start
    var (value, position) = (Int64(-1), UInt64(0))
    for step in 0..<Self.stepsMax {
      guard let change = packed(&place), change != 0 || step == 0, let length = packed(&place)
      else { return nil }
      value &+= Int64(change >> 1) ^ -Int64(change & 1)
      position &+= UInt64(length) * quantum
      if distance < position { return value }
    }
    return nil
  }

  /// A function of a million lines is none.
  private static let stepsMax = 1_000_000

  /// A number of at most 32 bits in groups of seven, the lowest first.
  private func packed(_ place: inout UInt64) -> UInt32? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 35, by: 7) {
      guard let byte = integer(place, 1) else { return nil }
      place += 1
      number |= (byte & 0x7F) << shift
      if byte < 0x80 { return UInt32(truncatingIfNeeded: number) }
    }
    return nil
  }

  private func path(_ number: Int64, unit: UInt64) -> String? {
    guard let number = UInt64(exactly: number), number < 1 << 32 else { return nil }
    if layout == .go2 { return integer(files &+ number * 4, 4).flatMap { text($0) } }
    guard let unit = integer(unit, 4),
      let place = integer(units &+ (unit &+ number) * 4, 4), place != UInt32.max
    else { return nil }
    return text(files &+ place)
  }

  // MARK: - Checked reading

  private func integer(_ offset: UInt64, _ count: UInt64) -> UInt64? {
    bytes.integer(at: offset, bytes: count)
  }

  private func text(_ offset: UInt64) -> String? {
    var bytes: [UInt8] = []
    while bytes.count < 4_096, let byte = integer(offset &+ UInt64(bytes.count), 1) {
      if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(UInt8(byte))
    }
    return nil
  }
}
