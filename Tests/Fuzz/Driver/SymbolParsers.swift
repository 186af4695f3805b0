import Basics

@testable import Sampling

extension FuzzedParser {
  /// What a recording asks of programs it never saw before.
  static let symbols: [FuzzedParser] = [
    FuzzedParser("elf") { bytes in use(ElfFile(name: "fuzz", bytes: bytes)) },
    FuzzedParser("dwarf") { bytes in
      // libdw wants a file; names of sections, units, lines and inlined functions are all read.
      guard let file = ElfFile(path: try Scratch.file("program", bytes)) else { return }
      guard let lines = SourceLines(of: file) else { return }
      for address in addresses(file) { _ = lines.frames(at: address) }
    },
    FuzzedParser("gnu-debugdata") { bytes in
      // Valid framing is rare among random bytes, so both sides of the packing are tried.
      if let inside = XZStream.unpacked(bytes) { use(ElfFile(name: "inside", bytes: inside)) }
    },
    FuzzedParser("pclntab") { bytes in
      let section = ElfSection(name: "", address: 0, offset: 0, size: UInt64(bytes.count))
      guard let table = GoTable(ElfBytes(bytes), section, textStart: 0x1000) else { return }
      for address in [0, 0x1000, 0x1010, 0x1800, 0x40_1000, .max] as [UInt64] {
        _ = table.frame(at: address)
      }
    },
    FuzzedParser("perf-map") { bytes in
      let map = PerfMap(text: String(decoding: bytes, as: UTF8.self))
      for address in [0, 0x1000, 0x7FFF_0000_1000, .max] as [UInt64] {
        _ = map.name(at: address)
      }
    },
    FuzzedParser("kernel-symbols") { bytes in
      let symbols = KernelSymbols(text: bytes)
      for address in [0, 0xFFFF_FFFF_8100_0000, .max] as [UInt64] { _ = symbols.name(at: address) }
    },
    FuzzedParser("maps") { bytes in
      let space = AddressSpace(maps: String(decoding: bytes, as: UTF8.self))
      for address in [0, 0x40_1000, .max] as [UInt64] { _ = space.region(containing: address) }
    },
    FuzzedParser("linker-names") { bytes in
      let name = String(decoding: bytes, as: UTF8.self)
      // What ends in the C++ and Swift runtimes is theirs; ours are the Rust paths and shortening.
      _ = RustName.demangled(name)
      _ = RustName.demangled("_R" + name)
      _ = TemplateName.short(name)
      _ = SwiftName.short(name)
    },
  ]

  private static func use(_ file: ElfFile?) {
    guard let file else { return }
    for address in addresses(file) {
      _ = file.symbol(at: address)
      _ = file.word(at: address)
      _ = file.functionStart(of: address)
      _ = file.goTable?.frame(at: address)
    }
  }

  private static func addresses(_ file: ElfFile) -> [UInt64] {
    [0, 1, 0x1000, 0x40_1000, .max / 2, .max]
      + file.symbols.prefix(20).map(\.address) + file.segments.prefix(20).map(\.address)
  }
}
