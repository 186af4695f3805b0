import Foundation
import TestSupport
import Testing

@testable import Basics
@testable import Sampling

/// Stripped Go programs, held against what Go's own tools say about the unstripped twin.
struct GoTableTests {
  private static let hasGo = Tool.path(of: "go") != nil

  private static let source = """
    package main

    import (
      "fmt"
      "sort"
      "strings"
    )

    type Row struct{ name string }

    //go:noinline
    func (r *Row) Twice(n int) int {
      return n * 2 * len(r.name)
    }

    func each[T any](list []T, body func(T)) {
      for _, item := range list {
        body(item)
      }
    }

    func main() {
      rows := []*Row{{"a"}, {"bc"}}
      sort.Slice(rows, func(i, j int) bool { return rows[i].name > rows[j].name })
      each(rows, func(r *Row) { fmt.Println(strings.ToUpper(r.name), r.Twice(3)) })
    }
    """

  /// The same program with and without its names.
  private static func programs(
    in folder: TemporaryDirectory, _ options: [String] = []
  ) throws -> (full: String, stripped: String) {
    try source.write(toFile: folder.file("main.go"), atomically: true, encoding: .utf8)
    let environment = ["HOME": folder.path, "GOCACHE": cache, "GO111MODULE": "off"]
    for (name, flags) in [("full", ""), ("stripped", "-s -w")] {
      _ = try #require(
        try Tool.output(
          ["go", "build", "-ldflags", flags, "-o", folder.file(name)] + options
            + [folder.file("main.go")], environment: environment))
    }
    return (folder.file("full"), folder.file("stripped"))
  }

  /// Shared by the programs of one run: building the standard library takes half a minute.
  private static let folder = try? TemporaryDirectory("go")
  private static let cache = folder?.file("cache") ?? ""

  /// What `go tool nm` says about code: address → names.
  private static func functions(_ path: String) throws -> [UInt64: Set<String>] {
    let text = try #require(try Tool.output(["go", "tool", "nm", path]))
    var functions: [UInt64: Set<String>] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      guard fields.count == 3, "tT".contains(fields[1]),
        let address = UInt64(fields[0], radix: 16)
      else { continue }
      functions[address, default: []].insert(plain(fields[2]))
    }
    return functions
  }

  /// The linker says how an assembler function is called and which types a generic one is for.
  private static func plain(_ name: Substring) -> String {
    let plain = name.hasSuffix(".abi0") ? name.dropLast(5) : name
    return String(plain).replacing(/\[.*\]/, with: "[...]")
  }

  @Test(
    .enabled(if: hasGo, "needs go"),
    arguments: [[], ["-buildmode=pie"]])
  func `a stripped Go program names its functions as Go does`(options: [String]) throws {
    let folder = try TemporaryDirectory("go")
    let (full, stripped) = try Self.programs(in: folder, options)
    let file = try #require(ElfFile(path: stripped))
    let table = try #require(file.goTable)
    var found = 0
    var wrong: [String] = []
    for (address, names) in try Self.functions(full) {
      // Marks of the linker and assembler pieces are in no table of functions.
      guard let frame = table.frame(at: address), let name = frame.name else { continue }
      found += 1
      if !names.contains(Self.plain(name[...])) { wrong.append("\(names): \(name)") }
    }
    #expect(found > 1_000)
    // Marks such as runtime.text share an address with a function.
    #expect(wrong.count < 10, "\(wrong.prefix(20))")
    let names = Set(
      try Self.functions(full).keys.compactMap { table.frame(at: $0)?.name })
    for name in ["main.main", "main.(*Row).Twice", "main.main.func1", "sort.Slice"] {
      #expect(names.contains(name), "\(name)")
    }
  }

  @Test(.enabled(if: hasGo, "needs go"))
  func `a stripped Go program knows the lines that addr2line knows`() throws {
    let folder = try TemporaryDirectory("go")
    let (full, stripped) = try Self.programs(in: folder)
    let file = try #require(ElfFile(path: stripped))
    let table = try #require(file.goTable)
    let starts = try Self.functions(full).filter { table.frame(at: $0.key) != nil }.keys.sorted()
    var random = SeededRandom(20_26)
    let addresses = (0..<300).map { _ -> UInt64 in
      starts[Int(random.next() % UInt64(starts.count))] + random.next() % 24
    }
    let input = folder.file("addresses")
    try addresses.map { "0x" + String($0, radix: 16) + "\n" }.joined()
      .write(toFile: input, atomically: true, encoding: .utf8)
    let text = try #require(
      try Tool.output(["sh", "-c", "go tool addr2line \(full) < \(input)"]))
    let lines = text.split(separator: "\n")
    try #require(lines.count == 2 * addresses.count)
    var same = 0
    for (index, address) in addresses.enumerated() {
      let frame = table.frame(at: address)
      // Between two functions there is no line; Go calls it -1 and we call it 0.
      let place = frame?.line == 0 ? ":-1" : "\(frame?.file ?? "?"):\(frame?.line ?? 0)"
      let name = frame?.name.map { Self.plain($0[...]) }
      if name == Self.plain(lines[2 * index]), place == lines[2 * index + 1] { same += 1 }
    }
    #expect(same == 300, "\(same) of 300")
  }

  @Test(.enabled(if: hasGo, "needs go"))
  func `a table that is cut or bent never traps`() throws {
    let folder = try TemporaryDirectory("go")
    let stripped = try Self.programs(in: folder).stripped
    let file = try File(stripped, .read)
    guard let reader = ElfReader(descriptor: file.descriptor),
      let whole = reader.contents(of: ".gopclntab"), let text = reader.section(".text")?.address
    else {
      Issue.record("the program has no table")
      return
    }
    var random = SeededRandom(20_26)
    for round in 0..<150 {
      var bytes = whole
      if round % 3 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      if bytes.count < 100 { continue }
      // The header decides most, so most of the damage is done there.
      for _ in 0..<(round % 5) {
        bytes[8 + Int(random.next() % 64)] = UInt8(truncatingIfNeeded: random.next())
      }
      for _ in 0..<200 {
        bytes[
          100 + Int(random.next() % UInt64(max(1, bytes.count - 100))) % (bytes.count - 99) - 1] =
          UInt8(truncatingIfNeeded: random.next())
      }
      for magic: [UInt8] in [[0xF0], [0xF1], [0xFA], [0xFB]] {
        bytes[0] = magic[0]
        let section = ElfSection(name: "", address: 0, offset: 0, size: UInt64(bytes.count))
        guard let table = GoTable(ElfBytes(bytes), section, textStart: text) else { continue }
        for _ in 0..<50 { _ = table.frame(at: text + random.next() % 500_000) }
        for edge: UInt64 in [0, 1, .max, .max - 7] { _ = table.frame(at: edge) }
      }
    }
  }

  @Test(.enabled(if: hasGo, "needs go"))
  func `a Go program with bent headers never traps`() throws {
    let folder = try TemporaryDirectory("go")
    let whole = try FileSystem.contents(of: try Self.programs(in: folder).stripped)
    // Where the section headers stand is the sixth word of the file, Go puts them behind it.
    let sections = Int(whole[40]) | Int(whole[41]) << 8 | Int(whole[42]) << 16
    let bent = folder.file("bent")
    var random = SeededRandom(20_26)
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<3 {
        let place = (random.next() % 3 == 0 ? 16 : sections) + Int(random.next() % 1_400)
        if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
      }
      try Data(bytes).write(to: URL(filePath: bent))
      guard let table = ElfFile(path: bent)?.goTable else { continue }
      for address: UInt64 in [0, 0x401000, 0x450000, 0x480000, .max] {
        _ = table.frame(at: address)
      }
    }
  }

  /// A table with one function, a file and two lines, in a layout that no Go here writes any more.
  private static func table(magic: UInt32, _ words: [UInt64], _ rest: [UInt8]) -> GoTable? {
    func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }
    let all =
      bytes(UInt64(magic), 4) + [0, 0, 1, 8] + words.flatMap { bytes($0, 8) } + rest
    let section = ElfSection(name: "", address: 0, offset: 0, size: UInt64(all.count))
    return GoTable(ElfBytes(all), section, textStart: 0x1000)
  }

  private static func words(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) } }
  }

  /// Steps to 1 for sixteen bytes (value −1 + 2) and on to 3 for sixteen more.
  private static let steps: [UInt8] = [4, 16, 4, 16, 0]

  @Test func `the table of Go 1.16 has addresses in full and files by unit`() throws {
    // Header of 64 bytes, then names, units, files, steps and functions.
    let names = Array("\0main.f\0".utf8) + [UInt8](repeating: 0, count: 8)  // 64...79
    let units = Self.words([0, 0, 0, 0])  // 80...95
    let files = Array("a.go\0\0\0\0".utf8)  // 96...103
    let steps = [0] + Self.steps + [0, 0]  // 104...111
    let functions =
      Self.words([0x1000, 0, 40, 0, 0x1020, 0, 0, 0, 0, 0])  // 112..., details at 40
      + Self.words([0x1000, 0, 1, 0, 0, 0, 1, 1, 0, 0])
    let table = try #require(
      Self.table(
        magic: 0xFFFF_FFFA, [1, 1, 64, 80, 96, 104, 112],
        names + units + files + steps + functions))
    let frame = SourceLines.Frame(name: "main.f", file: "a.go", line: 1)
    #expect(table.frame(at: 0x1000) == frame)
    #expect(table.frame(at: 0x1010)?.line == 3)
    #expect(table.frame(at: 0x1020) == nil)
    #expect(table.frame(at: 0xFFF) == nil)
  }

  @Test func `the table of Go 1.2 counts everything from its own start`() throws {
    // Count, one entry with its details at 48, the end of all, and the place of the files.
    let details = Self.words([0x1000, 0, 92, 0, 0, 0, 108, 108, 0])  // 48...83
    let files = Self.words([0, 100])  // 84...91
    let texts = Array("main.f\0\0a.go\0\0\0\0".utf8) + Self.steps  // 92, 100, 108
    let table = try #require(
      Self.table(
        magic: 0xFFFF_FFFB, [1, 0x1000, 48, 0x1020, 84], details + files + texts))
    #expect(table.frame(at: 0x1008)?.name == "main.f")
    #expect(table.frame(at: 0x1008)?.line == 1)
    #expect(table.frame(at: 0x1018)?.line == 3)
    #expect(table.frame(at: 0x1008)?.file == "a.go")
    #expect(table.frame(at: 0x1020) == nil)
  }
}
