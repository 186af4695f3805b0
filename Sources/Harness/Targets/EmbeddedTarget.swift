package import VectorStore
package import Vocabulary

/// Our own engine, called in this process.
package final class EmbeddedTarget: Target {
  package let store: VectorStore

  package init(_ store: VectorStore) { self.store = store }

  package func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor] {
    try store.search(query, k: k, ef: ef)
  }

  package func search(
    _ query: Span<Float>, k: Int, ef: Int, where filter: IDFilter
  ) throws -> [Neighbor] { try store.search(query, k: k, ef: ef, where: filter) }

  package func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    try store.upsert(ids: ids, vectors: vectors)
  }

  package func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    try store.upsert(ids: ids, vectors: vectors, as: .upsert)
  }

  package func get(_ id: VectorID) throws -> Bool { store.get(id) != nil }

  package func delete(_ ids: [VectorID]) throws { _ = try store.delete(ids: ids) }
}
