import Testing

@testable import RunRecords

/// `simulated-cache.json`, as it is written and read again.
struct SimulatedCacheTests {
  private func counts(_ instructions: Int, misses: Int = 0) -> SimulatedCache.Counts {
    var counts = SimulatedCache.Counts()
    (counts.instructions, counts.l1DataMisses) = (instructions, misses)
    return counts
  }

  private var file: SimulatedCache {
    SimulatedCache(
      toolVersion: "3.19.0",
      caches: [.init(name: "D1", bytes: 32_768, lineBytes: 64, ways: 8)],
      workload: .init(
        rows: 4_000, rowsOfRun: 50_000, dimensions: 32, kernel: "avx2", kernelOfRun: "avx512",
        dataBytes: 1_000, writeBatch: 50),
      operations: [
        .init(
          name: "search", calls: 100, warmCalls: 8, counts: counts(2_010, misses: 1_000),
          firstHalf: counts(1_000),
          functions: [
            .init(name: "f", counts: counts(2_000, misses: 10)),
            .init(name: "g", counts: counts(9, misses: 3)),
            .init(name: "h", counts: counts(1, misses: 900)),
          ])
      ], notes: ["a note"])
  }

  @Test func `a file is read as it was written`() throws {
    #expect(try SimulatedCache.decode(file.encoded()) == file)
  }

  @Test func `a layout of the future and a count that cannot be are refused`() throws {
    var future = file
    future.schema = 2
    #expect {
      try SimulatedCache.decode(future.encoded())
    } throws: { error in
      guard case .unknownSchema(_, let found, _)? = error as? RunError else { return false }
      return found == 2
    }
    var broken = file
    broken.operations[0].counts.instructions = .min
    #expect(throws: RunError.self) { try SimulatedCache.decode(broken.encoded()) }
    broken = file
    broken.operations[0].calls = -1
    #expect(throws: RunError.self) { try SimulatedCache.decode(broken.encoded()) }
  }

  @Test func `a call's counts, its halves and the functions to be shown follow from the sums`() {
    let search = file.operations[0]
    #expect(search.each(\.instructions) == 20.1)
    // 1,010 in the second half against 1,000 in the first.
    #expect(abs((search.drift ?? 0) - 0.01) < 1e-12)
    #expect(search.leading(1).map(\.name) == ["f", "h"], "h has nine tenths of the misses")
    #expect(search.share(of: search.functions[2], \.l1DataMisses) == 0.9)
    #expect(search.share(of: search.functions[0], \.branchMisses) == nil, "there are none")
  }

  @Test func `what came out below zero is told as none`() {
    var search = file.operations[0]
    search.counts.lastLevelDataMisses = -3
    #expect(search.each(\.lastLevelDataMisses) == 0)
  }
}
