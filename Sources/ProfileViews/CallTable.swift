/// Calls between nodes and their weight, found by caller and callee.
///
/// A table with open addresses: each frame of each sample asks it once, and a dictionary spent most
/// of the view's time in hashing. It remembers the last sample of a call, so that recursion counts
/// a sample once.
struct CallTable {
  struct Call {
    let caller: Int32
    let callee: Int32
    var weight: Int64
    /// All of its calls are inlined.
    var isInlined: Bool
    var lastSample: Int32
  }

  private(set) var calls: [Call] = []
  // Positions in `calls` plus one; zero is free. At most half full, so that a probe ends.
  private var slots = [Int32](repeating: 0, count: 1_024)

  mutating func add(
    _ value: Int64, from caller: Int32, to callee: Int32, isInlined: Bool, sample: Int32
  ) {
    var slot = Self.slot(caller, callee, slots.count)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if calls[position].caller == caller, calls[position].callee == callee {
        if calls[position].lastSample == sample { return }
        calls[position].lastSample = sample
        calls[position].weight &+= value
        calls[position].isInlined = calls[position].isInlined && isInlined
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    calls.append(
      Call(
        caller: caller, callee: callee, weight: value, isInlined: isInlined, lastSample: sample))
    slots[slot] = Int32(calls.count)
    if calls.count * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (position, call) in calls.enumerated() {
      var slot = Self.slot(call.caller, call.callee, slots.count)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(position + 1)
    }
  }

  private static func slot(_ caller: Int32, _ callee: Int32, _ count: Int) -> Int {
    let pair = UInt64(UInt32(bitPattern: caller)) << 32 | UInt64(UInt32(bitPattern: callee))
    return Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 32) & (count - 1)
  }
}
