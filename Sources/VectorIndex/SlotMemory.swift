import Basics

/// The reserved addresses of a slot arena, one range for each of its arrays.
struct SlotMemory: ~Copyable {
  let vectors: ReservedMemory
  let ground: ReservedMemory
  let upper: ReservedMemory
  let starts: ReservedMemory
  let levels: ReservedMemory
  let states: ReservedMemory
  let locks: ReservedMemory

  private init(
    _ vectors: consuming ReservedMemory, _ ground: consuming ReservedMemory,
    _ upper: consuming ReservedMemory, _ starts: consuming ReservedMemory,
    _ levels: consuming ReservedMemory, _ states: consuming ReservedMemory,
    _ locks: consuming ReservedMemory
  ) {
    self.vectors = vectors
    self.ground = ground
    self.upper = upper
    self.starts = starts
    self.levels = levels
    self.states = states
    self.locks = locks
  }

  /// Reserves for that many slots.
  init(limit: Int, stride: Int, m: Int) throws(SystemError) {
    let vectors = try ReservedMemory(bytes: limit * stride * 4)
    let ground = try ReservedMemory(bytes: limit * m * 8)
    // One slot in m has an upper layer, so its lists take limit / (m - 1) * m words on average;
    // this is twice the most that can be expected, for m = 2.
    let upper = try ReservedMemory(bytes: limit * m * 8)
    let starts = try ReservedMemory(bytes: limit * 4)
    let levels = try ReservedMemory(bytes: limit)
    let states = try ReservedMemory(bytes: limit)
    let locks = try ReservedMemory(bytes: limit)
    self.init(vectors, ground, upper, starts, levels, states, locks)
  }
}
