/// Something that happened to a thread, without the bytes it came in.
struct Moment: Equatable {
  let time: UInt64
  let tid: Int32
  let event: Event
  /// Who woke it, when it was a thread of the process.
  var wakerTid: Int32?

  enum Event: Equatable {
    /// The stack that the thread is about to leave the CPU from.
    case stack(StackID)
    case left(isPreempted: Bool)
    case entered
    /// Somebody made the thread runnable: a thread with this stack, or an interrupt.
    case woken(by: StackID?)
    case born
    case died
  }
}
