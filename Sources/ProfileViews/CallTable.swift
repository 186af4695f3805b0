/// Calls between nodes and their weight, found by caller and callee.
///
/// A table with open addresses: each frame of each sample asks it once, and a dictionary spent most
/// of the view's time in hashing. It remembers the last sample of a call, so that recursion counts
/// a sample once.
struct CallTable {
  struct Call {
    var caller: Int32
    let callee: Int32
    var weight: Int64
    var divisor: Int64
    /// All of its calls are inlined.
    var isInlined: Bool
    /// Somewhere between the two stood a node that is not kept.
    var isResidual: Bool
    fileprivate var lastSample: Int32 = -1

    var value: Int64 { FrameGraph.Weight.shown(weight, divisor) }

    init(
      from caller: Int32, to callee: Int32, _ weight: FrameGraph.Weight, isInlined: Bool,
      isResidual: Bool
    ) {
      (self.caller, self.callee) = (caller, callee)
      (self.weight, divisor) = (weight.value, weight.divisor)
      (self.isInlined, self.isResidual) = (isInlined, isResidual)
    }

    mutating func add(_ more: FrameGraph.Weight, isInlined: Bool, isResidual: Bool) {
      weight &+= more.value
      divisor &+= more.divisor
      self.isInlined = self.isInlined && isInlined
      self.isResidual = self.isResidual || isResidual
    }
  }

  private(set) var calls: [Call] = []
  // Positions in `calls` plus one; zero is free. At most half full, so that a probe ends.
  private var slots = [Int32](repeating: 0, count: 1_024)

  mutating func add(
    _ weight: FrameGraph.Weight, from caller: Int32, to callee: Int32, isInlined: Bool,
    isResidual: Bool, sample: Int32
  ) {
    var slot = Self.slot(caller, callee, slots.count)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if calls[position].caller == caller, calls[position].callee == callee {
        if calls[position].lastSample == sample { return }
        calls[position].lastSample = sample
        calls[position].add(weight, isInlined: isInlined, isResidual: isResidual)
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    var call = Call(
      from: caller, to: callee, weight, isInlined: isInlined, isResidual: isResidual)
    call.lastSample = sample
    calls.append(call)
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
