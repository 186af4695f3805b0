/// Something that happened to a thread, without the bytes it came in.
struct Moment: Equatable {
  let time: UInt64
  let tid: Int32
  let event: Event

  enum Event: Equatable {
    /// The stack that the thread is about to leave the CPU from.
    case stack(StackID)
    case left(isPreempted: Bool)
    case entered
    /// Somebody made the thread runnable: a thread with this stack, or an interrupt.
    case woken(by: StackID?)
    case died
  }
}

/// Puts what several rings told into the order in which it happened.
///
/// A thread leaves one processor and goes on at another, so its moments lie in different rings.
/// Rings are drained in rounds. When a round is over, everything made before the *previous* round
/// began has surely been read from every ring, and can be given out in order; the rest waits.
/// A ring without records holds nobody back, because the clock decides and not the neighbor.
struct MomentSorter {
  private var waiting: [Moment] = []
  private var previousRound: UInt64 = 0
  private var latest: UInt64 = 0
  /// Moments that came after younger ones had been given out.
  private(set) var late = 0

  mutating func append(_ moment: Moment) { waiting.append(moment) }

  /// Ends a round that began at `start` by the clock of the records.
  mutating func finishRound(startedAt start: UInt64, _ give: (Moment) -> Void) {
    emit(through: previousRound, give)
    previousRound = start
  }

  /// Gives out all that is left: nothing will come any more.
  mutating func finish(_ give: (Moment) -> Void) { emit(through: .max, give) }

  private mutating func emit(through limit: UInt64, _ give: (Moment) -> Void) {
    // Stable, so that moments of one instant keep the order of their ring.
    let order = waiting.indices.sorted { (waiting[$0].time, $0) < (waiting[$1].time, $1) }
    let ready = order.prefix { waiting[$0].time <= limit }
    for index in ready {
      let moment = waiting[index]
      if moment.time < latest { late += 1 }
      latest = max(latest, moment.time)
      give(moment)
    }
    waiting = order.dropFirst(ready.count).map { waiting[$0] }
  }
}
