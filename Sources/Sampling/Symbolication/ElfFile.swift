import Basics
import CElf

/// What we need of an ELF file: where it is loaded, where its unwind table lies, what its
/// functions are called.
///
/// It is read once and then a value: libelf is done with when `init` returns. Headers and symbols
/// are whatever the file says, so every sum of two of its numbers may overflow and must not trap.
package final class ElfFile: Sendable {
  package struct Segment: Sendable {
    let address: UInt64
    let offset: UInt64
    let fileSize: UInt64
    let isExecutable: Bool
  }

  package struct Symbol: Sendable {
    let address: UInt64
    let size: UInt64
    let name: String
  }

  /// A word in the memory of a process that holds the address of the function `name`.
  package struct Slot: Sendable {
    let address: UInt64
    let name: String
  }

  package let path: String
  package let segments: [Segment]
  package let buildID: String
  /// The file in which debug information was put aside, as this one names it.
  let debugLink: String?
  /// One for each address, sorted by it.
  package let symbols: [Symbol]
  /// Whether the program lists its locks: then the function that does so is one of its own.
  var knowsLocks: Bool { symbols.contains { $0.name == "vb_lock_remember" } }
  /// Functions of this file that choose a variant of themselves when the file is loaded.
  let choosers: Set<String>
  /// Where the loader leaves what it chose, and what the file takes from others.
  let slots: [Slot]
  /// The address of .eh_frame_hdr, without the bias; nil when it has no table to search.
  let unwindHeader: UInt64?
  let unwindEntries: UInt64
  /// The functions that a Go program knows of itself.
  let goTable: GoTable?
  private let contents: ElfBytes?

  /// Reads a file; nil when it is not an ELF file.
  package convenience init?(path: String) {
    guard let file = try? File(path, .read), let reader = ElfReader(descriptor: file.descriptor)
    else { return nil }
    self.init(reader, path: path, contents: try? ElfBytes(path: path))
  }

  /// Reads an image that is in no file, such as the vdso; nil when it is not an ELF image.
  package convenience init?(name: String, bytes: [UInt8]) {
    guard let reader = ElfReader(bytes) else { return nil }
    self.init(reader, path: name, contents: ElfBytes(bytes))
  }

  private init(_ reader: borrowing ElfReader, path: String, contents: ElfBytes?) {
    self.path = path
    self.contents = contents
    let headers = reader.programHeaders()
    segments = headers.filter { $0.p_type == UInt32(PT_LOAD) }.map {
      Segment(
        address: $0.p_vaddr, offset: $0.p_offset, fileSize: $0.p_filesz,
        isExecutable: $0.p_flags & UInt32(PF_X) != 0)
    }
    buildID = reader.buildID() ?? ""
    debugLink = reader.debugLink()
    let table = headers.first { $0.p_type == UInt32(PT_GNU_EH_FRAME) }
    let entries = table.flatMap { Self.unwindEntries(at: $0.p_offset, in: contents) }
    unwindHeader = entries == nil ? nil : table?.p_vaddr
    unwindEntries = entries ?? 0
    goTable = contents.flatMap { Self.goTable(reader, $0) }
    let choosing = reader.choosers()
    choosers = Set(choosing.values)
    slots = reader.slots(choosing)
    symbols = Self.tidy(Self.allSymbols(reader, path, buildID, debugLink))
  }

  /// The file's own symbols, and when it was stripped those that were put aside.
  private static func allSymbols(
    _ reader: borrowing ElfReader, _ path: String, _ buildID: String, _ link: String?
  ) -> [Symbol] {
    let own = reader.symbols()
    if own.isFull { return own.list }
    if let aside = DebugFiles.symbols(of: path, buildID: buildID, link: link) {
      return own.list + aside
    }
    guard let inside = reader.contents(of: ".gnu_debugdata").flatMap(XZStream.unpacked),
      let packed = ElfReader(inside)
    else { return own.list }
    return own.list + packed.symbols().list
  }

  private static func goTable(
    _ reader: borrowing ElfReader, _ contents: ElfBytes
  ) -> GoTable? {
    guard let section = reader.section(".gopclntab", ".data.rel.ro.gopclntab") else { return nil }
    // The fourth word of the header is where the code begins, unless the loader writes it.
    let start = reader.relocation(at: section.address &+ 24) ?? reader.section(".text")?.address
    return GoTable(contents, section, textStart: start ?? 0)
  }

  /// How many entries the search table of an .eh_frame_hdr has; nil when it is of another form.
  private static func unwindEntries(at offset: UInt64, in contents: ElfBytes?) -> UInt64? {
    // Version 1, pointer relative, count unsigned, table relative to the header.
    guard contents?.integer(at: offset, bytes: 4) == 0x3B03_1B01, offset < UInt64.max - 8 else {
      return nil
    }
    return contents?.integer(at: offset + 8, bytes: 4)
  }

  /// One name an address: the sized one first, then the shortest, so that builds agree.
  private static func tidy(_ list: [Symbol]) -> [Symbol] {
    // Positions are sorted instead of symbols, because a symbol's text is counted when it moves.
    let order = list.indices.map { (address: list[$0].address, position: Int32($0)) }
      .sorted { ($0.address, $0.position) < ($1.address, $1.position) }
    var result: [Symbol] = []
    result.reserveCapacity(order.count)
    for (address, position) in order {
      let symbol = list[Int(position)]
      guard let last = result.last, last.address == address else {
        result.append(symbol)
        continue
      }
      if isBetter(symbol, than: last) { result[result.count - 1] = symbol }
    }
    return result
  }

  private static func isBetter(_ one: Symbol, than other: Symbol) -> Bool {
    (other.size, one.name.utf8.count, one.name) < (one.size, other.name.utf8.count, other.name)
  }

  // MARK: - Addresses

  /// Where the file's own address lies for a place in a mapping of it.
  ///
  /// Through the offset in the file, never from the start of the mapping: linkers place a segment
  /// at an address that differs from its offset.
  package func address(of place: UInt64, in region: MappedRegion) -> UInt64? {
    let offset = place &- region.start &+ region.fileOffset
    return segments.first { offset >= $0.offset && offset - $0.offset < max($0.fileSize, 1) }
      .map { offset &- $0.offset &+ $0.address }
  }

  package func symbol(at address: UInt64) -> Symbol? {
    var (low, high) = (0, symbols.count)
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let symbol = symbols[low - 1]
    // A size of zero means hand-written code: it reaches to the next symbol.
    return symbol.size == 0 || address - symbol.address < symbol.size ? symbol : nil
  }

  /// Where the function begins that an address lies in, by the table for unwinding.
  ///
  /// It knows functions that have no symbol; nil without such a table.
  func functionStart(of address: UInt64) -> UInt64? {
    guard let header = unwindHeader else { return nil }
    var (low, high) = (UInt64(0), unwindEntries)
    while low < high {
      let middle = (low + high) / 2
      guard let start = tableEntry(middle, header) else { return nil }
      if start <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? tableEntry(low - 1, header) : nil
  }

  /// Entries are two numbers of four bytes, relative to the header: a function and its rules.
  private func tableEntry(_ index: UInt64, _ header: UInt64) -> UInt64? {
    guard let offset = offset(of: header &+ 12 &+ index &* 8),
      let word = contents?.integer(at: offset, bytes: 4)
    else { return nil }
    return header &+ UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: word)))
  }

  private func offset(of address: UInt64) -> UInt64? {
    segments.first { address >= $0.address && address - $0.address < $0.fileSize }
      .map { address - $0.address &+ $0.offset }
  }

  /// Eight bytes of the file as they are loaded at one of its own addresses.
  func word(at address: UInt64) -> UInt64? {
    for segment in segments
    where address >= segment.address && segment.fileSize >= 8
      && address - segment.address <= segment.fileSize - 8
    {
      return contents?.integer(at: address - segment.address &+ segment.offset, bytes: 8)
    }
    return nil
  }
}
