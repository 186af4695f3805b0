/// Follows each thread on and off the CPU, as `WaitLedger` does, and keeps every spell by itself.
///
///              ┌── entered ◀─────────────── runnable ◀─┐ woken
///     running ─┤ left ─────▶ blocked ──────────────────┘
///              └ left, preempted ─▶ preempted ── entered ──▶ running
///
/// A running slice carries the stack that the thread left its core with, and the wait after it the
/// same one: what a thread did is known when it stops. Slices shorter than a microsecond become
/// part of the slice beside them, and beyond a limit slices are counted and not kept; both are said
/// in `Timeline.Losses`.
struct TimelineLedger {
  /// 64 MB of memory at most.
  static let standardLimit = 2_000_000
  /// What is shorter than this nobody sees.
  static let shortest: UInt64 = 1_000

  private enum Activity: Hashable { case running, runnable, preempted, blocked, unknown }

  /// What a slice shows, before stacks have names.
  private struct Content: Hashable {
    let activity: Activity
    let stack: StackID?
  }

  private enum State {
    /// Nothing was heard of the thread yet.
    case silent(wokenAt: UInt64?)
    case running(since: UInt64)
    case off(Wait)
  }

  private struct Wait {
    let since: UInt64
    let isPreempted: Bool
    let stack: StackID?
    var wokenAt: UInt64?
    var waker: Int32 = 0
  }

  private struct Thread {
    var state = State.silent(wokenAt: nil)
    /// The stack that came just before the thread leaves.
    var leaving: StackID?
    /// Until this moment the number was another thread's, or the window had not begun.
    let freeSince: UInt64
    var birth: UInt64?
    /// The place of the thread's last slice, while it is kept.
    var last: Int?

    /// When the thread that is heard of at `time` can first have been there.
    func begin(before time: UInt64) -> UInt64 {
      guard let birth, birth <= time else { return freeSince }
      return max(birth, freeSince)
    }
  }

  private let start: UInt64
  private let limit: Int
  private var threads: [Int32: Thread] = [:]
  private var records: [SliceRecords.Record] = []
  private var contents: [Content] = []
  private var places: [Content: Int32] = [:]
  private var end: UInt64 = 0
  private(set) var losses = Timeline.Losses()

  init(start: UInt64, limit: Int = TimelineLedger.standardLimit) {
    (self.start, self.limit, end) = (start, limit, start)
  }

  var sliceCount: Int { records.count }

  /// Says that a thread did not exist before `time`, so that nothing is drawn there.
  ///
  /// May be told early, while moments of the number's former owner are still to come.
  mutating func noteBirth(of tid: Int32, at time: UInt64) {
    threads[tid, default: Thread(freeSince: start)].birth = time
  }

  mutating func take(_ moment: Moment) {
    if moment.event == .born { return noteBirth(of: moment.tid, at: moment.time) }
    // What happened while the events were being switched on is not part of the window.
    let time = max(moment.time, start)
    var thread = threads.removeValue(forKey: moment.tid) ?? Thread(freeSince: start)
    switch moment.event {
    case .stack(let stack): thread.leaving = stack
    case .left(let isPreempted): leave(moment.tid, &thread, time, isPreempted)
    case .woken: wake(&thread, time, moment.wakerTid)
    case .entered: enter(moment.tid, &thread, time)
    case .died: die(moment.tid, &thread, time)
    case .born: break
    }
    threads[moment.tid] = thread
  }

  /// Closes what is still open at the end of the window.
  mutating func finish(at end: UInt64) {
    self.end = max(end, start)
    for tid in threads.keys.sorted() {
      guard var thread = threads[tid] else { continue }
      switch thread.state {
      case .silent: break
      case .running(let since): add(tid, &thread, .running, nil, since, end)
      case .off(let wait): close(wait, tid, &thread, at: end)
      }
    }
    threads = [:]
  }

  /// The picture, with names for stacks: what was done there, and the class of the wait.
  ///
  /// A thread that is not in `threads` is given to the first process.
  func timeline(
    processes: [Timeline.Process], threads: [Timeline.Thread],
    operation: (StackID) -> String?, reason: (StackID) -> String
  ) -> Timeline {
    let displays = contents.map { content in
      SliceRecords.Display(
        state: Self.state(content, reason), operation: content.stack.flatMap(operation))
    }
    let pid = processes.first?.pid ?? 0
    let strangers = Set(records.map(\.tid)).subtracting(threads.map(\.tid)).map { tid in
      Timeline.Thread(pid: pid, tid: tid, name: "thread \(tid)")
    }
    var timeline = Timeline(
      start: start, end: end, processes: processes,
      threads: (threads + strangers).sorted { ($0.pid, $0.tid) < ($1.pid, $1.tid) },
      records: SliceRecords(records, displays))
    timeline.losses = losses
    return timeline
  }

  // MARK: - The machine of states

  private mutating func leave(
    _ tid: Int32, _ thread: inout Thread, _ time: UInt64, _ isPreempted: Bool
  ) {
    let stack = thread.leaving
    thread.leaving = nil
    switch thread.state {
    case .running(let since): add(tid, &thread, .running, stack, since, time)
    // Who leaves without having come was there all the time, or was not when it was woken.
    case .silent(let woken):
      add(tid, &thread, woken == nil ? .running : .unknown, stack, thread.begin(before: time), time)
    case .off(let wait): add(tid, &thread, .unknown, nil, wait.since, time)
    }
    thread.state = .off(
      Wait(
        since: time, isPreempted: isPreempted, stack: stack, wokenAt: isPreempted ? time : nil))
  }

  private func wake(_ thread: inout Thread, _ time: UInt64, _ waker: Int32?) {
    switch thread.state {
    case .running: break
    case .silent(let woken): thread.state = .silent(wokenAt: woken ?? time)
    case .off(var wait):
      // Only the first waking ends a wait.
      if wait.isPreempted || wait.wokenAt != nil { return }
      (wait.wokenAt, wait.waker) = (time, waker ?? 0)
      thread.state = .off(wait)
    }
  }

  private mutating func enter(_ tid: Int32, _ thread: inout Thread, _ time: UInt64) {
    switch thread.state {
    case .running: return
    case .silent(let woken):
      let begin = thread.begin(before: time)
      let turn = min(max(woken ?? time, begin), time)
      // Who has just been born only waits for a core.
      add(tid, &thread, thread.birth == begin ? .runnable : .unknown, nil, begin, turn)
      add(tid, &thread, .runnable, nil, turn, time)
    case .off(let wait): close(wait, tid, &thread, at: time)
    }
    thread.state = .running(since: time)
  }

  private mutating func die(_ tid: Int32, _ thread: inout Thread, _ time: UInt64) {
    if case .running(let since) = thread.state {
      add(tid, &thread, .running, thread.leaving, since, time)
    }
    let next = thread.birth.flatMap { $0 > time ? $0 : nil }
    thread = Thread(freeSince: time, birth: next)
  }

  /// Draws a wait and the way back to a core.
  private mutating func close(
    _ wait: Wait, _ tid: Int32, _ thread: inout Thread, at end: UInt64
  ) {
    if wait.isPreempted { return add(tid, &thread, .preempted, wait.stack, wait.since, end) }
    let turn = min(max(wait.wokenAt ?? end, wait.since), end)
    add(tid, &thread, .blocked, wait.stack, wait.since, turn, waker: wait.waker)
    add(tid, &thread, .runnable, wait.stack, turn, end, waker: wait.waker)
  }

  private static func state(_ content: Content, _ reason: (StackID) -> String) -> Timeline.State {
    switch content.activity {
    case .running: return .running
    case .runnable: return .runnable
    case .preempted: return .preempted
    case .unknown: return .unknown
    case .blocked:
      let waitClass = content.stack.map(reason) ?? WaitReason.unknown.rawValue
      // A thread that yields is never woken, for it was never asleep.
      return waitClass == WaitReason.runnable.rawValue ? .runnable : .blocked(class: waitClass)
    }
  }

  // MARK: - Keeping slices

  private mutating func add(
    _ tid: Int32, _ thread: inout Thread, _ activity: Activity, _ stack: StackID?,
    _ since: UInt64, _ end: UInt64, waker: Int32 = 0
  ) {
    guard end > since else { return }
    let record = SliceRecords.Record(
      start: since, end: end, tid: tid, waker: waker,
      display: place(Content(activity: activity, stack: stack)))
    if let last = thread.last, merge(record, into: last) { return }
    guard records.count < limit else {
      losses.droppedSlices += 1
      losses.droppedNanoseconds += record.duration
      thread.last = nil
      return
    }
    thread.last = records.count
    records.append(record)
  }

  /// Makes one slice of two when one of them is too short to be seen; the longer one stays.
  private mutating func merge(_ record: SliceRecords.Record, into last: Int) -> Bool {
    let before = records[last]
    let short = min(before.duration, record.duration)
    guard before.end == record.start, short < Self.shortest else { return false }
    losses.mergedSlices += 1
    losses.mergedNanoseconds += short
    if before.duration >= record.duration {
      records[last].end = record.end
    } else {
      records[last] = record
      records[last].start = before.start
    }
    return true
  }

  private mutating func place(_ content: Content) -> Int32 {
    if let known = places[content] { return known }
    let place = Int32(contents.count)
    contents.append(content)
    places[content] = place
    return place
  }
}
