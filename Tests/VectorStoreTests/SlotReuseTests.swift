import Basics
import StorageEngine
import Synchronization
import TestSupport
import Testing
import VectorIndex
import VectorStore
import Vocabulary

/// Slots are given to new vectors while searches are on their way to them.
struct SlotReuseTests {
  /// The first number of every vector says whose it is, so a distance that belongs to another
  /// vector shows: the query is zero there and everywhere.
  private static func vector(_ id: UInt64) -> [Float] {
    [Float(id % 1_000) + 1] + [Float](repeating: 0, count: 7)
  }

  @Test func `an answer never carries the distance of who lay there before`() throws {
    let folder = try TemporaryDirectory("reuse")
    var options = StoreOptions(index: IndexOptions(dimensions: 8, metric: .l2))
    options.storage.durability = .none
    let store = try VectorStore.create(at: folder.file("store"), options: options)
    let isOver = Atomic<Bool>(false)
    let wrong = try WorkerThreads.run(count: 4, name: "reuse") { worker -> Int in
      worker < 2 ? Self.replace(store, worker, isOver) : Self.look(store, isOver)
    }
    #expect(wrong == [0, 0, 0, 0])
    try store.close()
  }

  /// Ids of a worker come and go, so that their few slots pass from one to the next.
  private static func replace(
    _ store: VectorStore, _ worker: Int, _ isOver: borrowing Atomic<Bool>
  ) -> Int {
    defer { isOver.store(true, ordering: .releasing) }
    do {
      for round in 0..<6_000 as Range<UInt64> {
        let id = UInt64(worker) * 1_000_000 + round * 7
        let row = vector(id)
        try store.upsert(ids: [VectorID(id)], vectors: row.span)
        if round >= 8 {
          _ = try store.delete(ids: [VectorID(UInt64(worker) * 1_000_000 + (round - 8) * 7)])
        }
      }
      return 0
    } catch { return 1 }
  }

  private static func look(_ store: VectorStore, _ isOver: borrowing Atomic<Bool>) -> Int {
    let query = [Float](repeating: 0, count: 8)
    var wrong = 0
    while !isOver.load(ordering: .acquiring) {
      for hit in (try? store.exactSearch(query.span, k: 16)) ?? [] {
        let expected = vector(hit.id.rawValue)[0]
        if abs(hit.distance - expected * expected) > 0.5 { wrong += 1 }
        if let found = store.vector(of: hit.id), found[0] != expected { wrong += 1 }
      }
    }
    return wrong
  }
}
