import Basics
import CPerfEvents

/// One sample as the kernel wrote it: who, where, for how long, and a copy of the stack.
struct SampleRecord {
  let pid: Int32
  let tid: Int32
  let period: UInt64
  /// Kernel frames, the innermost first; empty when the processor was in user space.
  let kernelFrames: [UInt64]
  /// In the order of the register mask's bits; empty for a kernel thread.
  let registers: [UInt64]
  /// The bytes from the stack pointer on.
  let stack: ArraySlice<UInt8>

  /// What a sample holds, in the kernel's order: ip, tid, time, cpu, period, callchain, registers,
  /// stack.
  static let layout: UInt64 =
    UInt64(PERF_SAMPLE_IP.rawValue) | UInt64(PERF_SAMPLE_TID.rawValue)
    | UInt64(PERF_SAMPLE_TIME.rawValue) | UInt64(PERF_SAMPLE_CPU.rawValue)
    | UInt64(PERF_SAMPLE_PERIOD.rawValue) | UInt64(PERF_SAMPLE_CALLCHAIN.rawValue)
    | UInt64(PERF_SAMPLE_REGS_USER.rawValue) | UInt64(PERF_SAMPLE_STACK_USER.rawValue)

  private static let deepest = 1_024
  private static let registerCount = vb_register_mask().nonzeroBitCount

  /// Reads a sample; nil when the bytes are not one.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    do throws(ByteReader.OutOfBytes) {
      try reader.skip(8)  // the instruction pointer, which the frames repeat
      pid = try reader.integer()
      tid = try reader.integer()
      try reader.skip(16)  // time, processor
      period = try reader.integer()
      let count: UInt64 = try reader.integer()
      guard count <= UInt64(Self.deepest) else { return nil }
      var frames: [UInt64] = []
      for _ in 0..<count {
        let address: UInt64 = try reader.integer()
        // Markers such as "from here on kernel" are small negative numbers.
        if address < UInt64(bitPattern: -4_095) { frames.append(address) }
      }
      kernelFrames = frames
      let abi: UInt64 = try reader.integer()
      var registers: [UInt64] = []
      if abi != 0 {
        for _ in 0..<Self.registerCount { registers.append(try reader.integer()) }
      }
      self.registers = registers
      let room: UInt64 = try reader.integer()
      guard room <= 65_536 else { return nil }
      let copy = try reader.slice(Int(room))
      // Behind the copy stands how much of it is real.
      let real: UInt64 = room == 0 ? 0 : try reader.integer()
      stack = copy.prefix(Int(min(real, room)))
    } catch { return nil }
  }
}
