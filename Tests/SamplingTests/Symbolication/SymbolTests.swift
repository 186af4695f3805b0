import Foundation
import Pprof
import TestSupport
import Testing

@testable import Basics
@testable import Sampling

/// Names of code, held against what other tools read from the same files.
struct SymbolTests {
  private static let libc = try? AddressSpace(pid: getpid()).regions
    .first { $0.path.contains("/libc.so") }?.path
  private static let hasCompiler = Tool.path(of: "cc") != nil && Tool.path(of: "nm") != nil

  /// What `nm` prints: address → names of the code there.
  private static func names(_ file: String, _ options: [String] = []) throws -> [UInt64: Set<
    String
  >] {
    let text = try #require(try Tool.output(["nm", "--defined-only"] + options + [file]))
    var names: [UInt64: Set<String>] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 3, "TtWwi".contains(fields[1]),
        let address = UInt64(fields[0], radix: 16), address > 0
      else { continue }
      // The version of a symbol stands behind an @ and not in the name.
      names[address, default: []].insert(String(fields[2].prefix { $0 != "@" }))
    }
    return names
  }

  private static let source = """
    #include <stdlib.h>
    static __attribute__((noinline)) int hidden(int x) { return x * rand(); }
    __attribute__((noinline)) int shown(int x) { return hidden(x) + 1; }
    static int plain(void) { return 1; }
    static int (*choose(void))(void) { return plain; }
    int chosen(void) __attribute__((ifunc("choose")));
    __asm__(".text\\n.globl by_hand\\nby_hand:\\n nop\\n nop\\n nop\\n ret\\n"
            ".globl after_hand\\n.type after_hand,@function\\nafter_hand:\\n ret\\n"
            ".size after_hand, .-after_hand\\n");
    int main(void) { return shown(chosen()); }
    """

  /// A small program with one function of each kind.
  private static func program(in folder: TemporaryDirectory) throws -> String {
    try source.write(toFile: folder.file("a.c"), atomically: true, encoding: .utf8)
    _ = try #require(
      try Tool.output([
        "cc", "-O1", "-g", "-Wl,--build-id", "-o", folder.file("a"), folder.file("a.c"),
      ]))
    return folder.file("a")
  }

  @Test(.enabled(if: libc != nil && Tool.path(of: "nm") != nil, "needs nm and a shared libc"))
  func `every function that libc exports is found at its address`() throws {
    let path = try #require(Self.libc)
    let file = try #require(ElfFile(path: path))
    let names = try Self.names(path, ["-D"])
    #expect(names.count > 1_000)
    for (address, expected) in names {
      let found = file.symbol(at: address)
      #expect(found?.address == address)
      // Full symbols of a debug file may know the place by one more name.
      let isKnown = found.map { expected.contains($0.name) || $0.name.count <= 40 } ?? false
      #expect(isKnown, "\(expected) is called \(found?.name ?? "nothing")")
    }
  }

  @Test(.enabled(if: hasCompiler, "needs a C compiler and nm"))
  func `static, exported, chosen and hand-written functions are found`() throws {
    let folder = try TemporaryDirectory("symbols")
    let path = try Self.program(in: folder)
    let file = try #require(ElfFile(path: path))
    let names = try Self.names(path)
    for (address, expected) in names {
      let found = try #require(file.symbol(at: address), "\(expected) at \(address)")
      #expect(expected.contains(found.name))
    }
    for name in ["hidden", "shown", "chosen", "by_hand", "after_hand", "main"] {
      #expect(names.values.contains { $0.contains(name) }, "the fixture lacks \(name)")
    }
  }

  @Test(.enabled(if: hasCompiler, "needs a C compiler and nm"))
  func `a sized function ends where it ends, a hand-written one at the next`() throws {
    let folder = try TemporaryDirectory("symbols")
    let file = try #require(ElfFile(path: try Self.program(in: folder)))
    let hand = try #require(file.symbols.first { $0.name == "by_hand" })
    #expect(hand.size == 0)
    #expect(file.symbol(at: hand.address + 3)?.name == "by_hand")
    let after = try #require(file.symbols.first { $0.name == "after_hand" })
    #expect(after.size > 0)
    #expect(file.symbol(at: after.address + after.size - 1)?.name == "after_hand")
    #expect(file.symbol(at: after.address + after.size)?.name != "after_hand")
    #expect(file.symbol(at: 0) == nil)
  }

  @Test(
    .enabled(
      if: hasCompiler && Tool.path(of: "objcopy") != nil && Tool.path(of: "strip") != nil,
      "needs a C compiler, objcopy and strip"))
  func `a stripped program takes its names from the file its link names`() throws {
    let folder = try TemporaryDirectory("symbols")
    let path = try Self.program(in: folder)
    let debug = folder.file("a.debug")
    _ = try #require(try Tool.output(["objcopy", "--only-keep-debug", path, debug]))
    _ = try #require(try Tool.output(["strip", "--strip-all", path]))
    let address = try #require(try Self.names(debug).first { $0.value.contains("hidden") }?.key)
    #expect(ElfFile(path: path)?.symbol(at: address) == nil)
    _ = try #require(
      try Tool.output(["objcopy", "--add-gnu-debuglink=\(debug)", path], in: folder.path))
    #expect(ElfFile(path: path)?.symbol(at: address)?.name == "hidden")
  }

  @Test(
    .enabled(
      if: hasCompiler && XZStream.isAvailable && Tool.path(of: "objcopy") != nil
        && Tool.path(of: "strip") != nil && Tool.path(of: "xz") != nil,
      "needs a C compiler, objcopy, strip, xz and liblzma"))
  func `a stripped program takes its names from what xz packed into it`() throws {
    let folder = try TemporaryDirectory("symbols")
    let path = try Self.program(in: folder)
    let small = folder.file("small")
    _ = try #require(try Tool.output(["objcopy", "--only-keep-debug", path, small]))
    _ = try #require(try Tool.output(["strip", "--strip-debug", small]))
    let address = try #require(try Self.names(small).first { $0.value.contains("hidden") }?.key)
    _ = try #require(try Tool.output(["xz", small]))
    _ = try #require(try Tool.output(["strip", "--strip-all", path]))
    #expect(ElfFile(path: path)?.symbol(at: address) == nil)
    _ = try #require(
      try Tool.output(["objcopy", "--add-section=.gnu_debugdata=\(small).xz", path]))
    #expect(ElfFile(path: path)?.symbol(at: address)?.name == "hidden")
    let packed = try FileSystem.contents(of: small + ".xz")
    let whole = try #require(XZStream.unpacked(packed))
    for length in stride(from: 0, to: packed.count, by: 37) {
      #expect(XZStream.unpacked(Array(packed.prefix(length))) == nil)
    }
    var random = SeededRandom(20_26)
    for _ in 0..<300 {
      var bent = packed
      bent[Int(random.next() % UInt64(bent.count))] ^= 1 << UInt8(random.next() % 8)
      #expect(XZStream.unpacked(bent).map { $0 == whole } ?? true)
    }
  }

  @Test(
    .enabled(if: hasCompiler && Tool.path(of: "strip") != nil, "needs a C compiler and strip"))
  func `files without names are listed with the debug files that would help`() throws {
    let folder = try TemporaryDirectory("symbols")
    let path = try Self.program(in: folder)
    let hidden = try #require(ElfFile(path: path)?.symbols.first { $0.name == "hidden" })
    _ = try #require(try Tool.output(["strip", "--strip-all", path]))
    let image = try #require(ElfFile(path: path))
    let segment = try #require(image.segments.first { $0.isExecutable })
    let offset = String(segment.offset, radix: 16)
    let symbols = Symbolicator(
      AddressSpace(maps: "10000000-10100000 r-xp \(offset) 08:01 9 \(path)\n"), ImageCache())
    #expect(symbols.unnamedFiles.isEmpty)
    let place = 0x1000_0000 + hidden.address - segment.address
    for address in [place, place + 1, place] {
      #expect(symbols.user(address).quality == .offsetOnly)
    }
    let id = image.buildID
    #expect(
      symbols.unnamedFiles == [
        UnnamedFile(
          path: path, buildID: id, frames: 2,
          lookedFor: DebugFiles.folders.map {
            "\($0)/.build-id/\(id.prefix(2))/\(id.dropFirst(2)).debug"
          })
      ])
  }

  @Test(.enabled(if: hasCompiler, "needs a C compiler and nm"))
  func `the symbols of another build are not believed`() throws {
    let (mine, other) = (try TemporaryDirectory("symbols"), try TemporaryDirectory("symbols"))
    let path = try Self.program(in: mine)
    let changed = Self.source.replacing("x * rand()", with: "x - rand()")
    try changed.write(toFile: other.file("b.c"), atomically: true, encoding: .utf8)
    let stranger = mine.file("b")
    _ = try #require(
      try Tool.output(["cc", "-O1", "-Wl,--build-id", "-o", stranger, other.file("b.c")]))
    let id = try #require(ElfFile(path: path)?.buildID)
    #expect(id.count == 40)
    #expect(DebugFiles.symbols(of: path, buildID: id, link: "b") == nil)
    let own = try #require(ElfFile(path: stranger)?.buildID)
    #expect(DebugFiles.symbols(of: path, buildID: own, link: "b") != nil)
  }

  @Test(.enabled(if: Tool.path(of: "readelf") != nil, "needs readelf"))
  func `the build id is the one that readelf prints`() throws {
    let path = try #require(Self.libc)
    let text = try #require(try Tool.output(["readelf", "-n", path]))
    let id = try #require(text.firstMatch(of: /Build ID: ([0-9a-f]+)/)).1
    #expect(ElfFile(path: path)?.buildID == String(id))
  }

  @Test func `addresses of this very process get the names of its functions`() throws {
    let symbols = Symbolicator(try AddressSpace(pid: getpid()), ImageCache())
    for name in ["qsort", "getaddrinfo", "swift_retain", "swift_demangle"] {
      // SAFETY: the address is only looked at, never called.
      let place = unsafe dlsym(nil, name).map { UInt64(UInt(bitPattern: $0)) }
      let found = symbols.user(try #require(place) + 1)
      #expect(found.quality == .named)
      let function = try #require(found.frame.lines.first?.function)
      // Some have several names for one place; the runtime's own ones start with underscores.
      #expect(function.name.contains(name), "\(name) is called \(function.name)")
    }
  }

  @Test func `the vdso is read from memory and knows its functions`() throws {
    let file = try #require(VdsoImage.read())
    #expect(file.symbols.contains { $0.name.contains("gettime") })
    #expect(file.unwindHeader != nil)
  }

  @Test func `what is in no mapping is unknown, what has no name keeps its offset`() throws {
    let maps = "1000-3000 r-xp 00000000 00:00 0 \n5000-6000 r-xp 00002000 08:01 9 /no/such/lib.so\n"
    let symbols = Symbolicator(AddressSpace(maps: maps), ImageCache())
    #expect(symbols.user(0x9000).quality == .unknown)
    #expect(symbols.user(0x1000).quality == .unknown)
    let found = symbols.user(0x5123)
    #expect(found.quality == .offsetOnly)
    #expect(found.frame.lines.first?.function.name.hasPrefix("lib.so+0x") == true)
  }
}
