package import Vocabulary

/// Numbers of vectors that nobody has used before, for one of several workers.
///
/// Every vector that a run writes has a number of its own, and the source makes it from that. A
/// new id is the number of its first vector; an id that is replaced gets a vector with a later one.
/// Worker w takes the blocks w, w + workers, w + 2 · workers and so on, so which numbers a worker's
/// n-th batch has does not depend on the others.
package struct VectorNumbers: Sendable {
  private let batch: UInt64
  private let stride: UInt64
  private var next: UInt64

  package init(from first: UInt64, worker: Int, of workers: Int, batch: Int) {
    precondition(worker >= 0 && worker < workers && batch > 0)
    self.batch = UInt64(batch)
    stride = UInt64(workers * batch)
    next = first + UInt64(worker * batch)
  }

  package mutating func takeBatch() -> [VectorID] {
    defer { next += stride }
    return (next..<(next + batch)).map { VectorID($0) }
  }

  /// From here on nobody took any.
  package static func end(of all: [VectorNumbers]) -> UInt64 { all.map(\.next).max() ?? 0 }
}
