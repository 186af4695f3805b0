package import Vocabulary

/// What a workload drives.
///
/// One file a target lies beside this one.
package protocol Target: AnyObject, Sendable {
  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor]
  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws
  func delete(_ ids: [VectorID]) throws
  /// The measured phase is about to begin.
  func measurementBegins()
}

extension Target {
  package func measurementBegins() {}
}
