import Basics
import Synchronization
import Vocabulary

/// How long after its acknowledgement an insert was found by a search for its own vector.
///
/// The worker searches at once. What it does not find it hands over to a thread that asks again
/// and again. The lag is zero when the first search found it: nobody could have asked earlier.
final class SearchableLag: Sendable {
  /// An insert that was looked for.
  struct Sample: Sendable, Equatable {
    let vector: VectorID
    let acknowledged: UInt64
    /// When the last search in vain began; nil when the first one found it.
    var lastMiss: UInt64?
    /// When the search began that found it; nil when time ran out.
    var found: UInt64?

    /// From the acknowledgement to the beginning of the search that found it.
    var nanoseconds: UInt64? {
      guard let found else { return nil }
      return lastMiss == nil || found < acknowledged ? 0 : found - acknowledged
    }
  }

  private struct Pending: Sendable {
    let id: VectorID
    let query: [Float]
    var sample: Sample
  }

  /// Between two questions.
  static let pollNanoseconds: UInt64 = 1_000_000
  /// After so long nobody asks any more.
  static let patienceNanoseconds: UInt64 = 1_000_000_000

  private let target: any Target
  private let topK: Int
  private let ef: Int
  private let waiting = Mutex<[Pending]>([])
  private let settled = Mutex<[Sample]>([])
  private let work = Semaphore()
  private let isOver = Atomic<Bool>(false)

  init(_ target: any Target, topK: Int, ef: Int) {
    self.target = target
    self.topK = topK
    self.ef = ef
  }

  /// Searches for an insert that was acknowledged just now.
  func look(for id: VectorID, _ query: [Float], acknowledged: UInt64) {
    let sample = Sample(vector: id, acknowledged: acknowledged, lastMiss: nil, found: nil)
    var pending = Pending(id: id, query: query, sample: sample)
    if ask(&pending) { return settled.withLock { $0.append(pending.sample) } }
    waiting.withLock { $0.append(pending) }
    work.give()
  }

  /// Whether it was found; notes when it was asked.
  private func ask(_ pending: inout Pending) -> Bool {
    let start = Clock.now()
    let query = pending.query
    let answers = (try? target.search(query.span, k: topK, ef: ef)) ?? []
    if answers.contains(where: { $0.id == pending.id }) {
      pending.sample.found = start
      return true
    }
    pending.sample.lastMiss = start
    return false
  }

  /// What the asking thread does until the phase is over and nothing waits any more.
  func askUntilOver() {
    while true {
      let open = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      if open.isEmpty {
        if isOver.load(ordering: .acquiring) { return }
        work.wait()
        continue
      }
      let next = Clock.now() + Self.pollNanoseconds
      var left: [Pending] = []
      for var pending in open {
        let isLate = Clock.now() > pending.sample.acknowledged + Self.patienceNanoseconds
        if ask(&pending) || isLate {
          settled.withLock { $0.append(pending.sample) }
        } else {
          left.append(pending)
        }
      }
      let rest = left
      waiting.withLock { $0 += rest }
      if !left.isEmpty { Waits.timed(.sleep, "poll") { Clock.sleep(until: next) } }
    }
  }

  func noMoreWillCome() {
    isOver.store(true, ordering: .releasing)
    work.give()
  }

  var samples: [Sample] { settled.withLock { $0 } }
}
