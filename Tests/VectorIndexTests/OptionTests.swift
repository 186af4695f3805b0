import Basics
import Testing
import VectorIndex
import Vocabulary

@Suite struct Options {
  private func answers(_ scratch: ScratchPolicy, _ visited: VisitedSet) throws -> [[IndexHit]] {
    var data = Clustered(dimensions: 20, count: 1_000, seed: 31)
    let index = try GraphIndex(
      IndexOptions(
        dimensions: 20, metric: .cosine, efConstruction: 60, scratch: scratch, visited: visited))
    for row in data.rows { _ = try index.insert(row.span) }
    for slot in stride(from: 0, to: 1_000, by: 3) {
      _ = index.remove(SlotID(raw: UInt32(slot)))
    }
    return try (0..<30).map { _ in
      let query = data.next()
      return try index.search(query.span, k: 10, ef: 40)
    }
  }

  @Test func `scratch and visited set change the cost, never the answer`() throws {
    let expected = try answers(.pooled, .marks)
    #expect(try answers(.fresh, .marks) == expected, "seed 31")
    #expect(try answers(.pooled, .map) == expected, "seed 31")
    #expect(try answers(.fresh, .map) == expected, "seed 31")
  }

  @Test func `vectors of the wrong length and without numbers are refused`() throws {
    let index = try GraphIndex(IndexOptions(dimensions: 3, metric: .l2))
    let (short, broken): ([Float], [Float]) = ([1, 2], [1, .nan, 2])
    #expect(throws: IndexError.dimensionMismatch(expected: 3, found: 2)) {
      try index.insert(short.span)
    }
    #expect(throws: IndexError.notFinite(component: 1)) { try index.insert(broken.span) }
    #expect(index.liveCount == 0)
  }

  @Test func `a removed vector is not found, and an emptied index fills again`() throws {
    let data = Clustered(dimensions: 8, count: 600, seed: 33)
    let index = try GraphIndex(IndexOptions(dimensions: 8, metric: .l2, efConstruction: 50))
    for _ in 0..<3 {
      var slots: [SlotID] = []
      for row in data.rows { try slots.append(index.insert(row.span)) }
      for (slot, row) in zip(slots, data.rows) {
        #expect(try index.search(row.span, k: 1, ef: 40).first?.distance == 0)
        #expect(index.remove(slot))
        #expect(!index.remove(slot))
        #expect(try !index.search(row.span, k: 5, ef: 40).contains { $0.slot == slot })
      }
      #expect(index.liveCount == 0)
      #expect(index.checkInvariants() == [])
    }
  }
}
