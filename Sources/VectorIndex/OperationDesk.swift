import CVectorKernels
import Synchronization

/// Where every operation signs in and out, so that writers know who may still be looking.
///
/// Signing in takes a seat and notes the epoch there; the seat also owns the thread's scratch and
/// its counters. A slot that was taken out of use in epoch `e` may be overwritten once every seat
/// is empty or notes at least `e`: whoever signed in later has seen that the slot is out of use.
///
/// ```
/// seat, 128 bytes   [0] 0: empty, else epoch + 1   [1] … of searches   [5] … of inserts
///                   [9] … of removals: distances found on the way, hops, distances between
///                   candidates, operations   rest: room, so that two seats never share a cache
///                   line
/// ```
///
/// Invariants: `words` has `seats * seatWords` words, `scratches` has `seats` entries; a seat's
/// scratch is touched only by the operation that sits there.
@safe final class OperationDesk: @unchecked Sendable {
  static let seats = 256
  static let seatWords = 16

  private let words: UnsafeMutablePointer<UInt64>
  private let scratches: UnsafeMutablePointer<SearchScratch?>
  private let epoch = Atomic<UInt64>(1)
  private let policy: ScratchPolicy
  private let stride: Int
  private let m: Int

  init(policy: ScratchPolicy, stride: Int, m: Int) {
    self.policy = policy
    self.stride = stride
    self.m = m
    let bytes = Self.seats * Self.seatWords * 8
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
    unsafe words = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
    unsafe words.initialize(repeating: 0, count: bytes / 8)
    unsafe scratches = .allocate(capacity: Self.seats)
    unsafe scratches.initialize(repeating: nil, count: Self.seats)
  }

  deinit {
    unsafe scratches.deinitialize(count: Self.seats)
    unsafe scratches.deallocate()
    unsafe UnsafeMutableRawPointer(words).deallocate()
  }

  /// Runs one operation in a seat of its own, its work counted as that of its kind; what only looks
  /// has none.
  func run<Result, Failure: Error>(
    _ kind: GraphWork.Kind? = nil, _ body: (SearchScratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let seat = signIn()
    let scratch = scratch(at: seat)
    if let kind { scratch.beginCounting(kind) }
    defer {
      // SAFETY: the seat is ours; release hands all we read and wrote to whoever finds it empty.
      unsafe vb_store_release_64(words + seat * Self.seatWords, 0)
    }
    return try body(scratch)
  }

  private func signIn() -> Int {
    var seat = Int(vb_thread_ordinal()) % Self.seats
    while true {
      let now = epoch.load(ordering: .acquiring) + 1
      // SAFETY: seat < seats. Trading 0 for the epoch takes the seat and notes the epoch in one.
      if unsafe vb_swap_if_64(words + seat * Self.seatWords, 0, now) == 1 {
        // Nothing of the graph may be read before others can see that somebody sits here.
        vb_fence()
        return seat
      }
      seat = (seat + 1) % Self.seats
      if seat == 0 { vb_yield() }
    }
  }

  private func scratch(at seat: Int) -> SearchScratch {
    if policy == .pooled, let scratch = unsafe scratches[seat] { return scratch }
    let scratch = unsafe SearchScratch(
      stride: stride, m: m, countingAt: words + seat * Self.seatWords + 1)
    if policy == .pooled { unsafe scratches[seat] = scratch }
    return scratch
  }

  /// Begins a new epoch and returns it; who signs in from now on notes at least this one.
  func beginEpoch() -> UInt64 { epoch.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue }

  /// The oldest epoch that somebody at the desk signed in with.
  func oldestEpoch() -> UInt64 {
    vb_fence()
    var oldest = epoch.load(ordering: .sequentiallyConsistent)
    for seat in 0..<Self.seats {
      let noted = unsafe vb_load_ordered_64(words + seat * Self.seatWords)
      if noted != 0 { oldest = min(oldest, noted - 1) }
    }
    return oldest
  }

  var meter: WorkMeter { unsafe WorkMeter(address: UInt64(UInt(bitPattern: words))) }

  /// What all operations of a kind have cost so far.
  func work(_ kind: GraphWork.Kind) -> GraphWork {
    var sum = GraphWork()
    for seat in 0..<Self.seats {
      // SAFETY: a seat has the words of every kind behind its epoch.
      let counters = unsafe words + seat * Self.seatWords + 1 + kind.firstWord
      unsafe sum.found &+= vb_load_relaxed_64(counters)
      unsafe sum.hops &+= vb_load_relaxed_64(counters + 1)
      unsafe sum.compared &+= vb_load_relaxed_64(counters + 2)
      unsafe sum.operations &+= vb_load_relaxed_64(counters + 3)
    }
    return sum
  }
}
