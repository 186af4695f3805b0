import CVectorKernels

/// The buffers of one running operation; used by one thread at a time.
///
/// Invariants: every pointer has the room that its line says, from `init` or `reserve` to `deinit`.
@safe final class SearchScratch {
  /// The query, padded with zeros to a whole row and normalized where the metric asks for it.
  let query: UnsafeMutablePointer<Float>
  /// The links of one node, or twice that where two lists are joined, plus one.
  let slots: UnsafeMutablePointer<UInt32>
  let distances: UnsafeMutablePointer<Float>
  /// The neighbors that a selection keeps, and its small distances.
  let kept: UnsafeMutablePointer<UInt32>
  let keptDistances: UnsafeMutablePointer<Float>
  /// A second list, for the node whose links a selection changes.
  let joined: UnsafeMutablePointer<Candidate>
  let listCapacity: Int

  private(set) var pool: UnsafeMutablePointer<Candidate>
  private var poolCapacity = 0
  private var stamps: UnsafeMutablePointer<UInt16>
  private var stampCapacity = 0
  private var stamp: UInt16 = 0
  var map: Set<UInt32> = []

  /// The counters of the seat, and of them those of the operation that is under way: distances
  /// found on the way, hops, distances between candidates, operations.
  private let counters: UnsafeMutablePointer<UInt64>
  private var work: UnsafeMutablePointer<UInt64>

  init(stride: Int, m: Int, countingAt counters: UnsafeMutablePointer<UInt64>) {
    unsafe self.counters = counters
    unsafe work = counters
    // SAFETY: each buffer is allocated here once, with the room its line promises, and freed in
    // deinit; the pools grow in `reserve` before anyone writes past them.
    // A scan gathers blocks of slots, a selection two lists and one more.
    listCapacity = max(256, 4 * m + 2)
    let row = UnsafeMutableRawPointer.allocate(byteCount: stride * 4, alignment: 64)
    unsafe query = row.bindMemory(to: Float.self, capacity: stride)
    unsafe query.initialize(repeating: 0, count: stride)
    unsafe slots = .allocate(capacity: listCapacity)
    unsafe distances = .allocate(capacity: listCapacity)
    unsafe kept = .allocate(capacity: listCapacity)
    unsafe keptDistances = .allocate(capacity: listCapacity)
    unsafe joined = .allocate(capacity: listCapacity)
    unsafe pool = .allocate(capacity: 1)
    unsafe stamps = .allocate(capacity: 1)
  }

  deinit {
    unsafe UnsafeMutableRawPointer(query).deallocate()
    unsafe slots.deallocate()
    unsafe distances.deallocate()
    unsafe kept.deallocate()
    unsafe keptDistances.deallocate()
    unsafe joined.deallocate()
    unsafe pool.deallocate()
    unsafe stamps.deallocate()
  }

  /// From here on work counts as that of this kind.
  @inline(__always)
  func beginCounting(_ kind: GraphWork.Kind) {
    unsafe work = counters + kind.firstWord
    add(1, at: 3)
  }

  /// Counts a hop, and the distances found by it.
  ///
  /// At once, so that who reads the counters at any moment sees how far the work is.
  @inline(__always)
  func count(hops: Int, distances: Int) {
    add(UInt64(distances), at: 0)
    add(UInt64(hops), at: 1)
  }

  @inline(__always)
  func count(comparisons: Int) { add(UInt64(comparisons), at: 2) }

  @inline(__always)
  private func add(_ count: UInt64, at place: Int) {
    // SAFETY: the desk gave us the words of our seat, which only its one holder writes.
    unsafe vb_store_relaxed_64(work + place, vb_load_relaxed_64(work + place) &+ count)
  }

  /// An empty pool for that many candidates; the one before is forgotten.
  func emptyPool(bound: Int) -> CandidatePool {
    if bound > poolCapacity {
      unsafe pool.deallocate()
      poolCapacity = max(bound, poolCapacity * 2)
      unsafe pool = .allocate(capacity: poolCapacity)
    }
    return unsafe CandidatePool(pool, bound: bound)
  }

  /// Marks that know nothing yet, for the slots below `capacity`.
  func emptyMarks(_ capacity: Int) -> VisitedMarks {
    if capacity > stampCapacity || stamp == .max { renewStamps(capacity) }
    stamp += 1
    return unsafe VisitedMarks(stamps: stamps, capacity: stampCapacity, stamp: stamp)
  }

  private func renewStamps(_ capacity: Int) {
    if capacity > stampCapacity {
      unsafe stamps.deallocate()
      stampCapacity = capacity + capacity / 4 + 256
      unsafe stamps = .allocate(capacity: stampCapacity)
    }
    unsafe stamps.initialize(repeating: 0, count: stampCapacity)
    stamp = 0
  }
}
