package import Vocabulary

/// What a workload drives.
///
/// One file a target lies beside this one.
package protocol Target: AnyObject, Sendable {
  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor]
  /// The same among the ids that pass.
  func search(_ query: Span<Float>, k: Int, ef: Int, where filter: IDFilter) throws -> [Neighbor]
  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws
  /// Other vectors for ids that are there.
  func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws
  func delete(_ ids: [VectorID]) throws
  /// The measured phase is about to begin.
  func measurementBegins()
  /// Whether the id was there; its vector was read if it was.
  func get(_ id: VectorID) throws -> Bool
}

/// What a target was asked for and cannot do.
package enum TargetError: Error, Equatable, CustomStringConvertible {
  case cannot(String)

  package var description: String {
    switch self {
    case .cannot(let what): "This target cannot \(what); leave it out of the workload."
    }
  }
}

extension Target {
  package func measurementBegins() {}

  package func search(
    _ query: Span<Float>, k: Int, ef: Int, where filter: IDFilter
  ) throws -> [Neighbor] { throw TargetError.cannot("filter") }

  package func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    throw TargetError.cannot("replace vectors")
  }

  package func get(_ id: VectorID) throws -> Bool { throw TargetError.cannot("get a vector") }
}
