import Basics
import Measurement
import Synchronization

/// Looks now and then at how many operations are in the system: due, and not finished.
///
/// It counts what is there at a moment and knows nothing of durations; so its mean is a second
/// witness for rate times mean response time, which by Little's law it must equal.
package final class ConcurrencyGauge: Sendable {
  private let phase: Worker.Phase
  private let seen = Mutex<[Double]>([])
  private let isOver = Atomic<Bool>(false)
  private let begins = Semaphore()
  /// Gaps are drawn between half of this and one and a half, so that no rhythm of the arrivals
  /// meets the same moment of their cycle every time.
  private static let meanGap = 10_000_000.0

  init(_ phase: Worker.Phase) { self.phase = phase }

  func begin() { begins.give() }

  func end() { isOver.store(true, ordering: .releasing) }

  /// What its thread does, from `begin` to `end`.
  func watch() {
    begins.wait()
    ThreadTimers.makeExact()
    var random = SeededRandom(1, stream: 0x6A)
    let start = phase.start.load(ordering: .acquiring)
    var next = Double(start)
    var arrived = 0
    while !isOver.load(ordering: .acquiring) {
      next += (0.5 + random.unit()) * Self.meanGap
      Waits.timed(.sleep, "gauge") { Clock.sleep(until: UInt64(next)) }
      if isOver.load(ordering: .acquiring) { return }
      let finished = phase.finished.load(ordering: .sequentiallyConsistent)
      let now = Clock.now() - start
      while arrived < phase.due.count, phase.due[arrived] <= now { arrived += 1 }
      let count = phase.isClosedLoop ? phase.taken : arrived
      seen.withLock { $0.append(Double(max(0, count - finished))) }
    }
  }

  /// What the samples say together.
  package struct Reading: Codable, Sendable, Equatable {
    package var mean: Double
    package var standardError: Double
    package var count: Int
    /// Whether the number settled while it was watched; nil when it was watched too shortly.
    package var isSteady: Bool?
  }

  /// Nil when it was looked at too rarely to say anything.
  var reading: Reading? {
    let values = seen.withLock { $0 }
    let batches = 10
    guard values.count >= 4 * batches else { return nil }
    // Moments near each other see the same queue, so the error comes from means of stretches.
    let length = values.count / batches
    let means = (0..<batches).map { batch in
      Summary(Array(values[(batch * length)..<((batch + 1) * length)])).mean
    }
    return Reading(
      mean: Summary(values).mean,
      standardError: Summary(means).standardError, count: values.count,
      isSteady: SteadyState.beginning(of: values) != nil)
  }
}
