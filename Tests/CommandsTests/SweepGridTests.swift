import Testing

@testable import Commands

struct SweepGridTests {
  private func grid(_ text: String) throws -> SweepGrid {
    try SweepGrid(text, SweepCommand.command, knobs: SweepRun.knobs)
  }

  @Test(arguments: [
    ("ef=16..512x2", ["16", "32", "64", "128", "256", "512"]),
    ("ef=10..13+1", ["10", "11", "12", "13"]),
    ("ef=1,2,40", ["1", "2", "40"]), ("ef=1..4x1.5", ["1", "2", "3"]), ("ef=8..8x2", ["8"]),
    ("ef=10,20..40x2,100", ["10", "20", "40", "100"]),
  ])
  func `values are written as lists and ranges`(text: String, values: [String]) throws {
    #expect(try grid(text).values("ef") == values)
  }

  @Test func `several knobs make every combination`() throws {
    let grid = try grid("m=8,16,ef=16..32x2,kernel=portable")
    #expect(grid.combinations(of: ["m"]).count == 2)
    #expect(grid.combinations(of: ["m", "ef", "kernel"]).count == 4)
    #expect(grid.combinations(of: ["dims"]).count == 1, "what is not swept has one empty point")
  }

  @Test(arguments: [
    ("16..32x2", "KNOB=VALUES"), ("foo=1", "no knob `foo`"), ("eff=1", "did you mean"),
    ("ef=0", "from 1"), ("ef=16..8x2", "A range"), ("ef=16..32x1", "A range"),
    ("ef=16..32", "A range"), ("ef=", "wants a whole number"), ("ef=1,1", "twice"),
    ("ef=1,ef=2", "twice"), ("kernel=fast", "one of"), ("ef=1..60000+1,m=4..128+1", "at most"),
    ("ef=1..99999999999x2", "from 1 to 65536"), ("write-batch=5", "no knob"),
  ])
  func `what is wrong is said in one sentence`(text: String, part: String) {
    #expect {
      try grid(text)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.status == .usage
        && failure.sentence.lowercased().contains(part.lowercased())
    }
  }

  @Test func `windows are summed by group, and what an empty one costs is taken off each`() {
    typealias Window = CountedAllocations.Window
    let counts = [3.0, 4, 10, 1].map { Window(allocations: $0, bytes: 100 * $0) }
    let sums = CountedAllocations.sums(
      counts[...], [2, 1, 0, 1], empty: Window(allocations: 1, bytes: 10))
    #expect(
      sums == [
        Window(allocations: 5, bytes: 680), Window(allocations: 9, bytes: 990),
        Window(allocations: 0, bytes: 0), Window(allocations: 0, bytes: 90),
      ])
  }
}
