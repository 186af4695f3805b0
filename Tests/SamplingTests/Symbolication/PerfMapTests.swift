import Foundation
import Pprof
import TestSupport
import Testing

@testable import Basics
@testable import Sampling

/// Functions that were made while a program ran.
struct PerfMapTests {
  private static let text = """
    7f0000001000 40 JS:*search /app/index.js:10:5
    0x7f0000001040 0x10 Stub
    7f0000002000 100 old
    7f0000002000 100 new
    7f0000003000 0 nothing
    ffffffffffffffff 2 beyond
    rubbish
    7f00 zz bad
    7f0000004000 20
    """

  @Test(
    arguments: [
      (0x7f00_0000_1000, "JS:*search /app/index.js:10:5"), (0x7f00_0000_1041, "Stub"),
      (0x7f00_0000_1050, nil), (0x7f00_0000_2010, "new"), (0x7f00_0000_3000, nil),
      (0x7f00_0000_4000, nil), (.max, nil), (0, nil),
    ] as [(UInt64, String?)])
  func `an address has the name that was written last for its place`(
    address: UInt64, name: String?
  ) {
    #expect(PerfMap(text: Self.text).name(at: address) == name)
  }

  @Test func `code in no file gets its name from the map, code in files does not`() throws {
    let maps = """
      7f0000001000-7f0000009000 rwxp 00000000 00:00 0
      7f0000010000-7f0000019000 r-xp 00000000 08:01 9 /no/such/lib.so

      """
    let map = PerfMap(text: Self.text + "\n7f0000010000 1000 impostor\n")
    let symbols = Symbolicator(AddressSpace(maps: maps), ImageCache(), perfMap: map)
    let stub = symbols.user(0x7f00_0000_1044)
    #expect(stub.quality == .named)
    #expect(stub.frame.lines.map(\.function.name) == ["Stub"])
    #expect(stub.frame.mapping?.filename == "[anonymous]")
    #expect(symbols.user(0x7f00_0000_8000).quality == .unknown)
    #expect(symbols.user(0x7f00_0001_0010).quality == .offsetOnly)
  }

  @Test func `a process's own map is found where the process wrote it`() throws {
    let path = "/tmp/perf-\(getpid()).map"
    try #require(!FileManager.default.fileExists(atPath: path))
    try "1000 10 made\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(PerfMap(pid: getpid()).name(at: 0x1008) == "made")
    #expect(PerfMap(pid: 1 << 30).isEmpty)
  }

  @Test func `a map that is cut or bent never traps`() {
    let whole = Array(Self.text.utf8)
    var random = SeededRandom(20_26)
    for length in 0..<whole.count {
      _ = PerfMap(text: String(decoding: whole.prefix(length), as: UTF8.self)).name(at: 0x1000)
    }
    for _ in 0..<500 {
      var bytes = whole
      for _ in 0..<4 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      let map = PerfMap(text: String(decoding: bytes, as: UTF8.self))
      for address: UInt64 in [0, 0x7f00_0000_1000, .max] { _ = map.name(at: address) }
    }
  }
}
