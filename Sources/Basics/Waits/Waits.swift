import CSelfSampler
import Synchronization

/// A finished wait on its way into the record.
struct PendingWait: Sendable {
  let session: UInt32
  let waitClass: WaitClass
  let name: StaticString
  let start: UInt64
  var end: UInt64
  var stack: CapturedStack
  var releaser = CapturedStack()

  /// Notes the time and the stack of the calling thread, which is about to wait.
  ///
  /// The stack is taken first: the waiting has not begun, so it costs nobody anything.
  init(session: UInt32, waitClass: WaitClass, name: StaticString) {
    self.session = session
    self.waitClass = waitClass
    self.name = name
    stack = CapturedStack()
    stack.capture()
    start = Clock.now()
    end = start
  }
}

/// Writes down where threads wait, when somebody asks for it; nearly free when nobody does.
///
/// A wait is recorded when it ends. One that is still going on when the recording ends, or that
/// began before it, is not part of it; idle workers that wait for work are thereby left out.
/// It needs no privilege, and sees only what goes through `InstrumentedLock`,
/// `InstrumentedCondition` and `timed`.
package enum Waits {
  private static let shards: [WaitShard] = (0..<8).map { _ in WaitShard() }
  private static let state = Mutex(State())

  private struct State {
    var sessions: UInt32 = 0
    var began: UInt64 = 0
  }

  package static var isRecording: Bool { vb_wait_session() != 0 }

  /// Forgets what was recorded before and begins anew.
  package static func beginRecording() {
    state.withLock { state in
      state.sessions = state.sessions == .max ? 1 : state.sessions + 1
      state.began = Clock.now()
      for shard in shards { shard.open(session: state.sessions) }
      vb_set_wait_session(state.sessions)
    }
  }

  /// Stops and hands over what was recorded; empty when nothing was going on.
  package static func endRecording() -> WaitRecording {
    state.withLock { state in
      guard isRecording else { return WaitRecording() }
      vb_set_wait_session(0)
      return WaitRecording(
        start: state.began, end: Clock.now(), shards: shards.map { $0.close() })
    }
  }

  /// Runs something that may block, such as a sync or a sleep, and notes how long it took.
  package static func timed<Result, Failure: Error>(
    _ wait: WaitClass, _ name: StaticString, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let session = vb_wait_session()
    if session == 0 {
      let start = Clock.now()
      defer { ThreadWaits.note(wait, Clock.now() - start) }
      return try body()
    }
    var pending = PendingWait(session: session, waitClass: wait, name: name)
    defer {
      pending.end = Clock.now()
      ThreadWaits.note(wait, pending.end - pending.start)
      record(pending)
    }
    return try body()
  }

  /// Files a finished wait of the calling thread.
  static func record(_ wait: PendingWait) {
    let thread = WorkerThreads.currentID()
    shards[Int(thread) & 7].append(wait, thread: thread)
  }
}
