import Basics
import CElf
import Glibc

/// What we need of an ELF file: where it is loaded, where its unwind table lies, what its
/// functions are called.
///
/// Unsafe in calling libelf, whose handles and strings live as long as the descriptor `elf`, which
/// is closed before `init` returns; everything kept is copied.
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

  package let path: String
  package let segments: [Segment]
  package let buildID: String
  /// Sorted by address.
  package let symbols: [Symbol]
  /// The address of .eh_frame_hdr, without the bias.
  let unwindHeader: UInt64?
  let unwindEntries: UInt64
  private let contents: MappedFileBox?

  /// Reads a file; nil when it is not an ELF file.
  package init?(path: String) {
    self.path = path
    guard let file = try? File(path, .read) else { return nil }
    elf_version(UInt32(EV_CURRENT))
    // SAFETY: the descriptor is open; nil is checked; ended once below.
    guard let elf = unsafe elf_begin(file.descriptor, ELF_C_READ, nil) else { return nil }
    defer { unsafe _ = elf_end(elf) }
    guard unsafe elf_kind(elf) == ELF_K_ELF else { return nil }
    let headers = unsafe Self.programHeaders(elf)
    segments = headers.filter { $0.p_type == UInt32(PT_LOAD) }.map {
      Segment(
        address: $0.p_vaddr, offset: $0.p_offset, fileSize: $0.p_filesz,
        isExecutable: $0.p_flags & UInt32(PF_X) != 0)
    }
    buildID = unsafe Self.buildID(elf)
    let mapped = try? MappedFileBox(path)
    contents = mapped
    let header = headers.first { $0.p_type == UInt32(PT_GNU_EH_FRAME) }
    let entries = header.flatMap { mapped?.entryCount(at: Int($0.p_offset)) }
    unwindHeader = entries == nil ? nil : header?.p_vaddr
    unwindEntries = entries ?? 0
    let own = unsafe Self.symbols(elf)
    symbols = Self.tidy(own.isFull ? own.list : Self.debugSymbols(buildID) ?? own.list)
  }

  // MARK: - Addresses

  /// Where the file's own address lies for a place in a mapping of it.
  package func address(of place: UInt64, in region: MappedRegion) -> UInt64? {
    let offset = place - region.start + region.fileOffset
    let segment = segments.first {
      offset >= $0.offset && offset < $0.offset + max($0.fileSize, 1)
    }
    return segment.map { offset - $0.offset + $0.address }
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
    return symbol.size == 0 || address < symbol.address + symbol.size ? symbol : nil
  }

  /// Eight bytes of the file as they are loaded at one of its own addresses.
  func word(at address: UInt64) -> UInt64? {
    for segment in segments
    where address >= segment.address && address + 8 <= segment.address + segment.fileSize {
      return contents?.word(at: Int(address - segment.address + segment.offset))
    }
    return nil
  }

  // MARK: - Reading

  private static func programHeaders(_ elf: OpaquePointer) -> [GElf_Phdr] {
    var count = 0
    // SAFETY: elf is open; libelf checks the index.
    guard unsafe elf_getphdrnum(elf, &count) == 0, count < 1_024 else { return [] }
    return (0..<Int32(count)).compactMap { index in
      var header = GElf_Phdr()
      return unsafe gelf_getphdr(elf, index, &header) == nil ? nil : header
    }
  }

  private static func symbols(_ elf: OpaquePointer) -> (list: [Symbol], isFull: Bool) {
    var list: [Symbol] = []
    var isFull = false
    // SAFETY: sections belong to elf, which is open for the whole walk.
    var section = unsafe elf_nextscn(elf, nil)
    while let current = unsafe section {
      var header = GElf_Shdr()
      if unsafe gelf_getshdr(current, &header) != nil,
        header.sh_type == UInt32(SHT_SYMTAB) || header.sh_type == UInt32(SHT_DYNSYM)
      {
        isFull = isFull || header.sh_type == UInt32(SHT_SYMTAB)
        unsafe list += functions(elf, current, header)
      }
      unsafe section = elf_nextscn(elf, current)
    }
    return (list, isFull)
  }

  private static func functions(
    _ elf: OpaquePointer, _ section: OpaquePointer, _ header: GElf_Shdr
  ) -> [Symbol] {
    // SAFETY: the data belongs to elf; libelf checks indices and string offsets.
    guard let data = unsafe elf_getdata(section, nil), header.sh_entsize > 0 else { return [] }
    let count = min(header.sh_size / header.sh_entsize, 4_000_000)
    var list: [Symbol] = []
    for index in 0..<Int32(count) {
      var symbol = GElf_Sym()
      guard unsafe gelf_getsym(data, index, &symbol) != nil, symbol.st_value != 0,
        symbol.st_shndx != 0
      else { continue }
      let type = symbol.st_info & 0xf
      // Functions, functions chosen at load time, and untyped assembly.
      guard type == 2 || type == 10 || type == 0 else { continue }
      guard let name = unsafe elf_strptr(elf, Int(header.sh_link), Int(symbol.st_name)) else {
        continue
      }
      let text = unsafe String(cString: name)
      if text.isEmpty || text.hasPrefix("$x") || text.hasPrefix("$d") { continue }
      list.append(Symbol(address: symbol.st_value, size: symbol.st_size, name: text))
    }
    return list
  }

  /// One name an address: the sized and exported-looking one wins over local labels.
  private static func tidy(_ list: [Symbol]) -> [Symbol] {
    let sorted = list.sorted {
      ($0.address, $1.size, $0.name.count, $0.name) < ($1.address, $0.size, $1.name.count, $1.name)
    }
    var result: [Symbol] = []
    result.reserveCapacity(sorted.count)
    for symbol in sorted where result.last?.address != symbol.address { result.append(symbol) }
    return result
  }

  private static func debugSymbols(_ buildID: String) -> [Symbol]? {
    guard buildID.count > 2 else { return nil }
    let path = "/usr/lib/debug/.build-id/\(buildID.prefix(2))/\(buildID.dropFirst(2)).debug"
    guard let file = try? File(path, .read) else { return nil }
    // SAFETY: as in init.
    guard let elf = unsafe elf_begin(file.descriptor, ELF_C_READ, nil) else { return nil }
    defer { unsafe _ = elf_end(elf) }
    let found = unsafe symbols(elf)
    return found.list.isEmpty ? nil : found.list
  }

  private static func buildID(_ elf: OpaquePointer) -> String {
    // SAFETY: as in `symbols`; the note's bytes are copied.
    var section = unsafe elf_nextscn(elf, nil)
    while let current = unsafe section {
      var header = GElf_Shdr()
      if unsafe gelf_getshdr(current, &header) != nil, header.sh_type == UInt32(SHT_NOTE),
        let data = unsafe elf_getdata(current, nil), let bytes = unsafe data.pointee.d_buf
      {
        let copy = unsafe [UInt8](
          UnsafeRawBufferPointer(start: bytes, count: Int(data.pointee.d_size)))
        if let id = BuildIDNote.find(in: copy) { return id }
      }
      unsafe section = elf_nextscn(elf, current)
    }
    return ""
  }
}

/// The note that names a build: name size, description size, type 3, "GNU", then the id.
enum BuildIDNote {
  static func find(in bytes: [UInt8]) -> String? {
    var reader = ByteReader(bytes)
    do throws(ByteReader.OutOfBytes) {
      while reader.remaining >= 12 {
        let nameSize: UInt32 = try reader.integer()
        let size: UInt32 = try reader.integer()
        let type: UInt32 = try reader.integer()
        let name = try reader.slice(Int((nameSize + 3) & ~3))
        let description = try reader.slice(Int((size + 3) & ~3)).prefix(Int(size))
        if type == 3, name.starts(with: Array("GNU".utf8)) { return hex(description) }
      }
    } catch {}
    return nil
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}

/// A mapped file that a class can hold.
private final class MappedFileBox: Sendable {
  private let file: MappedFile

  init(_ path: String) throws(SystemError) { file = try MappedFile(path) }

  func word(at offset: Int) -> UInt64? { integer(at: offset, bytes: 8) }

  /// How many entries the search table of an .eh_frame_hdr has; nil when it is of another form.
  func entryCount(at offset: Int) -> UInt64? {
    // Version 1, pointer relative, count unsigned, table relative to the header.
    guard integer(at: offset, bytes: 4) == 0x3B03_1B01 else { return nil }
    return integer(at: offset + 8, bytes: 4)
  }

  private func integer(at offset: Int, bytes count: Int) -> UInt64? {
    file.withBytes { bytes in
      guard offset >= 0, offset + count <= bytes.byteCount else { return nil }
      var value: UInt64 = 0
      for index in (0..<count).reversed() {
        // SAFETY: any byte may be read as a byte; the index was checked.
        value =
          value << 8
          | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self))
      }
      return value
    }
  }
}
