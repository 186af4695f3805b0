package import Vocabulary

/// What a workload drives.
///
/// One file a target lies beside this one.
package protocol Target: AnyObject, Sendable {
  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor]
  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws
  /// Other vectors for ids that are there.
  func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws
  func delete(_ ids: [VectorID]) throws
  /// Whether the id was there; its vector was read if it was.
  func get(_ id: VectorID) throws -> Bool
}
