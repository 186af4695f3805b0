/// CPU time by thread and stack.
///
/// A sample stands for all the time that its thread's clock has counted since the sample before.
/// That is one period, unless the host held the processor for longer: then the timer fires once for
/// several periods, and to count it as one would lose them.
struct CPULedger {
  struct Key: Hashable {
    let tid: Int32
    let stack: StackID
  }

  struct Sum: Equatable {
    var samples: Int64 = 0
    var nanoseconds: Int64 = 0
  }

  /// The clock of a thread on one processor.
  struct Clock: Hashable {
    let tid: Int32
    let cpu: UInt32
  }

  private(set) var sums: [Key: Sum] = [:]
  private(set) var samples = 0
  private(set) var nanoseconds: UInt64 = 0
  /// Periods that passed without a sample of their own.
  private(set) var missedPeriods = 0
  private var counts: [Clock: UInt64] = [:]
  private var latest: [Int32: StackID] = [:]

  /// Says what a clock had counted before the first sample.
  mutating func begin(_ clock: Clock, at count: UInt64) { counts[clock] = count }

  /// Adds a sample; `count` is what the clock had counted by then, if the kernel tells.
  mutating func add(_ stack: StackID, of clock: Clock, period: UInt64, count: UInt64?) {
    var time = period
    if let count {
      let before = counts.updateValue(count, forKey: clock) ?? 0
      time = count > before ? count - before : 0
      if period > 0 { missedPeriods += max(0, Int(clamping: (time + period / 2) / period) - 1) }
    }
    samples += 1
    latest[clock.tid] = stack
    add(time, to: stack, of: clock.tid, samples: 1)
  }

  /// Gives what a clock has counted since its last sample, less than a period, to the stack that
  /// its thread was seen with last.
  ///
  /// A thread has a clock on each processor, and each ends amid a period: of a dozen threads that
  /// work for seconds that is more than a percent. More than a period is a sample that is missing,
  /// and stays missing.
  mutating func finish(_ clock: Clock, at count: UInt64, period: UInt64) {
    guard let stack = latest[clock.tid] else { return }
    let before = counts[clock] ?? 0
    guard count > before, count - before < period else { return }
    add(count - before, to: stack, of: clock.tid, samples: 0)
  }

  private mutating func add(_ time: UInt64, to stack: StackID, of tid: Int32, samples: Int64) {
    nanoseconds &+= time
    let key = Key(tid: tid, stack: stack)
    sums[key, default: Sum()].samples += samples
    sums[key, default: Sum()].nanoseconds &+= Int64(clamping: time)
  }
}
