import Basics
package import StorageEngine
import Synchronization
import VectorIndex
package import VectorStore
import Vocabulary

/// The part of a kill test that is killed: writes, and says what was acknowledged.
package struct KillWriter: Sendable {
  package struct Plan: Codable, Sendable {
    package var script: KillScript
    package var path: String
    /// How many operations of each writer are done.
    package var done: [Int]
    package var durability: Durability

    package init(script: KillScript, path: String, done: [Int], durability: Durability) {
      self.script = script
      self.path = path
      self.done = done
      self.durability = durability
    }
  }

  /// Log files so short that they are followed by the next one all the time.
  private static let segmentBytes = 128 << 10
  private let plan: Plan
  private let say: @Sendable (String) -> Void

  package init(_ plan: Plan, say: @escaping @Sendable (String) -> Void) {
    self.plan = plan
    self.say = say
  }

  package static func create(_ script: KillScript, at path: String) throws(StoreError) {
    let options = StoreOptions(index: IndexOptions(dimensions: script.dimensions, metric: .l2))
    try VectorStore.create(at: path, options: options).close()
  }

  /// Writes for ever; ends only by being killed, or with an error.
  package func run() throws {
    let store = try VectorStore.open(
      at: plan.path,
      overriding: {
        $0.storage.walSegmentBytes = Self.segmentBytes
        $0.storage.durability = plan.durability
      }, announce: { say($0.rawValue) })
    say("ready")
    let failure = Mutex<String?>(nil)
    // One more, for checkpoints.
    _ = try WorkerThreads.run(count: plan.script.writers + 1, name: "kill") { worker in
      do {
        if worker < plan.script.writers { try write(worker, store) } else { try snapshot(store) }
      } catch { failure.withLock { $0 = "\(error)" } }
    }
    throw KillWriterFailure(reason: failure.withLock { $0 } ?? "unknown")
  }

  private func write(_ writer: Int, _ store: VectorStore) throws {
    var number = plan.done[writer]
    while true {
      number += 1
      let operation = plan.script.operation(writer, number)
      switch operation.change {
      case .upsert:
        let rows = operation.ids.flatMap { plan.script.vector($0, number) }
        try store.upsert(ids: operation.ids, vectors: rows.span)
      case .delete:
        say("deleting")
        _ = try store.delete(ids: operation.ids)
        say("deleted")
      }
      say("done \(writer)")
    }
  }

  private func snapshot(_ store: VectorStore) throws {
    var random = SeededRandom(plan.script.seed, stream: 99, UInt64(plan.done.reduce(0, +)))
    while true {
      Clock.sleep(until: Clock.now() + UInt64(20 + random.below(60)) * 1_000_000)
      try store.checkpoint()
    }
  }
}

package struct KillWriterFailure: Error, CustomStringConvertible {
  let reason: String

  package var description: String { "The writer stopped by itself: \(reason)" }
}
