import Basics
import CVectorKernels

/// What a slot holds, and who may look at it.
enum SlotState {
  /// Nothing that may be read: never used, waiting to be used again, or being written.
  static let free: UInt8 = 0
  /// A vector that searches find.
  static let live: UInt8 = 1
  /// A vector that searches pass through but do not find: its neighbors are being reconnected.
  static let leaving: UInt8 = 2
}

/// The memory of a graph: per slot a vector, a state, a lock, a level and one list of links per
/// layer, each kind in a flat array of its own.
///
/// The arrays lie in reserved addresses and grow in place, so a reader never sees one move.
///
/// ```
/// vectors   [slot * stride ..< + dimensions] floats, 64-byte aligned rows, zeros behind
/// ground    [slot * 2m ..< + 2m]  links of layer 0, `noLink` where there is none
/// upper     [upperStart[slot] + (layer - 1) * m ..< + m]  links of layer 1 and up
/// ```
///
/// Invariants: slots below `committed` have all their memory. A slot's level follows from the seed
/// and its number, so it stays the same when the slot is used again, and a link that somebody
/// still holds never points at a layer that is not there.
@safe struct SlotArena: ~Copyable, @unchecked Sendable {
  static let noLink = UInt32.max
  static let levelMax = 15

  let dimensions: Int
  let stride: Int
  let m: Int
  let limit: Int

  private let seed: UInt64
  private let memory: SlotMemory

  let vectors: UnsafeMutablePointer<Float>
  let ground: UnsafeMutablePointer<UInt32>
  let upper: UnsafeMutablePointer<UInt32>
  private let upperStart: UnsafeMutablePointer<UInt32>
  private let levels: UnsafeMutablePointer<UInt8>
  let states: UnsafeMutablePointer<UInt8>
  private let locks: UnsafeMutablePointer<UInt8>

  init(_ options: IndexOptions) throws(SystemError) {
    dimensions = options.dimensions
    stride = (options.dimensions + 15) & ~15
    m = options.m
    seed = options.seed
    // 64 GiB of addresses for vectors is more than the machines this runs on have memory.
    limit = min(1 << 26, (1 << 36) / (stride * 4), options.slotsMax ?? .max)
    memory = try SlotMemory(limit: limit, stride: stride, m: m)
    // SAFETY: each array's memory is page-aligned, zero where committed, and lives as long as this.
    unsafe vectors = memory.vectors.base.assumingMemoryBound(to: Float.self)
    unsafe ground = memory.ground.base.assumingMemoryBound(to: UInt32.self)
    unsafe upper = memory.upper.base.assumingMemoryBound(to: UInt32.self)
    unsafe upperStart = memory.starts.base.assumingMemoryBound(to: UInt32.self)
    unsafe levels = memory.levels.base.assumingMemoryBound(to: UInt8.self)
    unsafe states = memory.states.base.assumingMemoryBound(to: UInt8.self)
    unsafe locks = memory.locks.base.assumingMemoryBound(to: UInt8.self)
  }

  /// Commits memory for the slots below `count` and `upperWords` words of upper links.
  func commit(slots count: Int, upperWords: Int) throws(SystemError) {
    try memory.vectors.commit(count * stride * 4)
    try memory.ground.commit(count * m * 8)
    try memory.upper.commit(upperWords * 4)
    try memory.starts.commit(count * 4)
    try memory.levels.commit(count)
    try memory.states.commit(count)
    try memory.locks.commit(count)
  }

  /// Gives a slot its level and empty lists; `start` is where its upper links begin.
  func prepare(_ slot: UInt32, upperStart start: Int) {
    // SAFETY: the slot is committed, and nobody knows of it yet.
    unsafe levels[Int(slot)] = UInt8(drawLevel(slot))
    unsafe upperStart[Int(slot)] = UInt32(truncatingIfNeeded: start / m)
    clearLinks(slot)
  }

  /// Each layer holds one of m nodes of the layer below.
  func drawLevel(_ slot: UInt32) -> Int {
    var random = SeededRandom(seed, stream: UInt64(slot))
    let (unit, share) = (random.unit(), 1 / Double(m))
    var (level, threshold) = (0, share)
    while level < Self.levelMax, unit < threshold {
      level += 1
      threshold *= share
    }
    return level
  }

  func clearLinks(_ slot: UInt32) {
    for layer in 0...level(slot) { unsafe replaceLinks(of: slot, layer, with: nil, 0) }
  }

  func level(_ slot: UInt32) -> Int {
    // SAFETY: the slot is committed; its level was written before anybody heard of it.
    unsafe Int(levels[Int(slot)])
  }

  /// The row of a slot.
  func vector(_ slot: UInt32) -> UnsafeMutablePointer<Float> {
    unsafe vectors + Int(slot) &* stride
  }

  /// How many links a node may have on a layer.
  func width(_ layer: Int) -> Int { layer == 0 ? 2 &* m : m }

  /// The links of a slot on a layer: the first `noLink` or the width ends them.
  func links(_ slot: UInt32, _ layer: Int) -> UnsafeMutablePointer<UInt32> {
    // SAFETY: the layer is at most the slot's level, so the list lies in committed memory.
    if layer == 0 { return unsafe ground + Int(slot) &* 2 &* m }
    return unsafe upper + (Int(upperStart[Int(slot)]) &+ layer &- 1) &* m
  }

  /// Copies a list as it is now; a writer may be at work, so it may mix its old and new links.
  func copyLinks(of slot: UInt32, _ layer: Int, to out: UnsafeMutablePointer<UInt32>) -> Int {
    let (list, width) = unsafe (links(slot, layer), width(layer))
    var count = 0
    while count < width {
      // SAFETY: count stays below the width; `out` has room for a whole list.
      let link = unsafe vb_load_relaxed_32(list + count)
      if link == Self.noLink { break }
      unsafe out[count] = link
      count &+= 1
    }
    return count
  }

  /// Writes a list from the front and ends it.
  ///
  /// The caller holds the slot's lock, or is alone.
  func replaceLinks(
    of slot: UInt32, _ layer: Int, with entries: UnsafePointer<UInt32>?, _ count: Int
  ) {
    let (list, width) = unsafe (links(slot, layer), width(layer))
    for index in 0..<width {
      // SAFETY: index is below the width of the list and of what the caller gave.
      let entry = index < count ? unsafe entries?[index] ?? Self.noLink : Self.noLink
      unsafe vb_store_release_32(list + index, entry)
    }
  }

  /// Pairs with `setState`: what was written before the state was set can be read after this.
  func state(_ slot: UInt32) -> UInt8 { unsafe vb_load_acquire_8(states + Int(slot)) }

  func setState(_ slot: UInt32, _ state: UInt8) {
    unsafe vb_store_release_8(states + Int(slot), state)
  }

  func changeState(_ slot: UInt32, from old: UInt8, to new: UInt8) -> Bool {
    unsafe vb_swap_if_8(states + Int(slot), old, new) == 1
  }

  /// Runs `body` as the only writer of a slot's links.
  ///
  /// It must not lock another slot.
  @inline(__always)
  func withLock<Result>(_ slot: UInt32, _ body: () -> Result) -> Result {
    // SAFETY: one lock byte per committed slot.
    let lock = unsafe locks + Int(slot)
    var spins = 0
    while unsafe vb_try_lock_8(lock) == 0 {
      spins &+= 1
      // The holder may have been taken off its core, so spinning for long would be for nothing.
      if spins & 63 == 0 { vb_yield() } else { vb_pause() }
    }
    defer { unsafe vb_store_release_8(lock, 0) }
    return body()
  }
}
