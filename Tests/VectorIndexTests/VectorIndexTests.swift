import Basics
import Testing
import VectorIndex
import Vocabulary

/// Vectors around a few hundred centers, as real embeddings lie.
struct Clustered {
  let dimensions: Int
  private(set) var rows: [[Float]] = []
  private var random: SeededRandom
  private let centers: [[Float]]

  init(dimensions: Int, count: Int, seed: UInt64, clusters: Int = 100) {
    var random = SeededRandom(seed)
    self.dimensions = dimensions
    centers = (0..<clusters).map { _ in (0..<dimensions).map { _ in Float(random.normal()) } }
    self.random = random
    rows = (0..<count).map { _ in next() }
  }

  mutating func next() -> [Float] {
    let center = centers[random.below(centers.count)]
    return center.map { $0 + 0.5 * Float(random.normal()) }
  }
}

func recall(_ index: GraphIndex, _ queries: [[Float]], ef: Int) throws -> Double {
  var found = 0
  for query in queries {
    let exact = Set(try index.exactSearch(query.span, k: 10).map(\.slot))
    found += try index.search(query.span, k: 10, ef: ef).filter { exact.contains($0.slot) }.count
  }
  return Double(found) / Double(10 * queries.count)
}

@Suite struct GraphRecall {
  @Test(arguments: Metric.allCases)
  func `the graph finds what the scan finds`(metric: Metric) throws {
    let seed: UInt64 = 7
    var data = Clustered(dimensions: 32, count: 3_000, seed: seed)
    let index = try GraphIndex(IndexOptions(dimensions: 32, metric: metric, efConstruction: 100))
    for row in data.rows { _ = try index.insert(row.span) }
    let queries = (0..<50).map { _ in data.next() }
    #expect(index.checkInvariants() == [])
    let share = try recall(index, queries, ef: 64)
    #expect(share >= 0.95, "seed \(seed), \(metric)")
  }

  @Test func `recall holds after the live set was turned over ten times`() throws {
    let seed: UInt64 = 11
    var data = Clustered(dimensions: 16, count: 1_000, seed: seed)
    let options = IndexOptions(dimensions: 16, metric: .l2, efConstruction: 100)
    let index = try GraphIndex(options)
    var slots: [SlotID] = []
    for row in data.rows { try slots.append(index.insert(row.span)) }
    var rows = data.rows
    var random = SeededRandom(seed, stream: 1)
    for _ in 0..<10_000 {
      let victim = random.below(slots.count)
      #expect(index.remove(slots[victim]))
      rows[victim] = data.next()
      let row = rows[victim]
      slots[victim] = try index.insert(row.span)
    }
    let fresh = try GraphIndex(options)
    for row in rows { _ = try fresh.insert(row.span) }
    let queries = (0..<100).map { _ in data.next() }
    let (old, new) = (try recall(index, queries, ef: 32), try recall(fresh, queries, ef: 32))
    #expect(old >= new - 0.02, "seed \(seed)")
    #expect(index.liveCount == 1_000)
    #expect(index.checkInvariants() == [])
    let statistics = index.statistics()
    #expect(statistics.freeSlots + statistics.tombstones < 200, "\(statistics)")
  }
}

@Suite struct GraphUnderThreads {
  @Test func `eight threads insert, remove and search at once`() throws {
    let index = try GraphIndex(IndexOptions(dimensions: 16, metric: .l2, efConstruction: 60))
    let kept = try WorkerThreads.run(count: 8, name: "stress") { worker -> Int in
      var data = Clustered(dimensions: 16, count: 0, seed: UInt64(worker))
      var random = SeededRandom(5, stream: UInt64(worker))
      var slots: [SlotID] = []
      for _ in 0..<1_500 {
        let vector = data.next()
        switch random.below(3) {
        case 0 where slots.count > 100:
          let victim = slots.remove(at: random.below(slots.count))
          if !index.remove(victim) { return -1 }
        case 1:
          guard let hits = try? index.search(vector.span, k: 10, ef: 32) else { return -1 }
          if zip(hits, hits.dropFirst()).contains(where: { $0.distance > $1.distance }) {
            return -1
          }
        default:
          guard let slot = try? index.insert(vector.span) else { return -1 }
          slots.append(slot)
        }
      }
      return slots.count
    }
    #expect(!kept.contains(-1))
    #expect(index.liveCount == kept.reduce(0, +))
    #expect(index.checkInvariants() == [])
    var data = Clustered(dimensions: 16, count: 0, seed: 3)
    #expect(try recall(index, (0..<50).map { _ in data.next() }, ef: 64) >= 0.9)
  }
}
