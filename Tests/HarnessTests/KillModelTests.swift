import Basics
import Harness
import StorageEngine
import TestSupport
import Testing
import VectorIndex
import VectorStore
import Vocabulary

/// The judge of a kill test must see what is wrong, or its silence means nothing.
struct KillModelTests {
  private let script = KillScript(seed: 5)

  private func store(_ folder: borrowing TemporaryDirectory) throws -> VectorStore {
    let options = StoreOptions(index: IndexOptions(dimensions: script.dimensions, metric: .l2))
    return try VectorStore.create(at: folder.file("store"), options: options)
  }

  private func carryOut(_ number: Int, of writer: Int, on store: VectorStore) throws {
    let operation = script.operation(writer, number)
    switch operation.change {
    case .upsert:
      let rows = operation.ids.flatMap { script.vector($0, number) }
      try store.upsert(ids: operation.ids, vectors: rows.span)
    case .delete: _ = try store.delete(ids: operation.ids)
    }
  }

  /// The first operation that is an upsert of several ids.
  private var upsert: Int {
    (1...).first {
      script.operation(0, $0).change == .upsert && script.operation(0, $0).ids.count > 2
    }
      ?? 1
  }

  @Test func `a store that has done what was acknowledged is whole`() throws {
    let folder = try TemporaryDirectory("kill")
    let store = try store(folder)
    var model = KillModel(script)
    for number in 1...40 {
      for writer in 0..<script.writers {
        try carryOut(number, of: writer, on: store)
        model.acknowledge(writer)
      }
    }
    // One more was under way and is done.
    try carryOut(41, of: 2, on: store)
    let verdict = model.verify(store)
    #expect(verdict.problems.isEmpty)
    #expect(verdict.vectors > 100)
    #expect(model.done[2] >= 40)
    try store.close()
  }

  @Test func `an acknowledged batch that is not there is called lost`() throws {
    let folder = try TemporaryDirectory("kill")
    let store = try store(folder)
    var model = KillModel(script)
    for _ in 1...upsert { model.acknowledge(0) }
    #expect(model.verify(store).problems.contains { $0.contains("is lost") })
    try store.close()
  }

  @Test func `half a batch is called torn`() throws {
    let folder = try TemporaryDirectory("kill")
    let store = try store(folder)
    var model = KillModel(script)
    for number in 1..<upsert {
      try carryOut(number, of: 0, on: store)
      model.acknowledge(0)
    }
    let first = script.operation(0, upsert).ids[0]
    let row = script.vector(first, upsert)
    try store.upsert(ids: [first], vectors: row.span)
    #expect(model.verify(store).problems.contains { $0.contains("torn") })
    try store.close()
  }

  @Test func `a deleted id that comes back is noticed`() throws {
    let folder = try TemporaryDirectory("kill")
    let store = try store(folder)
    var model = KillModel(script)
    let stranger = VectorID(UInt64(script.idsOfWriter * script.writers + 1))
    let row = script.vector(stranger, 1)
    try store.upsert(ids: [stranger], vectors: row.span)
    #expect(model.verify(store).problems.contains { $0.contains("deleted or never written") })
    try store.close()
  }
}
