import Basics
import StorageEngine
import TestSupport
import Testing
import VectorIndex
import VectorStore
import Vocabulary

extension VectorStore {
  /// Spans of locals, lent for one call.
  fileprivate func put(_ ids: [VectorID], _ vectors: [Float]) throws(StoreError) {
    let rows = vectors
    try upsert(ids: ids, vectors: rows.span)
  }

  fileprivate func near(_ query: [Float], _ k: Int) throws(StoreError) -> [Neighbor] {
    let vector = query
    return try search(vector.span, k: k, ef: 64)
  }
}

struct VectorStoreTests {
  static let width = 8

  static func options(_ durability: Durability = .strict) -> StoreOptions {
    var options = StoreOptions(index: IndexOptions(dimensions: width, metric: .l2))
    options.storage.durability = durability
    options.storage.walSegmentBytes = 16 << 10
    return options
  }

  static func vector(_ id: UInt64, version: UInt64 = 0) -> [Float] {
    var random = SeededRandom(7, stream: id, version)
    return (0..<width).map { _ in Float(random.normal()) }
  }

  /// The store against a dictionary, with checkpoints and reopenings thrown in.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `whatever happens, the store holds what a dictionary would`(seed: UInt64) throws {
    let folder = try TemporaryDirectory("store")
    let path = folder.file("store")
    let durability: Durability = [.strict, .relaxed, .none][Int(seed % 3)]
    var random = SeededRandom(seed)
    var model: [VectorID: [Float]] = [:]
    var store: VectorStore? = try VectorStore.create(at: path, options: Self.options(durability))
    for step in 0..<120 {
      switch random.below(12) {
      case 0..<6:
        let ids = Array(Set((0..<(1 + random.below(8))).map { _ in VectorID(random.next() % 60) }))
        let rows = ids.map { Self.vector($0.rawValue, version: UInt64(step)) }
        try store?.put(ids, rows.flatMap(\.self))
        for (id, row) in zip(ids, rows) { model[id] = row }
      case 6..<9:
        let ids = Array(Set((0..<3).map { _ in VectorID(random.next() % 60) }))
        let expected = ids.filter { model[$0] != nil }.count
        #expect(try store?.delete(ids: ids) == expected, "seed \(seed), step \(step)")
        for id in ids { model[id] = nil }
      case 9: try store?.checkpoint()
      default:
        try store?.close()
        store = nil
        store = try VectorStore.open(at: path) { $0.storage.walSegmentBytes = 16 << 10 }
      }
      #expect(store?.ids() == model.keys.sorted(), "seed \(seed), step \(step)")
    }
    for (id, row) in model { #expect(store?.vector(of: id) == row, "seed \(seed), id \(id)") }
    try store?.close()
  }

  @Test func `a search sees what was acknowledged, and not what was deleted`() throws {
    let folder = try TemporaryDirectory("store")
    let store = try VectorStore.create(at: folder.file("store"), options: Self.options())
    let ids = (0..<500).map { VectorID(UInt64($0)) }
    try store.put(ids, ids.flatMap { Self.vector($0.rawValue) })
    let query = Self.vector(123)
    #expect(try store.near(query, 3).first?.id == VectorID(123))
    #expect(try store.delete(ids: [VectorID(123)]) == 1)
    let after = try store.near(query, 10)
    #expect(after.count == 10)
    #expect(!after.contains { $0.id == VectorID(123) })
    try store.put([VectorID(123)], query)
    #expect(try store.near(query, 1).first?.id == VectorID(123))
    try store.close()
  }

  @Test func `opening after a checkpoint replays nothing`() throws {
    let folder = try TemporaryDirectory("store")
    let path = folder.file("store")
    var store: VectorStore? = try VectorStore.create(at: path, options: Self.options())
    let ids = (0..<300).map { VectorID(UInt64($0)) }
    try store?.put(ids, ids.flatMap { Self.vector($0.rawValue) })
    try store?.checkpoint()
    try store?.close()
    store = nil
    let reopened = try VectorStore.open(at: path)
    #expect(reopened.recovery.records == 0)
    #expect(reopened.count == 300)
    try reopened.close()
  }

  @Test func `a store can be opened once, and the second is told by whom`() throws {
    let folder = try TemporaryDirectory("store")
    let path = folder.file("store")
    let store = try VectorStore.create(at: path, options: Self.options())
    #expect {
      _ = try VectorStore.open(at: path)
    } throws: { error in
      "\(error)".contains("locked by process")
    }
    try store.close()
  }

  @Test func `bad batches are refused whole`() throws {
    let folder = try TemporaryDirectory("store")
    let store = try VectorStore.create(at: folder.file("store"), options: Self.options())
    let one = VectorID(1)
    let wrong: [Float] = [1, 2, 3]
    let notFinite: [Float] = [1, .nan, 3, 4, 5, 6, 7, 8]
    let double = [Float](repeating: 1, count: 2 * Self.width)
    #expect(throws: StoreError.self) { try store.put([one], wrong) }
    #expect(throws: StoreError.self) { try store.put([one], notFinite) }
    #expect(throws: StoreError.self) { try store.put([one, one], double) }
    #expect(throws: StoreError.self) { try store.delete(ids: []) }
    #expect(throws: StoreError.self) { try store.near(wrong, 1) }
    #expect(store.count == 0)
    try store.close()
  }

  @Test func `eight workers leave what each of them wrote last`() throws {
    let folder = try TemporaryDirectory("store")
    let path = folder.file("store")
    let store = try VectorStore.create(at: path, options: Self.options())
    let failures = try WorkerThreads.run(count: 8, name: "writer") { worker -> Int in
      var random = SeededRandom(99, stream: UInt64(worker))
      var failures = 0
      for step in 0..<60 {
        let ids = (0..<5).map { VectorID(UInt64(worker * 1_000 + (step * 5 + $0) % 40)) }
        let rows = ids.flatMap { Self.vector($0.rawValue, version: UInt64(step)) }
        do {
          try store.put(ids, rows)
          if step % 7 == 3 { _ = try store.delete(ids: Array(ids.prefix(2))) }
          if worker == 0, step % 25 == 24 { try store.checkpoint() }
          _ = try store.near(Self.vector(random.next() % 8_000), 5)
        } catch { failures += 1 }
      }
      return failures
    }
    #expect(failures == [Int](repeating: 0, count: 8))
    let before = store.ids()
    #expect(store.statistics().log.commits == 8 * (60 + 9))
    try store.close()
    let copy = folder.file("copy")
    #expect(throws: StoreError.self) { try VectorStore.copy(from: path, to: copy) }
    withExtendedLifetime(store) {}
    _ = before
  }

  @Test func `a copy of a closed store holds the same`() throws {
    let folder = try TemporaryDirectory("store")
    let path = folder.file("store")
    var store: VectorStore? = try VectorStore.create(at: path, options: Self.options())
    let ids = (0..<50).map { VectorID(UInt64($0)) }
    try store?.put(ids, ids.flatMap { Self.vector($0.rawValue) })
    try store?.close()
    store = nil
    try VectorStore.copy(from: path, to: folder.file("copy"))
    let copy = try VectorStore.open(at: folder.file("copy"))
    #expect(copy.ids() == ids)
    try copy.close()
  }

  @Test
  func `a store with addresses for few slots says when they are taken, and keeps what it has`()
    throws
  {
    let folder = try TemporaryDirectory("slots")
    var index = IndexOptions(dimensions: 2, metric: .l2)
    index.slotsMax = 8
    var options = StoreOptions(index: index)
    options.storage.durability = .none
    let store = try VectorStore.create(at: folder.file("store"), options: options)
    for row in 0..<8 as Range<UInt64> {
      let vector: [Float] = [Float(row), 1]
      try store.upsert(ids: [VectorID(row)], vectors: vector.span)
    }
    let ninth: [Float] = [8, 1]
    #expect(throws: StoreError.self) { try store.upsert(ids: [VectorID(8)], vectors: ninth.span) }
    #expect(try store.search(ninth.span, k: 9, ef: 16).count == 8)
  }

  @Test func `the one id that cannot be named is refused`() throws {
    let folder = try TemporaryDirectory("store")
    let store = try VectorStore.create(at: folder.file("store"), options: Self.options())
    #expect(throws: StoreError.self) { try store.put([VectorID(UInt64.max)], Self.vector(1)) }
    try store.put([VectorID(UInt64.max - 1)], Self.vector(1))
    #expect(try store.near(Self.vector(1), 1).first?.id == VectorID(UInt64.max - 1))
    try store.close()
  }

  @Test(arguments: [Durability.strict, .relaxed, .none])
  func `a closed store takes no more batches`(durability: Durability) throws {
    let folder = try TemporaryDirectory("store")
    let store = try VectorStore.create(at: folder.file("store"), options: Self.options(durability))
    try store.close()
    #expect(throws: StoreError.self) { try store.put([VectorID(1)], Self.vector(1)) }
  }
}
