import Basics
import StorageEngine
import VectorIndex
import Vocabulary
import Workloads

/// What the benchmarks work on, made when the first of them asks for it.
///
/// Not for several threads.
package final class MicroFixture {
  package let dimensions: Int
  package let rows: Int
  package let seed: UInt64
  package let folder: String
  private var made: IndexParts?
  private let source: VectorSource

  /// - Parameters:
  ///   - dimensions: Of every vector.
  ///   - rows: In the index that is searched.
  ///   - folder: Where logs may lie.
  ///   - seed: Everything random follows from it.
  package init(dimensions: Int, rows: Int, folder: String, seed: UInt64) {
    self.dimensions = dimensions
    self.rows = rows
    self.folder = folder
    self.seed = seed
    source = VectorSource(
      DatasetSpec(
        kind: .clustered, rows: rows, dimensions: dimensions, metric: .l2, queries: 256,
        querySource: .heldout, seed: seed))
  }

  func parts() throws -> IndexParts {
    if let made { return made }
    let parts = try freshParts()
    made = parts
    return parts
  }

  /// An index of its own, for work that changes it.
  func freshParts() throws -> IndexParts {
    try IndexParts(
      vectors(0..<rows), IndexOptions(dimensions: dimensions, metric: .l2, seed: seed))
  }

  func vectors(_ range: Range<Int>) -> [Float] {
    source.rows(of: range.map { VectorID(UInt64($0)) })
  }

  func queries() -> [Float] { (0..<256).flatMap { source.query($0) } }

  private var logs = 0

  /// An empty store whose commits do not wait for the disk.
  func log() throws -> StorageEngine {
    logs += 1
    var options = StorageOptions()
    options.durability = .relaxed
    return try StorageEngine.create(
      at: "\(folder)/log-\(logs)", description: ["benchmark": "micro"], options: options)
  }
}
