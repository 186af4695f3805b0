import Pprof

/// What a file may still ask of us.
///
/// Readers report what they keep; the sum is held against the memory that a file of this size may
/// take, as for pprof itself.
struct Budget {
  let format: ForeignProfile.Format
  let limits: ProfileLimits
  /// Whatever the file's size: a machine should survive a file.
  private static let largestMemory = 2 << 30

  private var memory: Int
  private let wholeMemory: Int
  private var samples = 0

  init(_ format: ForeignProfile.Format, limits: ProfileLimits, inputBytes: Int) {
    self.format = format
    self.limits = limits
    let (product, overflow) = inputBytes.multipliedReportingOverflow(by: limits.memoryPerByte)
    wholeMemory = min(Self.largestMemory, max(64 << 20, overflow ? .max : product))
    memory = wholeMemory
  }

  /// Takes memory that stays taken.
  mutating func spend(_ bytes: Int, at place: @autoclosure () -> ForeignError.Place)
    throws(ForeignError)
  {
    memory -= bytes
    if memory < 0 {
      throw .beyondLimit(
        format, "bytes of memory", place(), limit: wholeMemory, flag: "--max-memory")
    }
  }

  mutating func addSample(at place: @autoclosure () -> ForeignError.Place) throws(ForeignError) {
    samples += 1
    if samples > limits.samples {
      throw .beyondLimit(format, "samples", place(), limit: limits.samples, flag: "--max-samples")
    }
  }

  func check(depth: Int, at place: @autoclosure () -> ForeignError.Place) throws(ForeignError) {
    if depth > limits.stackDepth {
      throw .beyondLimit(
        format, "frames in one stack", place(), limit: limits.stackDepth, flag: "--max-depth")
    }
  }

  /// A name is kept with what the tables around it weigh.
  mutating func keep(
    nameBytes count: Int, at place: @autoclosure () -> ForeignError.Place
  ) throws(ForeignError) {
    if count > limits.stringBytes {
      throw .beyondLimit(
        format, "bytes in one name", place(), limit: limits.stringBytes, flag: "--max-string")
    }
    try spend(count + 400, at: place())
  }

  /// A sample that is kept, with so many frames.
  mutating func keep(
    frames count: Int, at place: @autoclosure () -> ForeignError.Place
  ) throws(ForeignError) {
    try spend(count * 4 + 200, at: place())
  }
}
