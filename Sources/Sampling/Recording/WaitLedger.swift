/// Follows each thread on and off the CPU and sums up its waits.
///
///     running ──left──▶ blocked ──woken──▶ runnable ──entered──▶ running
///             └─left, preempted──────────▶ runnable
///
/// From leaving to being woken a thread is blocked; from then on it waits for a core. A waking
/// that nobody saw makes the whole wait a blocked one.
struct WaitLedger {
  struct Key: Hashable {
    let tid: Int32
    /// Where the thread waits; nil when this switch was recorded without its stack.
    let stack: StackID?
    /// Who woke it, when it was a thread of the process.
    let waker: StackID?
    let kind: Kind
    /// Every how many switches one came with its stack at that time.
    var spacing: UInt64 = 1
  }

  enum Kind: Hashable {
    case blocked
    /// Lost its core while it had something to do.
    case preempted
    /// Had begun before the window did, so nothing is known about it but that it ended.
    case begunBefore
    /// Had not ended when the window did.
    case open
  }

  struct Sum: Equatable {
    var count: Int64 = 0
    var blocked: Int64 = 0
    var runnable: Int64 = 0
  }

  private enum State {
    /// Nothing was heard of the thread since the window began, or since the number's last owner died.
    case silent(since: UInt64, wokenAt: UInt64?)
    case running
    case off(since: UInt64, isPreempted: Bool, stack: StackID?, wokenAt: UInt64?, waker: StackID?)
  }

  private(set) var sums: [Key: Sum] = [:]
  private(set) var switches = 0
  private(set) var switchesWithStack = 0
  /// Every how many switches one comes with its stack from now on.
  var spacing: UInt64 = 1
  private let start: UInt64
  private var states: [Int32: State] = [:]
  /// The stack that came just before a thread leaves.
  private var leaving: [Int32: StackID] = [:]

  init(start: UInt64) { self.start = start }

  mutating func take(_ moment: Moment) {
    // What happened while the events were being switched on is not part of the window.
    let time = max(moment.time, start)
    switch moment.event {
    case .stack(let stack): leaving[moment.tid] = stack
    case .left(let isPreempted): leave(moment.tid, time, isPreempted)
    case .woken(let waker): wake(moment.tid, time, waker)
    case .entered: enter(moment.tid, time)
    // It has waited for nothing yet, and not since before the window.
    case .born: states[moment.tid] = .running
    case .died:
      states[moment.tid] = .silent(since: time, wokenAt: nil)
      leaving[moment.tid] = nil
    }
  }

  /// Closes what is still open at the end of the window.
  mutating func finish(at end: UInt64) {
    for (tid, state) in states {
      guard case .off(let since, let isPreempted, let stack, let woken, let waker) = state,
        end > since
      else { continue }
      let kind = isPreempted ? Kind.preempted : .open
      add(tid, stack, waker, kind, since, woken, end)
    }
    states = [:]
  }

  private mutating func leave(_ tid: Int32, _ time: UInt64, _ isPreempted: Bool) {
    let stack = leaving.removeValue(forKey: tid)
    switches += 1
    if stack != nil { switchesWithStack += 1 }
    states[tid] = .off(
      since: time, isPreempted: isPreempted, stack: stack, wokenAt: isPreempted ? time : nil,
      waker: nil)
  }

  private mutating func wake(_ tid: Int32, _ time: UInt64, _ waker: StackID?) {
    switch states[tid] ?? .silent(since: start, wokenAt: nil) {
    case .running: break
    case .silent(let since, let woken):
      states[tid] = .silent(since: since, wokenAt: woken ?? time)
    case .off(let since, let isPreempted, let stack, let woken, let known):
      if isPreempted { return }
      states[tid] = .off(
        since: since, isPreempted: false, stack: stack, wokenAt: woken ?? time,
        waker: woken == nil ? waker : known)
    }
  }

  private mutating func enter(_ tid: Int32, _ time: UInt64) {
    switch states[tid] ?? .silent(since: start, wokenAt: nil) {
    case .running: break
    case .silent(let since, let woken):
      add(tid, nil, nil, .begunBefore, since, woken, time)
    case .off(let since, let isPreempted, let stack, let woken, let waker):
      let kind = isPreempted ? Kind.preempted : .blocked
      add(tid, stack, waker, kind, since, woken, time)
    }
    states[tid] = .running
  }

  private mutating func add(
    _ tid: Int32, _ stack: StackID?, _ waker: StackID?, _ kind: Kind, _ since: UInt64,
    _ woken: UInt64?, _ end: UInt64
  ) {
    let key = Key(tid: tid, stack: stack, waker: waker, kind: kind, spacing: spacing)
    let turn = min(max(woken ?? end, since), end)
    sums[key, default: Sum()].count += 1
    sums[key, default: Sum()].blocked &+= Int64(clamping: turn - since)
    sums[key, default: Sum()].runnable &+= Int64(clamping: end - turn)
  }
}
