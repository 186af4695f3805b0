import Basics
import Measurement
import Synchronization
import Vocabulary
import Workloads

/// One client thread: takes the next operation, waits until it is due, executes it, writes it down.
///
/// Nothing is generated, allocated for the workload's sake or locked between an operation's due
/// time and its end; batches are prepared before the phase begins.
struct Worker {
  let settings: WorkloadSettings
  let source: VectorSource
  let target: any Target
  let queries: [[Float]]
  let phase: Phase
  var sequence: WriteSequence
  private var prepared: [Batch] = []
  private(set) var log = WorkerLog()

  /// What the workers of a phase share.
  final class Phase: Sendable {
    let due: [UInt64]
    let seconds: Double
    /// Every n-th search is kept for the oracle; zero keeps none.
    let sampleEvery: Int
    let firstOperation: Int
    let next = Atomic<Int>(0)
    let start = Atomic<UInt64>(0)
    /// Whether the moment of each search is wanted.
    let keepsSearches: Bool
    let liveRows: Atomic<Int>
    let isOverBudget = Atomic<Bool>(false)

    init(
      due: [UInt64], seconds: Double, sampleEvery: Int, firstOperation: Int, liveRows: Int,
      keepsSearches: Bool = false
    ) {
      self.due = due
      self.seconds = seconds
      self.sampleEvery = sampleEvery
      self.firstOperation = firstOperation
      self.liveRows = Atomic(liveRows)
      self.keepsSearches = keepsSearches
    }

    var isClosedLoop: Bool { due.isEmpty }
  }

  private struct Batch {
    let ids: [VectorID]
    let vectors: [Float]
  }

  init(
    settings: WorkloadSettings, source: VectorSource, target: any Target, queries: [[Float]],
    phase: Phase, sequence: WriteSequence
  ) {
    self.settings = settings
    self.source = source
    self.target = target
    self.queries = queries
    self.phase = phase
    self.sequence = sequence
    log.keepsSearches = phase.keepsSearches
  }

  /// Makes batches ahead of time, newest last.
  mutating func prepare(_ count: Int) {
    for _ in 0..<count { prepared.append(makeBatch()) }
    prepared.reverse()
  }

  private mutating func makeBatch() -> Batch {
    let ids = sequence.insert(settings.writeBatch)
    return Batch(ids: ids, vectors: source.rows(of: ids))
  }

  mutating func run() {
    let schedule = ThreadSchedule()
    let start = phase.start.load(ordering: .acquiring)
    let end = start + UInt64(phase.seconds * 1e9)
    while true {
      let number = phase.next.add(1, ordering: .relaxed).oldValue
      var due: UInt64 = 0
      if phase.isClosedLoop {
        due = Clock.now()
        if due >= end { break }
      } else {
        guard number < phase.due.count else { break }
        due = start + phase.due[number]
        waitUntil(due, schedule)
      }
      if phase.isOverBudget.load(ordering: .relaxed) { break }
      execute(settings.plan.operation(phase.firstOperation + number), number, due, start)
      log.arrivals += 1
    }
  }

  private mutating func waitUntil(_ due: UInt64, _ schedule: borrowing ThreadSchedule) {
    if Clock.now() >= due { return }
    let before = schedule.waitedForCore()
    Waits.timed(.sleep, "arrival") { Clock.sleep(until: due) }
    // Only a worker that was free in time says something about the generator, and what it waited
    // for a core while the engine had them all is the engine's doing.
    let late = Clock.now() - due
    let withoutCore = schedule.waitedForCore() &- before
    log.generatorLag.record(late > withoutCore ? late - withoutCore : 0)
  }

  private mutating func execute(
    _ operation: OperationPlan.Operation, _ number: Int, _ due: UInt64, _ phaseStart: UInt64
  ) {
    switch operation {
    case .search(let query): search(query, number, due, phaseStart)
    case .write: write(due, phaseStart)
    }
  }

  private mutating func search(_ query: Int, _ number: Int, _ due: UInt64, _ phaseStart: UInt64) {
    let cpu = Clock.threadCPU()
    let start = Clock.now()
    let vector = queries[query]
    do {
      let answers = try target.search(vector.span, k: settings.topK, ef: settings.ef)
      let end = Clock.now()
      log.record(.search, due: due, start: start, end: end, phaseStart: phaseStart)
      log.engineCPU[.search, default: 0] += Clock.threadCPU() - cpu
      if phase.sampleEvery > 0, number % phase.sampleEvery == 0 {
        log.observations.append(
          RecallScorer.Observation(
            query: query, start: start, end: end, answers: answers.map(\.id)))
      }
    } catch { fail(.search, error, due, start, phaseStart) }
  }

  private mutating func write(_ due: UInt64, _ phaseStart: UInt64) {
    if prepared.isEmpty {
      prepared.append(makeBatch())
      log.lateBatches += 1
    }
    let batch = prepared.removeLast()
    let vectors = batch.vectors
    let inserted = timed(.insert, due, phaseStart) { target throws in
      try target.insert(batch.ids, vectors.span)
    }
    guard let inserted else { return }
    log.vectorsWritten += batch.ids.count
    for id in batch.ids {
      log.lives[id] = RecallScorer.Life(
        id: id, insertStart: inserted.start, insertEnd: inserted.end)
    }
    if settings.maxLive == .grow {
      let rows = phase.liveRows.add(batch.ids.count, ordering: .relaxed).newValue
      if rows >= settings.rowBudget { phase.isOverBudget.store(true, ordering: .relaxed) }
    } else {
      removeOldest(phaseStart)
    }
  }

  private mutating func removeOldest(_ phaseStart: UInt64) {
    let ids = sequence.delete(settings.writeBatch)
    if ids.isEmpty { return }
    let removed = timed(.delete, nil, phaseStart) { target throws in try target.delete(ids) }
    guard let removed else { return }
    for id in ids {
      var life = log.lives[id] ?? RecallScorer.Life(id: id)
      life.deleteStart = removed.start
      life.deleteEnd = removed.end
      log.lives[id] = life
    }
  }

  /// Runs one engine call and writes it down; nil when it failed.
  private mutating func timed(
    _ kind: OperationKind, _ due: UInt64?, _ phaseStart: UInt64,
    _ call: (any Target) throws -> Void
  ) -> (start: UInt64, end: UInt64)? {
    let cpu = Clock.threadCPU()
    let start = Clock.now()
    do {
      try call(target)
      let end = Clock.now()
      log.record(kind, due: due ?? start, start: start, end: end, phaseStart: phaseStart)
      log.engineCPU[kind, default: 0] += Clock.threadCPU() - cpu
      return (start, end)
    } catch {
      fail(kind, error, due ?? start, start, phaseStart)
      return nil
    }
  }

  /// An error took its time too; it is counted, and its latency is not hidden.
  private mutating func fail(
    _ kind: OperationKind, _ error: any Error, _ due: UInt64, _ start: UInt64, _ phaseStart: UInt64
  ) {
    log.record(kind, due: due, start: start, end: Clock.now(), phaseStart: phaseStart)
    log.errors += 1
    log.firstError = log.firstError ?? "\(error)"
  }
}
