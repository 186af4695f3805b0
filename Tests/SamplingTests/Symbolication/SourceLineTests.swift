import Foundation
import Pprof
import TestSupport
import Testing

@testable import Basics
@testable import Sampling

/// Lines and inlined functions, held against what llvm-symbolizer reads from the same file.
struct SourceLineTests {
  private static let hasLibrary = ImageCache.canReadLines
  private static let canCompile = hasLibrary && Tool.path(of: "cc") != nil
  private static let canAsk = hasLibrary && Tool.path(of: "llvm-symbolizer") != nil

  /// The victim as users would build it, where it is built; there is more inlined in it.
  private static let victim: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return ["release", "debug"].map { root.appending(path: ".build/\($0)/Victim").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  private struct Answer {
    var frames: [(name: String, file: String, line: Int)] = []
  }

  /// What llvm-symbolizer says about addresses of a file.
  private static func oracle(_ path: String, _ addresses: [UInt64]) throws -> [Answer] {
    let words =
      ["llvm-symbolizer", "--inlines", "--functions=linkage", "--no-demangle", "--obj=\(path)"]
      + addresses.map { "0x" + String($0, radix: 16) }
    let text = try #require(try Tool.output(words))
    return text.split(separator: "\n\n").map { block in
      let lines = block.split(separator: "\n")
      var answer = Answer()
      for index in stride(from: 0, to: lines.count - 1, by: 2) {
        let parts = lines[index + 1].split(separator: ":")
        answer.frames.append(
          (String(lines[index]), String(parts[0]), parts.count > 1 ? Int(parts[1]) ?? 0 : 0))
      }
      return answer
    }
  }

  /// Places in functions of a file, drawn with a seed.
  private static func addresses(of image: ElfFile, count: Int, seed: UInt64) -> [UInt64] {
    var random = SeededRandom(seed)
    let symbols = image.symbols.filter { $0.size > 0 && $0.address > 0 }
    return (0..<count).map { _ in
      let symbol = symbols[Int(random.next() % UInt64(symbols.count))]
      return symbol.address + random.next() % symbol.size
    }
  }

  @Test(.enabled(if: canAsk && victim != nil, "needs libdw, llvm-symbolizer and the victim"))
  func `functions and lines, inlined or not, are those of llvm-symbolizer`() throws {
    let path = try #require(Self.victim)
    let image = try #require(ElfFile(path: path))
    let lines = try #require(SourceLines(of: image))
    let addresses = Self.addresses(of: image, count: 500, seed: 20_26)
    let answers = try Self.oracle(path, addresses)
    try #require(answers.count == addresses.count)
    var (known, sameLeaf, sameDepth) = (0, 0, 0)
    for (address, answer) in zip(addresses, answers) {
      // Without debug information it knows the name of an object file at most.
      guard let leaf = answer.frames.first, leaf.file.contains("/") || leaf.line > 0 else {
        continue
      }
      known += 1
      var frames = lines.frames(at: address)
      // The outermost function is named by the linker, as llvm-symbolizer does it.
      if !frames.isEmpty { frames[frames.count - 1].name = image.symbol(at: address)?.name }
      if frames.count == answer.frames.count { sameDepth += 1 }
      // Where it says that no line stands for the code, we say the line before.
      if frames.first?.name == leaf.name,
        leaf.line == 0 || frames.first?.line == Int64(leaf.line)
      {
        sameLeaf += 1
      }
    }
    #expect(known > 300)
    #expect(Double(sameLeaf) >= 0.98 * Double(known), "\(sameLeaf) of \(known)")
    #expect(Double(sameDepth) >= 0.95 * Double(known), "\(sameDepth) of \(known)")
  }

  private static let source = """
    #include <stdlib.h>
    static inline __attribute__((always_inline)) int leaf(int x) {
      return x * rand();
    }
    static inline __attribute__((always_inline)) int middle(int x) {
      return leaf(x) + 1;
    }
    __attribute__((noinline)) int outer(int x) {
      return middle(x) - 1;
    }
    int main(void) { return outer(1); }
    """

  private static func program(in folder: TemporaryDirectory, _ options: [String] = []) throws
    -> String
  {
    try source.write(toFile: folder.file("a.c"), atomically: true, encoding: .utf8)
    _ = try #require(
      try Tool.output(
        ["cc", "-O1", "-g", "-Wl,--build-id", "-o", folder.file("a"), folder.file("a.c")]
          + options))
    return folder.file("a")
  }

  /// All chains that are found in a function.
  private static func chains(in function: String, of path: String) throws -> [[String]] {
    let image = try #require(ElfFile(path: path))
    let lines = try #require(SourceLines(of: image))
    let symbol = try #require(image.symbols.first { $0.name == function })
    return (symbol.address..<(symbol.address + symbol.size)).map { address in
      lines.frames(at: address).map { "\($0.name ?? "?"):\($0.line)" }
    }
  }

  @Test(
    .enabled(if: canCompile, "needs libdw and a C compiler"),
    arguments: [["-gdwarf-4"], ["-gdwarf-5"], ["-gdwarf-5", "-gz"]])
  func `inlined functions stand before the calls they replace`(options: [String]) throws {
    let folder = try TemporaryDirectory("lines")
    let path = try Self.program(in: folder, options)
    let chains = try Self.chains(in: "outer", of: path)
    #expect(chains.contains(["leaf:3", "middle:6", "outer:9"]), "\(chains)")
    #expect(chains.allSatisfy { $0.last?.hasPrefix("outer:") == true })
    let image = try #require(ElfFile(path: path))
    let place = try #require(image.symbols.first { $0.name == "outer" }).address
    let frame = try #require(SourceLines(of: image)?.frames(at: place).last)
    #expect(frame.file == folder.file("a.c"))
    #expect(frame.startLine == 8)
  }

  @Test(.enabled(if: canCompile, "needs libdw and a C compiler"))
  func `a relative path counts from the folder of the compiler`() throws {
    let folder = try TemporaryDirectory("lines")
    try Self.source.write(toFile: folder.file("a.c"), atomically: true, encoding: .utf8)
    _ = try #require(
      try Tool.output(["cc", "-O1", "-gdwarf-4", "-o", "a", "a.c"], in: folder.path))
    let image = try #require(ElfFile(path: folder.file("a")))
    let place = try #require(image.symbols.first { $0.name == "outer" }).address
    let frame = try #require(SourceLines(of: image)?.frames(at: place).last)
    #expect(frame.file.hasPrefix("/") && frame.file.hasSuffix("/a.c"), "\(frame.file)")
  }

  @Test(
    .enabled(
      if: canCompile && Tool.path(of: "objcopy") != nil && Tool.path(of: "strip") != nil,
      "needs libdw, a C compiler, objcopy and strip"))
  func `lines are found in the file in which they were put aside, if it is the same build`() throws
  {
    let folder = try TemporaryDirectory("lines")
    let path = try Self.program(in: folder)
    let outer = try #require(ElfFile(path: path)?.symbols.first { $0.name == "outer" })
    let debug = folder.file("a.debug")
    _ = try #require(try Tool.output(["objcopy", "--only-keep-debug", path, debug]))
    _ = try #require(try Tool.output(["strip", "--strip-all", path]))
    #expect(SourceLines(of: try #require(ElfFile(path: path))) == nil)
    _ = try #require(
      try Tool.output(["objcopy", "--add-gnu-debuglink=\(debug)", path], in: folder.path))
    let image = try #require(ElfFile(path: path))
    #expect(SourceLines(of: image)?.frames(at: outer.address).last?.name == "outer")
    let other = try TemporaryDirectory("lines")
    let stranger = try Self.program(in: other, ["-DSTRANGER=1", "-O0"])
    try FileManager.default.removeItem(atPath: debug)
    try FileManager.default.copyItem(atPath: stranger, toPath: debug)
    #expect(SourceLines(of: try #require(ElfFile(path: path))) == nil)
  }

  @Test(.enabled(if: canCompile, "needs libdw and a C compiler"))
  func `a profile's frame carries every inlined function with file and line`() throws {
    let folder = try TemporaryDirectory("lines")
    let path = try Self.program(in: folder)
    let image = try #require(ElfFile(path: path))
    let segment = try #require(image.segments.first { $0.isExecutable })
    let outer = try #require(image.symbols.first { $0.name == "outer" })
    let start: UInt64 = 0x5555_0000_0000
    let line = [start, start + 0x10000].map { String($0, radix: 16) }.joined(separator: "-")
    let offset = String(segment.offset, radix: 16)
    let space = AddressSpace(maps: "\(line) r-xp \(offset) 08:01 9 \(path)\n")
    let symbols = Symbolicator(space, ImageCache())
    let frames = (0..<outer.size).map { place in
      symbols.user(start + outer.address - segment.address + place).frame
    }
    let deepest = try #require(frames.max { $0.lines.count < $1.lines.count })
    #expect(deepest.lines.map(\.function.name) == ["leaf", "middle", "outer"])
    #expect(deepest.lines.allSatisfy { $0.function.filename == folder.file("a.c") && $0.line > 0 })
    #expect(deepest.mapping?.hasInlineFrames == true)
    #expect(Set(frames.map(\.mapping)).count == 1)
  }

  @Test(.enabled(if: canCompile, "needs libdw and a C compiler"))
  func `debug information with wrong bytes never traps`() throws {
    let folder = try TemporaryDirectory("lines")
    let path = try Self.program(in: folder)
    let whole = try FileSystem.contents(of: path)
    let bent = folder.file("bent")
    var random = SeededRandom(20_26)
    for _ in 0..<400 {
      var bytes = whole
      // Debug information lies behind the code, in the second half of so small a file.
      for _ in 0..<4 {
        let place = bytes.count / 2 + Int(random.next() % UInt64(bytes.count / 2))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      }
      try Data(bytes).write(to: URL(filePath: bent))
      guard let image = ElfFile(path: bent), let lines = SourceLines(of: image) else { continue }
      for address in stride(from: UInt64(0x1000), to: 0x1400, by: 16) {
        _ = lines.frames(at: address)
      }
    }
  }
}
