/// Allocations whose number and size stand in the name.
@safe enum KnownAllocation {
  @inline(never)
  static func threeTimesHundredBytes() -> UInt64 {
    var sum: UInt64 = 0
    for value in 1...3 {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 16)
      // SAFETY: eight of a hundred bytes, written and read before they are given back.
      unsafe memory.storeBytes(of: UInt64(value), as: UInt64.self)
      sum &+= unsafe escape(memory).load(as: UInt64.self)
      unsafe memory.deallocate()
    }
    return sum
  }

  /// So that the compiler does not do without the memory.
  @inline(never) @_optimize(none)
  private static func escape(_ memory: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    unsafe memory
  }
}
