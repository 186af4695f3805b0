import Basics
import ForeignProfiles
import Harness
import RunRecords
import TestSupport
import Testing
import Vocabulary
import Workloads

@testable import Commands

/// The parts of `--simulate-cache` that need no valgrind.
struct SimulationTests {
  private static let events = "events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw Bc Bcm Bi Bim\n"

  private func file(_ text: String) throws -> CachegrindFile {
    try CachegrindFile.read(Array(text.utf8))
  }

  @Test func `the difference of two files is what one did beyond the other`() throws {
    let low = try file(
      Self.events + "fn=f\n1 100 1 1 20 4 1 10 2 1 8 2 1 1\nfn=gone\n2 5\n"
        + "summary: 105 1 1 20 4 1 10 2 1 8 2 1 1\n")
    let high = try file(
      Self.events + "fn=f\n1 300 2 1 60 9 2 30 4 3 20 5 2 2\nfn=g\n2 50 0 0 7\n"
        + "summary: 350 2 1 67 9 2 30 4 3 20 5 2 2\n")
    let difference = try CountDifference(from: low, to: high, version: "3.19.0")
    #expect(difference.counts.instructions == 245)
    #expect(difference.counts.dataAccesses == 47 + 20)
    #expect(difference.counts.l1DataMisses == 5 + 2)
    #expect(difference.counts.lastLevelDataMisses == 1 + 2)
    #expect(difference.counts.branches == 12 + 1 && difference.counts.branchMisses == 3 + 1)
    #expect(difference.functions["gone"]?.instructions == -5)
    for field in SimulatedCache.Counts.fields {
      let sum = difference.functions.values.reduce(0) { $0 + $1[keyPath: field] }
      #expect(sum == difference.counts[keyPath: field], "functions add up to the whole")
    }
  }

  @Test func `a file of a valgrind that lacks a column says which`() throws {
    let poor = try file("events: Ir Dr\nfn=f\n1 5 5\nsummary: 5 5\n")
    #expect {
      try CountDifference(from: poor, to: poor, version: "9.9")
    } throws: { error in
      "\(Failure.of(error).sentence)".contains("valgrind 9.9 left has no column Dw")
    }
  }

  private func settings(_ rows: Int, batch: Int = 50) -> WorkloadSettings {
    var settings = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .clustered, rows: rows, dimensions: 32, metric: .cosine, queries: 100,
        querySource: .heldout, seed: 42))
    settings.writeBatch = batch
    return settings
  }

  @Test func `a small copy keeps what a call costs and has what the workload has`() {
    let market = SimulationSize(of: settings(50_000), rows: nil)
    #expect(market.settings.dataset.rows == SimulationSize.standardRows)
    #expect(market.settings.dataset.dimensions == 32 && market.settings.writeBatch == 50)
    #expect(market.kinds.map(\.kind) == [.search, .insert, .delete])
    var searching = settings(50_000)
    searching.readRatio = 1
    #expect(SimulationSize(of: searching, rows: 500).kinds.map(\.kind) == [.search])
    #expect(SimulationSize(of: searching, rows: 500).settings.dataset.rows == 500)
  }

  @Test(arguments: [(64, 50), (64, 1), (1_000, 1_000_000), (4_000, 1), (50_000, 200)])
  func `there are always rows left for the calls, in halves`(rows: Int, batch: Int) {
    let size = SimulationSize(of: settings(rows, batch: batch), rows: nil)
    for kind in size.kinds {
      #expect(kind.calls > 0 && kind.calls % 2 == 0)
      guard kind.kind != .search else { continue }
      let written = (kind.calls + SimulationSize.warmCalls) * size.settings.writeBatch
      #expect(written <= size.settings.dataset.rows / 2, "\(kind)")
    }
  }

  // MARK: - The machine

  @Test func `caches are read as the kernel tells them, and odd ones are left to cachegrind`()
    throws
  {
    let folder = try TemporaryDirectory("caches")
    func cache(_ index: Int, _ level: Int, _ type: String, _ size: String, ways: Int) throws {
      let place = folder.file("index\(index)")
      try FileSystem.makeDirectory(place)
      for (name, text) in [
        ("level", "\(level)"), ("type", type), ("size", size), ("ways_of_associativity", "\(ways)"),
        ("coherency_line_size", "64"),
      ] {
        try FileSystem.replace("\(place)/\(name)", with: Array("\(text)\n".utf8))
      }
    }
    try cache(0, 1, "Data", "48K", ways: 12)
    try cache(1, 1, "Instruction", "32K", ways: 8)
    try cache(2, 2, "Unified", "1M", ways: 16)
    let two = CacheGeometry(folder: folder.path)
    #expect(two.words == ["--I1=32768,8,64", "--D1=49152,12,64", "--LL=1048576,16,64"])
    // 96 MiB in 16 ways are 98,304 sets, no power of two.
    try cache(3, 3, "Unified", "98304K", ways: 16)
    let three = CacheGeometry(folder: folder.path)
    #expect(three.words.count == 2 && three.note.contains("nothing of LL"))
    #expect(CacheGeometry(folder: folder.file("none")).words.isEmpty)
  }

  @Test func `the names of debug sections are found, and no damage makes the search trap`() throws {
    let path = try #require(BuiltProgram.path)
    let bytes = try FileSystem.contents(of: path)
    let places = PlainProgram.debugNames(in: bytes)
    for place in places {
      #expect(bytes[place..<(place + 7)].elementsEqual(".debug_".utf8))
    }
    #expect(places.count >= 3, "Swift programs carry debug information")
    var random = SeededRandom(5)
    var head = Array(bytes.prefix(4_096))
    for _ in 0..<500 {
      head[random.below(64)] = UInt8(random.below(256))
      head.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
      _ = PlainProgram.debugNames(in: head)
    }
    #expect(PlainProgram.debugNames(in: []).isEmpty)
  }
}
