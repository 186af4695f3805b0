/// One sample, taken out of its ring: who, where, for how long, and a copy of the stack.
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

  private static let deepest = 1_024

  init(_ sample: PerfRecord.Sample, in bytes: [UInt8]) {
    pid = sample.pid
    tid = sample.tid
    period = sample.period
    // Markers such as "from here on kernel" are small negative numbers.
    kernelFrames = Self.words(bytes, sample.callChain.prefix(Self.deepest * 8)).filter {
      $0 < UInt64(bitPattern: -4_095)
    }
    registers = Self.words(bytes, sample.registers)
    // A copy of its own: a slice of the ring's buffer would keep the buffer from being reused.
    stack = ArraySlice(Array(bytes[sample.stack]))
  }

  /// A sample that a process took of itself, where kernel frames are not to be had.
  init(tid: Int32, registers: [UInt64], stack: ArraySlice<UInt8>) {
    pid = 0
    self.tid = tid
    period = 0
    kernelFrames = []
    self.registers = registers
    self.stack = stack
  }

  private static func words(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt64] {
    stride(from: range.lowerBound, to: range.upperBound - 7, by: 8).map { start in
      (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64($1 * 8) }
    }
  }
}
