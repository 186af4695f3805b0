import Basics
import StorageEngine
import Synchronization

/// What a storage engine said it was doing, and when.
final class EventLog: Sendable {
  private let entries = Mutex<[(name: String, time: UInt64)]>([])

  func hear(_ event: StorageEvent) {
    let now = Clock.now()
    entries.withLock { $0.append((event.rawValue, now)) }
  }

  /// Those inside a window, with their distance from its start.
  func between(_ start: UInt64, _ end: UInt64) -> [TrialOutcome.Event] {
    entries.withLock { entries in
      entries.filter { start <= $0.time && $0.time <= end }.map {
        TrialOutcome.Event(name: $0.name, seconds: Double($0.time - start) / 1e9)
      }
    }
  }
}
