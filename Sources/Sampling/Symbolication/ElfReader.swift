import CElf
import Glibc

/// One ELF file opened with libelf, for as long as it takes to copy what we need from it.
///
/// Invariants: `elf` came from libelf and is ended once, in `deinit`; sections, data and strings
/// that libelf hands out belong to it, and nothing of them leaves a method uncopied. An image in
/// memory keeps its bytes in `image`, which never moves.
@safe struct ElfReader: ~Copyable {
  private let elf: OpaquePointer
  private let image: UnsafeMutableBufferPointer<CChar>?

  /// Opens a file; nil when it is not an ELF file.
  init?(descriptor: Int32) {
    elf_version(UInt32(EV_CURRENT))
    // SAFETY: the caller keeps the descriptor open; the answer is checked before it is kept.
    guard let elf = unsafe Self.checked(elf_begin(descriptor, ELF_C_READ, nil)) else { return nil }
    unsafe self.elf = elf
    unsafe image = nil
  }

  /// Opens an image that is not in any file, such as the vdso.
  init?(_ bytes: [UInt8]) {
    elf_version(UInt32(EV_CURRENT))
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
    // SAFETY: the buffer has room for every byte and is freed once: here, or in deinit after
    // libelf let go of it.
    _ = unsafe copy.initialize(from: bytes.map { CChar(bitPattern: $0) })
    guard let elf = unsafe Self.checked(elf_memory(copy.baseAddress, bytes.count)) else {
      unsafe copy.deallocate()
      return nil
    }
    unsafe self.elf = elf
    unsafe image = copy
  }

  /// The same, when it is an ELF file and not an archive or nothing at all.
  private static func checked(_ elf: OpaquePointer?) -> OpaquePointer? {
    // SAFETY: libelf accepts what it handed out, and ends what we do not keep.
    if unsafe elf_kind(elf) == ELF_K_ELF { return unsafe elf }
    unsafe _ = elf_end(elf)
    return nil
  }

  deinit {
    // SAFETY: ended once; the image is freed only afterwards.
    unsafe _ = elf_end(elf)
    unsafe image?.deallocate()
  }

  // MARK: - Program headers

  func programHeaders() -> [GElf_Phdr] {
    var count = 0
    // SAFETY: libelf checks the index against the file.
    guard unsafe elf_getphdrnum(elf, &count) == 0, count < 1_024 else { return [] }
    return (0..<Int32(count)).compactMap { index in
      var header = GElf_Phdr()
      return unsafe gelf_getphdr(elf, index, &header) == nil ? nil : header
    }
  }

  // MARK: - Symbols

  /// The functions of .symtab and .dynsym, and whether there was a .symtab.
  func symbols() -> (list: [ElfFile.Symbol], isFull: Bool) {
    var list: [ElfFile.Symbol] = []
    var isFull = false
    unsafe eachSection { section, header in
      guard header.sh_type == UInt32(SHT_SYMTAB) || header.sh_type == UInt32(SHT_DYNSYM) else {
        return
      }
      isFull = isFull || header.sh_type == UInt32(SHT_SYMTAB)
      // SAFETY: the section belongs to elf, which is open.
      unsafe list += functions(section, header)
    }
    return (list, isFull)
  }

  /// The variables of .symtab, or of .dynsym where that is all there is.
  func variables() -> [ElfFile.Symbol] {
    var lists: [UInt32: [ElfFile.Symbol]] = [:]
    unsafe eachSection { section, header in
      guard header.sh_type == UInt32(SHT_SYMTAB) || header.sh_type == UInt32(SHT_DYNSYM) else {
        return
      }
      // SAFETY: the section belongs to elf, which is open.
      unsafe eachSymbol(section, header) { symbol, name in
        guard Int32(symbol.st_info & 0xf) == STT_OBJECT, symbol.st_value != 0,
          symbol.st_shndx != UInt16(SHN_UNDEF), symbol.st_size > 0
        else { return }
        lists[header.sh_type, default: []].append(
          ElfFile.Symbol(address: symbol.st_value, size: symbol.st_size, name: name))
      }
    }
    return lists[UInt32(SHT_SYMTAB)] ?? lists[UInt32(SHT_DYNSYM)] ?? []
  }

  private func functions(_ section: OpaquePointer, _ header: GElf_Shdr) -> [ElfFile.Symbol] {
    var list: [ElfFile.Symbol] = []
    // SAFETY: the section belongs to elf, which is open.
    unsafe eachSymbol(section, header) { symbol, name in
      // `$x` and `$d` only say where code and data begin on ARM.
      guard Self.isCode(symbol), !name.isEmpty, !name.hasPrefix("$x"), !name.hasPrefix("$d") else {
        return
      }
      list.append(ElfFile.Symbol(address: symbol.st_value, size: symbol.st_size, name: name))
    }
    return list
  }

  /// Functions, functions chosen at load time, and untyped assembly; never what is only imported.
  private static func isCode(_ symbol: GElf_Sym) -> Bool {
    let type = Int32(symbol.st_info & 0xf)
    return symbol.st_value != 0 && symbol.st_shndx != UInt16(SHN_UNDEF)
      && (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE)
  }

  // MARK: - Functions chosen at load time

  /// The functions of this file that choose a variant of themselves, by their own address.
  func choosers() -> [UInt64: String] {
    var choosers: [UInt64: String] = [:]
    unsafe eachSection { section, header in
      guard header.sh_type == UInt32(SHT_DYNSYM) else { return }
      // SAFETY: the section belongs to elf, which is open.
      unsafe eachSymbol(section, header) { symbol, name in
        guard Int32(symbol.st_info & 0xf) == STT_GNU_IFUNC, symbol.st_value != 0 else { return }
        // Of two names the shorter one, so that builds agree.
        let known = choosers[symbol.st_value]
        if known.map({ ($0.count, $0) > (name.count, name) }) ?? true {
          choosers[symbol.st_value] = name
        }
      }
    }
    return choosers
  }

  /// Words in which the loader leaves the address of a function: those it chose in this file, and
  /// all that come from other files.
  func slots(_ choosers: [UInt64: String]) -> [ElfFile.Slot] {
    var slots: [ElfFile.Slot] = []
    let names = imports()
    eachRelocation { entry in
      let kind = UInt32(truncatingIfNeeded: entry.r_info)
      let name =
        Self.irelative.contains(kind)
        ? choosers[UInt64(bitPattern: entry.r_addend)]
        : Self.imports.contains(kind) ? names[Int(entry.r_info >> 32)] : nil
      if let name { slots.append(ElfFile.Slot(address: entry.r_offset, name: name)) }
    }
    return slots
  }

  /// What must come from other files, by its place in the table of symbols.
  func imports() -> [Int: String] {
    var names: [Int: String] = [:]
    unsafe eachSection { section, header in
      guard header.sh_type == UInt32(SHT_DYNSYM) else { return }
      var place = 0
      // SAFETY: the section belongs to elf, which is open.
      unsafe eachSymbol(section, header) { symbol, name in
        if symbol.st_shndx == UInt16(SHN_UNDEF) { names[place] = name }
        place += 1
      }
    }
    return names
  }

  /// R_X86_64_IRELATIVE and R_AARCH64_IRELATIVE.
  private static let irelative: Set<UInt32> = [37, 1_032]
  /// GLOB_DAT and JUMP_SLOT of both.
  private static let imports: Set<UInt32> = [6, 7, 1_025, 1_026]

  private func eachRelocation(_ body: (GElf_Rela) -> Void) {
    unsafe eachSection { section, header in
      guard header.sh_type == UInt32(SHT_RELA), header.sh_entsize > 0,
        let data = unsafe elf_getdata(section, nil)
      else { return }
      let count = min(unsafe UInt64(data.pointee.d_size) / header.sh_entsize, 1_000_000)
      for index in 0..<Int32(count) {
        var entry = GElf_Rela()
        // SAFETY: libelf checks the index against the data.
        if unsafe gelf_getrela(data, index, &entry) != nil { body(entry) }
      }
    }
  }

  private func eachSymbol(
    _ section: OpaquePointer, _ header: GElf_Shdr, _ body: (GElf_Sym, String) -> Void
  ) {
    // SAFETY: libelf checks the index against the data and the name against its string table.
    guard let data = unsafe elf_getdata(section, nil), header.sh_entsize > 0 else { return }
    let count = min(unsafe UInt64(data.pointee.d_size) / header.sh_entsize, 4_000_000)
    for index in 0..<Int32(count) {
      var symbol = GElf_Sym()
      guard unsafe gelf_getsym(data, index, &symbol) != nil,
        let name = unsafe elf_strptr(elf, Int(header.sh_link), Int(symbol.st_name))
      else { continue }
      unsafe body(symbol, String(cString: name))
    }
  }

  // MARK: - Notes and links

  func buildID() -> String? {
    var id: String?
    unsafe eachSection { section, header in
      guard id == nil, header.sh_type == UInt32(SHT_NOTE) else { return }
      // SAFETY: the section belongs to elf, which is open.
      id = unsafe contents(section).flatMap(BuildIDNote.find)
    }
    return id
  }

  /// The file that .gnu_debuglink names, without its folder.
  func debugLink() -> String? {
    guard let bytes = contents(of: ".gnu_debuglink") else { return nil }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return text.isEmpty || text.contains("/") ? nil : text
  }

  // MARK: - Sections

  /// A section that lies in the file as it is, so that it can be read in place.
  func section(_ names: String...) -> ElfSection? {
    var found: ElfSection?
    unsafe eachSection { section, header in
      guard found == nil, header.sh_type != UInt32(SHT_NOBITS),
        header.sh_flags & UInt64(SHF_COMPRESSED) == 0, let name = name(of: header),
        names.contains(name)
      else { return }
      found = ElfSection(
        name: name, address: header.sh_addr, offset: header.sh_offset, size: header.sh_size)
    }
    return found
  }

  /// A copy of a section.
  func contents(of wanted: String) -> [UInt8]? {
    var bytes: [UInt8]?
    unsafe eachSection { section, header in
      // SAFETY: the section belongs to elf, which is open.
      if bytes == nil, name(of: header) == wanted { bytes = unsafe contents(section) }
    }
    return bytes
  }

  /// What the loader writes to an address relative to where it puts the file.
  func relocation(at address: UInt64) -> UInt64? {
    var value: UInt64?
    eachRelocation { entry in
      if entry.r_offset == address, Self.relative.contains(UInt32(truncatingIfNeeded: entry.r_info))
      {
        value = UInt64(bitPattern: entry.r_addend)
      }
    }
    return value
  }

  /// R_X86_64_RELATIVE and R_AARCH64_RELATIVE.
  private static let relative: Set<UInt32> = [8, 1_027]

  private func name(of header: GElf_Shdr) -> String? {
    var index = 0
    // SAFETY: the section and string numbers are checked by libelf; the text is copied.
    guard unsafe elf_getshdrstrndx(elf, &index) == 0,
      let name = unsafe elf_strptr(elf, index, Int(header.sh_name))
    else { return nil }
    return unsafe String(cString: name)
  }

  func sectionNames() -> Set<String> {
    var names: Set<String> = []
    unsafe eachSection { _, header in if let name = name(of: header) { names.insert(name) } }
    return names
  }

  private func contents(_ section: OpaquePointer) -> [UInt8]? {
    // SAFETY: libelf answers that many readable bytes, which are copied at once.
    guard let data = unsafe elf_getdata(section, nil), let start = unsafe data.pointee.d_buf
    else { return nil }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(data.pointee.d_size)))
  }

  private func eachSection(_ body: (OpaquePointer, GElf_Shdr) -> Void) {
    // SAFETY: sections belong to elf, which is open for the whole walk.
    var section = unsafe elf_nextscn(elf, nil)
    while let current = unsafe section {
      var header = GElf_Shdr()
      if unsafe gelf_getshdr(current, &header) != nil { unsafe body(current, header) }
      unsafe section = elf_nextscn(elf, current)
    }
  }
}
