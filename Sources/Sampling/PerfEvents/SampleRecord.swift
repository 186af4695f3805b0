/// One sample, taken out of its ring: who, where, for how long, and the copied stack.
///
/// The stack is a slice of the ring set's buffer: keep no sample longer than the call it came in,
/// or the buffer is copied for the next record.
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
    stack = bytes[sample.stack]
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
    // SAFETY: the range was taken out of the bytes by a checked reader.
    unsafe bytes.withUnsafeBytes { bytes in
      stride(from: range.lowerBound, to: range.upperBound - 7, by: 8).map { start in
        unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      }
    }
  }
}
