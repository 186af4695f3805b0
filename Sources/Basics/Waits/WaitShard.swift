import CSelfSampler
import Glibc

/// One of several lists of waits, so that threads seldom meet when they write theirs down.
///
/// It never grows past what it reserved: what does not fit is counted with its length, so that a
/// reader knows how much delay is missing. Equal stacks are kept once.
///
/// Invariants: `mutex` lives in memory of its own that never moves; everything else is touched
/// only while it is held. It is a plain mutex, not an instrumented one: writing a wait down must
/// not be a wait.
@safe final class WaitShard: @unchecked Sendable {
  static let entriesMax = 131_072
  static let stacksMax = 16_384

  struct Entry {
    let thread: Int32
    let waitClass: WaitClass
    let start: UInt64
    let end: UInt64
    let name: StaticString
    let stack: UInt32
    let releaser: UInt32
  }

  struct Contents {
    var entries: [Entry] = []
    /// Position 0 is the unknown stack.
    var stacks: [[UInt64]] = [[]]
    var threadNames: [Int32: String] = [:]
    var droppedCount = 0
    var droppedNanoseconds: UInt64 = 0
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var session: UInt32 = 0
  private var contents = Contents()
  private var positions: [[UInt64]: UInt32] = [:]

  init() {
    unsafe mutex = .allocate(capacity: 1)
    // SAFETY: fresh memory for one mutex, initialized once; shards live as long as the process.
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
  }

  func open(session: UInt32) {
    locked {
      self.session = session
      contents = Contents()
      // Reserved at once: growing would copy megabytes in the middle of an operation. The pages
      // are touched only as they fill.
      contents.entries.reserveCapacity(Self.entriesMax)
      positions = [[]: 0]
    }
  }

  func close() -> Contents {
    locked {
      defer {
        session = 0
        contents = Contents()
        positions = [:]
      }
      return contents
    }
  }

  func append(_ wait: PendingWait, thread: Int32) {
    locked {
      guard wait.session == session else { return }
      guard contents.entries.count < Self.entriesMax else {
        contents.droppedCount += 1
        contents.droppedNanoseconds += wait.end - wait.start
        return
      }
      if contents.threadNames[thread] == nil { contents.threadNames[thread] = Self.threadName() }
      contents.entries.append(
        Entry(
          thread: thread, waitClass: wait.waitClass, start: wait.start, end: wait.end,
          name: wait.name, stack: position(of: wait.stack), releaser: position(of: wait.releaser)))
    }
  }

  private func position(of stack: CapturedStack) -> UInt32 {
    if stack.count == 0 { return 0 }
    let addresses = stack.addresses
    if let known = positions[addresses] { return known }
    guard contents.stacks.count < Self.stacksMax else { return 0 }
    let position = UInt32(contents.stacks.count)
    contents.stacks.append(addresses)
    positions[addresses] = position
    return position
  }

  private static func threadName() -> String {
    var bytes = InlineArray<16, CChar>(repeating: 0)
    var span = bytes.mutableSpan
    // SAFETY: the call fills at most 16 bytes of a buffer of 16 and ends them with a zero.
    return unsafe span.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return "" }
      unsafe vb_get_thread_name(base)
      return unsafe String(cString: base)
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    // SAFETY: the mutex was initialized in init and is unlocked by the thread that locked it.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }
}
