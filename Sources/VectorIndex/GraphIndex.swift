import Basics
import CVectorKernels
import Synchronization
import Vocabulary

/// Nearest neighbors in memory: a hierarchical navigable small world graph (Malkov and Yashunin,
/// arXiv 1603.09320) that grows, shrinks and answers at the same time.
///
/// Searches take no lock. They sign in at the desk, follow links as they find them, and read a
/// vector only after its slot's state said that it may be read. Writers lock one node at a time,
/// for the time of one change to its list. Up to 256 live vectors (or `ef`, if that is more)
/// are scanned instead: nothing beats reading everything when there is little.
@safe package final class GraphIndex: @unchecked Sendable {
  package let options: IndexOptions
  let arena: SlotArena
  let kernel: DistanceKernel
  let desk: OperationDesk
  let ledger: Guarded<SlotLedger>
  /// Slots below were prepared; published with release after they were.
  let used = Atomic<Int>(0)
  let live = Atomic<Int>(0)
  /// Where every search begins; `noLink` while there is nothing.
  let entry = Atomic<UInt32>(SlotArena.noLink)
  let entryLock = Guarded<Void>(())
  /// Where the sweep goes on: whoever takes it away is the one who sweeps.
  let sweepPlace = Guarded<SweepPlace>(SweepPlace())

  package init(_ options: IndexOptions) throws(IndexError) {
    try options.check()
    guard options.kernel.isAvailable else { throw .kernelUnavailable(options.kernel) }
    self.options = options
    do throws(SystemError) { arena = try SlotArena(options) } catch { throw .system(error) }
    kernel = DistanceKernel(options.metric, options.kernel, over: arena)
    desk = OperationDesk(policy: options.scratch, stride: arena.stride, m: options.m)
    ledger = Guarded(SlotLedger())
  }

  package convenience init(options: IndexOptions) throws(IndexError) { try self.init(options) }

  package var liveCount: Int { live.load(ordering: .relaxed) }

  /// Lends the vector of a live slot, normalized if the metric is cosine.
  package func withVector<Result>(_ slot: SlotID, _ body: (Span<Float>) -> Result) -> Result {
    precondition(
      Int(slot.raw) < used.load(ordering: .acquiring), "a slot this index never gave out")
    return desk.run { _ in
      // SAFETY: the slot was prepared, and signed in as we are it is not overwritten if it is live.
      let row = unsafe UnsafeBufferPointer(start: arena.vector(slot.raw), count: arena.dimensions)
      return unsafe body(row.span)
    }
  }

  /// Copies a vector into the scratch, checked, and normalized if the metric asks for it.
  func load(_ vector: Span<Float>, into scratch: SearchScratch) throws(IndexError) {
    guard vector.count == arena.dimensions else {
      throw .dimensionMismatch(expected: arena.dimensions, found: vector.count)
    }
    var (square, finite): (Float, Float) = (0, 0)
    for index in vector.indices {
      let value = vector[index]
      // SAFETY: the query has room for a whole row, which is at least `dimensions` floats.
      unsafe scratch.query[index] = value
      square += value * value
      finite += value * 0
    }
    if finite != 0 || finite.isNaN {
      throw .notFinite(component: vector.indices.first { !vector[$0].isFinite } ?? 0)
    }
    if options.metric == .cosine { unsafe normalize(scratch.query, square) }
  }

  /// Leaves the zero vector as it is: it has no direction, so it is at distance 1 from everything.
  private func normalize(_ row: UnsafeMutablePointer<Float>, _ square: Float) {
    var (length, scale) = (Double(square).squareRoot(), 1.0)
    if !(square > 1e-30 && square < 1e30) {
      // The square left the range of a float; take the long way.
      var sum = 0.0
      for index in 0..<arena.dimensions { sum += unsafe Double(row[index]) * Double(row[index]) }
      length = sum.squareRoot()
    }
    if length > 0 { scale = 1 / length }
    for index in 0..<arena.dimensions { unsafe row[index] = Float(Double(row[index]) * scale) }
  }
}
