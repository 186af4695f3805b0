import Basics
import StorageEngine
import Synchronization
import TestSupport
import Testing
import VectorIndex
import VectorStore
import Vocabulary
import Workloads

@testable import Harness

/// The bounds of recall while writing, against the truth at every search.
@Suite struct `Recall while writing` {
  @Test func `lies between its bounds at every query, the truth recomputed by brute force`() throws
  {
    let folder = try TemporaryDirectory("oracle")
    let crowd = try Crowd(
      storeAt: folder.file("store"), mix: "search=60,insert=8,upsert=20,delete=8,get=4")
    let logs = try crowd.work(operations: 2_000)
    var book = LifeBook()
    for (log, _) in logs { book.merge(log.lives) }
    let scorer = try RecallScorer(crowd.source, lives: book.lives())
    var (loose, wrong, scored) = (0, 0, 0)
    for (log, thread) in logs {
      #expect(log.errors == 0, "\(log.firstError ?? "")")
      let truths = crowd.target.truths.withLock { $0[thread] ?? [] }
      #expect(truths.count == log.observations.count)
      for (observation, truth) in zip(log.observations, truths) {
        let score = try #require(scorer.score(observation, k: crowd.settings.topK))
        #expect(score.lower <= truth + 1e-9, "query \(observation.query): \(score), \(truth)")
        #expect(score.upper >= truth - 1e-9, "query \(observation.query): \(score), \(truth)")
        scored += 1
        loose += score.lower < score.upper ? 1 : 0
        wrong += truth < 1 ? 1 : 0
      }
      for miss in log.missed {
        #expect(!scorer.wasThere(miss.id, from: miss.start, to: miss.end))
      }
    }
    // Neither the bounds nor the answers may be perfect, or nothing was tested.
    #expect(scored > 100 && loose > 0 && wrong > 0, "\(scored) scored, \(loose), \(wrong)")
  }

  @Test func `ids of a set that is deleted away are skipped, not invented`() throws {
    let folder = try TemporaryDirectory("emptied")
    let crowd = try Crowd(
      storeAt: folder.file("store"), mix: "search=10,upsert=20,delete=60,get=10", grows: true)
    let logs = try crowd.work(operations: 2_000)
    let skipped = logs.reduce(into: [OperationKind: Int]()) {
      $0.merge($1.0.skipped, uniquingKeysWith: +)
    }
    #expect(crowd.target.store.count == 0)
    for kind in [OperationKind.upsert, .delete, .get] { #expect((skipped[kind] ?? 0) > 0) }
    #expect(logs.allSatisfy { $0.0.errors == 0 })
    let scorer = try RecallScorer(
      crowd.source, lives: logs.reduce(into: LifeBook()) { $0.merge($1.0.lives) }.lives())
    let after = RecallScorer.Observation(
      query: 0, start: Clock.now(), end: Clock.now(), answers: [VectorID(3)])
    #expect(scorer.score(after, k: 10) == nil, "nothing is there to be found")
  }
}

/// Some workers on a store that tells the truth about every search.
private struct Crowd {
  let settings: WorkloadSettings
  let source: VectorSource
  let target: TruthfulTarget

  init(storeAt path: String, mix: String, grows: Bool = false) throws {
    var settings = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .clustered, rows: 400, dimensions: 16, metric: .cosine, queries: 50,
        querySource: .heldout, seed: 5))
    settings.mix = try OperationMix.parse(mix).mix
    settings.keys = .zipf(exponent: 0.8)
    settings.concurrency = 4
    settings.writeBatch = 5
    settings.ef = 10
    settings.m = 4
    settings.efConstruction = 8
    settings.maxLive = grows ? .grow : .constant
    self.settings = settings
    source = VectorSource(settings.dataset)
    var options = StoreOptions(index: settings.indexOptions)
    options.storage.durability = .none
    let store = try VectorStore.create(at: path, options: options)
    let ids = (0..<UInt64(settings.dataset.rows)).map { VectorID($0) }
    try store.upsert(ids: ids, vectors: source.rows(of: ids).span)
    target = TruthfulTarget(store, source, ids)
  }

  /// Each worker's log, with its thread; all operations are due at once.
  func work(operations: Int) throws -> [(WorkerLog, Int32)] {
    let phase = Worker.Phase(
      due: Array(repeating: 0, count: operations), isClosedLoop: false, seconds: 1, sampleEvery: 1,
      firstOperation: 0)
    let frame = PhaseFrame(workers: settings.concurrency)
    let keys = KeySpace(settings)
    let (settings, source, target) = (settings, source, target)
    let queries = (0..<settings.dataset.queries).map { source.query($0) }
    return try WorkerThreads.run(count: settings.concurrency, name: "crowd") { index in
      var worker = Worker(
        settings: settings, source: source, target: target, queries: queries, keys: keys,
        phase: phase,
        numbers: VectorNumbers(
          from: UInt64(settings.dataset.rows), worker: index, of: settings.concurrency,
          batch: settings.writeBatch))
      frame.begin(phase)
      worker.run()
      frame.end()
      return (worker.log, WorkerThreads.currentID())
    }
  }
}

/// The engine, one call at a time, beside a plain dictionary that is searched by brute force.
///
/// A caller waits its turn inside the call, so its search is under way while others write.
private final class TruthfulTarget: Target {
  let store: VectorStore
  private let source: VectorSource
  private let model: Mutex<[VectorID: [Float]]>
  /// The true recall of each search, by the thread that made it, in its order.
  let truths = Mutex<[Int32: [Double]]>([:])

  init(_ store: VectorStore, _ source: VectorSource, _ ids: [VectorID]) {
    self.store = store
    self.source = source
    let rows = ids.map { ($0, source.vector(of: $0)) }
    model = Mutex(Dictionary(uniqueKeysWithValues: rows))
  }

  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor] {
    let (answers, truth) = try model.withLock { model in
      let answers = try store.search(query, k: k, ef: ef)
      return (answers, Self.recall(of: answers, query, k, model))
    }
    truths.withLock { $0[WorkerThreads.currentID(), default: []].append(truth) }
    return answers
  }

  private static func recall(
    of answers: [Neighbor], _ query: Span<Float>, _ k: Int, _ model: [VectorID: [Float]]
  ) -> Double {
    func distance(_ vector: [Float]) -> Double {
      1 - vector.indices.reduce(0) { $0 + Double(vector[$1]) * Double(query[$1]) }
    }
    let all = model.values.map(distance).sorted()
    if all.isEmpty { return 1 }
    // As near as the scorer calls as near: what lies closer together than that happens by chance.
    let last = all[min(k, all.count) - 1]
    let bar = last + max(1e-6, last * 1e-5)
    let right = answers.count { answer in
      model[answer.id].map { distance($0) <= bar } ?? false
    }
    return Double(right) / Double(min(k, all.count))
  }

  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    try write(ids, vectors, as: .insert)
  }

  func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    try write(ids, vectors, as: .upsert)
  }

  private func write(_ ids: [VectorID], _ vectors: Span<Float>, as kind: OperationKind) throws {
    try model.withLock { model in
      try store.upsert(ids: ids, vectors: vectors, as: kind)
      let width = source.spec.dimensions
      for (row, id) in ids.enumerated() {
        model[id] = (0..<width).map { vectors[row * width + $0] }
      }
    }
  }

  func delete(_ ids: [VectorID]) throws {
    try model.withLock { model in
      let removed = try store.delete(ids: ids)
      #expect(removed == ids.count, "every key that is deleted is there")
      for id in ids { model[id] = nil }
    }
  }

  func get(_ id: VectorID) throws -> Bool { store.get(id) != nil }
}
