import Basics
import Synchronization

/// How far the work is at many moments, and what CPU it has taken: the record that tells what
/// watching costs, when the watcher goes on and off meanwhile.
final class Pulse: Sendable {
  let work = Atomic<UInt64>(0)
  let isOver = Atomic<Bool>(false)

  private static let interval: UInt64 = 1_000_000

  /// Looks until the work is over; the moments as `t0`, `c0`, `w0` and so on.
  func watch() -> [String: UInt64] {
    var seen: [String: UInt64] = [:]
    var number = 0
    while !isOver.load(ordering: .relaxed) {
      Clock.sleep(until: Clock.now() + Self.interval)
      let (time, cpu) = (Clock.now(), Clock.processCPU())
      seen["t\(number)"] = time
      seen["c\(number)"] = cpu
      seen["w\(number)"] = work.load(ordering: .relaxed)
      number += 1
    }
    return seen
  }
}
