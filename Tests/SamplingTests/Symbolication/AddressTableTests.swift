import Testing

@testable import Basics
@testable import CDwarf
@testable import Sampling

/// Who owns an address, and which line it comes from.
struct AddressTableTests {
  private static func range(_ start: UInt64, _ end: UInt64, _ owner: Int32) -> AddressTable.Range {
    AddressTable.Range(start: start, end: end, owner: owner)
  }

  @Test func `the innermost range owns an address`() {
    let table = AddressTable([
      Self.range(10, 50, 0), Self.range(20, 30, 1), Self.range(30, 40, 2), Self.range(22, 24, 3),
      Self.range(60, 70, 4), Self.range(60, 70, 5),
    ])
    let expected: [(UInt64, Int32?)] = [
      (9, nil), (10, 0), (20, 1), (22, 3), (24, 1), (30, 2), (40, 0), (49, 0), (50, nil), (60, 5),
      (70, nil), (.max, nil),
    ]
    for (address, owner) in expected { #expect(table.owner(of: address) == owner, "\(address)") }
  }

  @Test func `nested ranges answer as a search of all of them does`() {
    var random = SeededRandom(7)
    for _ in 0..<200 {
      var ranges: [AddressTable.Range] = []
      for owner in 0..<Int32(12) {
        // Inside of an earlier one, or beside all.
        let around = random.next() % 3 > 0 ? ranges.randomElement(using: &random) : nil
        let start =
          (around?.start ?? 0) + random.next() % ((around.map { $0.end - $0.start } ?? 900) + 1)
        let end = min(start + random.next() % 50, around?.end ?? .max)
        let crosses = ranges.contains { other in
          start < other.end && other.start < end
            && !(other.start <= start && end <= other.end)
        }
        if crosses { continue }
        ranges.append(Self.range(start, end, owner))
      }
      let table = AddressTable(ranges)
      for address in UInt64(0)..<1_000 {
        let innermost = ranges.filter { $0.start <= address && address < $0.end }
          .min { ($0.end - $0.start, $1.owner) < ($1.end - $1.start, $0.owner) }
        #expect(table.owner(of: address) == innermost?.owner)
      }
    }
  }

  @Test func `ranges that cross and ranges of nothing are answered somehow`() {
    var random = SeededRandom(8)
    for _ in 0..<500 {
      let table = AddressTable(
        (0..<Int32(20)).map { owner in
          let edges: [UInt64] = [0, 1, .max, .max - 1, random.next() % 40, random.next() % 40]
          return Self.range(
            edges.randomElement(using: &random) ?? 0, edges.randomElement(using: &random) ?? 0,
            owner)
        })
      for address in Array(UInt64(0)..<41) + [.max - 1, .max] { _ = table.owner(of: address) }
    }
  }

  private static func function(
    _ number: UInt32, _ parent: Int32, _ start: UInt64, _ end: UInt64
  ) -> vb_dwarf_function {
    vb_dwarf_function(
      entry: UInt64(number), start: start, end: end, number: number, parent: parent, call_file: 1,
      call_line: 40 + number)
  }

  private static func row(_ address: UInt64, _ line: UInt32, ends: Bool = false) -> vb_dwarf_row {
    vb_dwarf_row(address: address, file: 1, line: line, ends: ends)
  }

  @Test func `code without a line has the line before it in the same function`() {
    let unit = SourceUnit(
      functions: [Self.function(0, -1, 10, 50), Self.function(1, 0, 20, 30)],
      rows: [
        Self.row(10, 5), Self.row(20, 7), Self.row(25, 0), Self.row(30, 0), Self.row(40, 9),
        Self.row(50, 0, ends: true),
      ])
    #expect(unit.place(at: 26)?.line == 7)
    #expect(unit.place(at: 30)?.line == 5)
    #expect(unit.place(at: 45)?.line == 9)
    #expect(unit.place(at: 50) == nil)
    #expect(unit.place(at: 9) == nil)
    #expect(unit.functions(at: 26).map(\.entry) == [1, 0])
    #expect(unit.functions(at: 26).first?.call.line == 41)
  }

  @Test func `a function that claims to be its own parent has none`() {
    let unit = SourceUnit(
      functions: [Self.function(0, 0, 10, 50), Self.function(1, 7, 20, 30)], rows: [])
    #expect(unit.functions(at: 25).map(\.entry) == [1])
    #expect(unit.functions(at: 15).map(\.entry) == [0])
  }
}
