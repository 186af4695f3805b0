import Basics
import Synchronization
import Vocabulary

/// A target whose capacity and whose stall are known beforehand, to test what measures them.
///
/// Answers are the engine's, on a store small enough that they cost nothing beside the planted
/// service time; the caller gets them when the queue says so.
final class PlantedTarget: Target {
  private let queue: Mutex<PlantedQueue>
  private let engine: EmbeddedTarget

  init(_ plan: PlantedQueue.Plan, answering engine: EmbeddedTarget) {
    queue = Mutex(PlantedQueue(plan))
    self.engine = engine
  }

  func measurementBegins() { queue.withLock { $0.begin(at: Clock.now()) } }

  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor] {
    let done = enter()
    let answers = try engine.search(query, k: k, ef: ef)
    leave(at: done)
    return answers
  }

  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    let done = enter()
    try engine.insert(ids, vectors)
    leave(at: done)
  }

  func delete(_ ids: [VectorID]) throws {
    let done = enter()
    try engine.delete(ids)
    leave(at: done)
  }

  private func enter() -> UInt64 { queue.withLock { $0.serve(at: Clock.now()) } }

  private func leave(at done: UInt64) {
    Waits.timed(.sleep, "planted service") { Clock.sleep(until: done) }
  }
}
