import Basics
import Synchronization
import Vocabulary
import Workloads

/// The live keys that all workers choose from.
///
/// The lock is held for the choice alone, outside the timed engine calls.
final class KeySpace: Sendable {
  private let keys: Mutex<LiveKeys>
  private let choice: KeyChoice
  private let hot: HotShare

  init(_ settings: WorkloadSettings) {
    keys = Mutex(LiveKeys(preloaded: settings.dataset.rows, seed: settings.dataset.seed))
    choice = settings.keys
    hot = settings.plan.hot
  }

  var count: Int { keys.withLock { $0.count } }

  func choose(_ random: inout SeededRandom) -> VectorID? {
    keys.withLock { $0.choose(choice, hot, &random) }
  }

  /// Ids to replace; whoever takes them gives them back.
  func takeForUpsert(_ wanted: Int, _ random: inout SeededRandom) -> [LiveKeys.Key] {
    keys.withLock { $0.take(wanted, choice, hot, &random) }
  }

  /// Ids to remove; nobody else can choose them any more.
  func takeForDelete(_ wanted: Int, _ random: inout SeededRandom) -> [LiveKeys.Key] {
    keys.withLock { keys in
      let taken = keys.take(wanted, choice, hot, &random)
      for key in taken { keys.remove(key.id) }
      return taken
    }
  }

  func takeOldestForDelete(_ wanted: Int) -> [LiveKeys.Key] {
    keys.withLock { keys in
      let taken = keys.takeOldest(wanted)
      for key in taken { keys.remove(key.id) }
      return taken
    }
  }

  func insert(_ ids: [VectorID]) { keys.withLock { keys in for id in ids { keys.insert(id) } } }

  func giveBack(_ taken: [LiveKeys.Key], holding vectors: ArraySlice<VectorID>) {
    keys.withLock { keys in
      for (key, vector) in zip(taken, vectors) { keys.giveBack(key.id, holding: vector) }
    }
  }
}
