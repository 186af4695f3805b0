/// Pairs the beginnings and ends of system calls, thread by thread, and sums them up.
///
/// Counts and times are exact as long as no record is lost: a beginning without an end, or an end
/// without a beginning, is still a call, of unknown length. A stack comes with every so many calls;
/// it belongs to the call that its thread has just begun.
struct CallLedger {
  /// One kind of call in one thread.
  final class Sum {
    /// Calls that were under way at some moment of the window.
    var count = 0
    /// Those seen from beginning to end, and their lengths.
    var times = CallTimes()
    var nanoseconds: UInt64 = 0
    /// What lies in the window of calls that began before it or did not end in it.
    var partNanoseconds: UInt64 = 0
    var begunBefore = 0
    var open = 0
    /// Calls whose beginning or end was lost.
    var untimed = 0
    var errors: [Int: Int] = [:]
    var cpuNanoseconds: UInt64 = 0
  }

  struct StackKey: Hashable {
    let tid: Int32
    let call: Int
    let stack: StackID
  }

  struct StackSum {
    var samples = 0
    /// As many calls as the samples stand for, and their time.
    var calls = 0.0
    var nanoseconds = 0.0
  }

  /// What is known about one thread.
  final class Thread {
    let tid: Int32
    fileprivate(set) var sums: [Int: Sum] = [:]
    fileprivate var open: OpenCall?
    fileprivate var waiting: SeenStack?
    /// Born of a call that its maker made: it returns from a call that it never began.
    fileprivate var isNewborn = false
    fileprivate var hasCalled = false

    fileprivate init(_ tid: Int32) { self.tid = tid }

    fileprivate func sum(of call: Int) -> Sum {
      if let known = sums[call] { return known }
      let sum = Sum()
      sums[call] = sum
      return sum
    }
  }

  fileprivate struct OpenCall {
    let call: Int
    let since: UInt64
    let beganInWindow: Bool
    var stack: SeenStack?
  }

  fileprivate struct SeenStack {
    let call: Int
    let time: UInt64
    let stack: StackID
    let spacing: StackSpacing
  }

  private(set) var threads: [Int32: Thread] = [:]
  private(set) var stacks: [StackKey: StackSum] = [:]
  /// How many stacks were taken at each spacing.
  private(set) var stacksTaken: [StackSpacing: Int] = [:]
  /// Beginnings that were seen, those of a command before its exec among them.
  private(set) var entered = 0
  /// Samples of the CPU clock in and outside calls.
  private(set) var cpuNanoseconds: UInt64 = 0
  private var start: UInt64 = 0
  private var held: Set<Int32>
  private var recent: Thread?

  /// A stack and the beginning of its call are written within microseconds of each other.
  private static let nearness: UInt64 = 200_000

  /// `held` are processes that are still ours: they count from their exec on.
  init(held: [Int32] = []) { self.held = Set(held) }

  /// Says when the window begins and which calls are under way by then.
  mutating func begin(at start: UInt64, underWay: [(tid: Int32, call: Int)] = []) {
    self.start = start
    for (tid, call) in underWay {
      thread(tid).open = OpenCall(call: call, since: start, beganInWindow: false)
    }
  }

  mutating func entered(_ call: Int, _ tid: Int32, at time: UInt64) {
    entered += 1
    let thread = thread(tid)
    if let open = thread.open, open.beganInWindow { thread.sum(of: open.call).untimed += 1 }
    thread.isNewborn = false
    thread.hasCalled = true
    thread.sum(of: call).count += 1
    var open = OpenCall(call: call, since: time, beganInWindow: true)
    if let stack = thread.waiting, stack.call == call, time &- stack.time < Self.nearness {
      open.stack = stack
    }
    thread.waiting = nil
    thread.open = open
  }

  mutating func left(_ call: Int, answer: Int, _ tid: Int32, at time: UInt64) {
    let thread = thread(tid)
    defer {
      thread.open = nil
      thread.isNewborn = false
      thread.hasCalled = true
    }
    // The way back from a signal handler ends the call that led there, and has forgotten which.
    if let open = thread.open, open.call == call || call == -1 {
      close(open, of: thread, at: time, isOver: true)
      if call >= 0 { note(answer, thread.sum(of: call)) }
      return
    }
    if let open = thread.open, open.beganInWindow { thread.sum(of: open.call).untimed += 1 }
    guard call >= 0, !thread.isNewborn else { return }
    let sum = thread.sum(of: call)
    sum.count += 1
    note(answer, sum)
    if thread.hasCalled || thread.open != nil {
      sum.untimed += 1
    } else {
      sum.begunBefore += 1
      sum.partNanoseconds &+= time > start ? time - start : 0
    }
  }

  /// A call was recorded with the stack it was made from.
  mutating func saw(
    _ stack: StackID, of call: Int, _ tid: Int32, at time: UInt64, spacing: StackSpacing
  ) {
    stacksTaken[spacing, default: 0] += 1
    let thread = thread(tid)
    let seen = SeenStack(call: call, time: time, stack: stack, spacing: spacing)
    // Which of the two records of a moment comes first is the kernel's business.
    if let open = thread.open, open.call == call, open.stack == nil, open.beganInWindow,
      time &- open.since < Self.nearness
    {
      thread.open?.stack = seen
    } else {
      thread.waiting = seen
    }
  }

  /// The CPU clock of a thread ticked.
  mutating func ran(_ tid: Int32, nanoseconds: UInt64) {
    cpuNanoseconds &+= nanoseconds
    let thread = thread(tid)
    if let open = thread.open { thread.sum(of: open.call).cpuNanoseconds &+= nanoseconds }
  }

  mutating func born(_ tid: Int32) { thread(tid).isNewborn = true }

  mutating func died(_ tid: Int32, at time: UInt64) {
    let thread = thread(tid)
    if let open = thread.open { close(open, of: thread, at: time, isOver: true) }
    thread.open = nil
  }

  /// A process became another program; what it did before, while it was held, was our doing.
  mutating func executed(_ tid: Int32) {
    guard held.remove(tid) != nil else { return }
    let thread = thread(tid)
    let open = thread.open
    thread.sums = [:]
    stacks = stacks.filter { $0.key.tid != tid }
    if let open {
      thread.sum(of: open.call).count = 1
      thread.open = OpenCall(call: open.call, since: open.since, beganInWindow: open.beganInWindow)
    }
  }

  /// Takes what is under way at the end for as long as it has lasted.
  mutating func finish(at end: UInt64) {
    for thread in threads.values {
      if let open = thread.open { close(open, of: thread, at: end, isOver: false) }
      thread.open = nil
    }
  }

  // MARK: - Parts

  private mutating func thread(_ tid: Int32) -> Thread {
    if let recent, recent.tid == tid { return recent }
    let thread = threads[tid] ?? Thread(tid)
    threads[tid] = thread
    recent = thread
    return thread
  }

  private mutating func close(
    _ open: OpenCall, of thread: Thread, at time: UInt64, isOver: Bool
  ) {
    let sum = thread.sum(of: open.call)
    let length = time > open.since ? time - open.since : 0
    if !open.beganInWindow {
      sum.count += 1
      sum.begunBefore += 1
    }
    if !isOver { sum.open += 1 }
    if isOver, open.beganInWindow {
      sum.times.add(length)
      sum.nanoseconds &+= length
    } else {
      sum.partNanoseconds &+= length
    }
    guard let seen = open.stack else { return }
    let key = StackKey(tid: thread.tid, call: open.call, stack: seen.stack)
    stacks[key, default: StackSum()].samples += 1
    stacks[key, default: StackSum()].calls += Double(seen.spacing.rawValue)
    stacks[key, default: StackSum()].nanoseconds += Double(seen.spacing.rawValue) * Double(length)
  }

  private func note(_ answer: Int, _ sum: Sum) {
    if answer < 0, answer >= -4_095 { sum.errors[-answer, default: 0] += 1 }
  }
}
