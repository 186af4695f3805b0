import Basics
import FoundationEssentials
import Measurement
import RunRecords
import StorageEngine
import Synchronization
import VectorIndex
import VectorStore
import Vocabulary
import Workloads

/// One trial, in the process made for it: open, warm up, measure, find the capacity, score, close.
package struct TrialRunner {
  private let plan: TrialPlan
  private let settings: WorkloadSettings
  private let source: VectorSource
  private let queries: [[Float]]
  private let gate: any TrialGate
  private let events = EventLog()

  package init(_ plan: TrialPlan, gate: any TrialGate) {
    self.plan = plan
    settings = plan.settings
    source = VectorSource(plan.settings.dataset)
    let made = source
    queries = (0..<plan.settings.dataset.queries).map { made.query($0) }
    self.gate = gate
  }

  /// Runs the trial and leaves its files in the plan's output folder.
  package func run() throws {
    var outcome = TrialOutcome(trial: RunRecord.Trial(number: plan.number, status: .complete))
    let opening = Clock.now()
    let store = try open()
    note("open", opening, &outcome)
    outcome.openSeconds = Double(Clock.now() - opening) / 1e9
    let target = EmbeddedTarget(store)
    var book = Bookkeeping(settings)
    let warm = phase(seconds: settings.warmSeconds, due: nil, first: 1 << 40)
    _ = try execute("warm", warm, target, &book, &outcome)
    if !plan.isCalibration { try measure(target, &book, &outcome, store) }
    let capacity = phase(seconds: settings.capacitySeconds, due: nil, first: 1 << 41)
    let begun = Clock.now()
    let full = try execute("capacity", capacity, target, &book, &outcome)
    outcome.capacity = Double(full.arrivals) / (Double(Clock.now() - begun) / 1e9)
    outcome.storeRows = store.count
    let closing = Clock.now()
    try store.close()
    note("close", closing, &outcome)
    try score(book, &outcome)
    try write(outcome)
  }

  /// What goes on from phase to phase.
  private struct Bookkeeping {
    let keys: KeySpace
    /// From here on no number of a vector is taken.
    var freeNumber: UInt64
    var lives = LifeBook()
    var observations: [RecallScorer.Observation] = []
    var missed: [WorkerLog.Missed] = []

    init(_ settings: WorkloadSettings) {
      keys = KeySpace(settings)
      freeNumber = UInt64(settings.dataset.rows)
    }
  }

  private func open() throws -> VectorStore {
    try VectorStore.open(
      at: plan.storePath,
      overriding: { options in
        options.index.kernel = settings.kernel
        options.index.scratch = settings.scratch
        options.index.visited = settings.visited
        options.storage.durability = settings.durability
        options.storage.groupCommit = settings.groupCommit
      }, announce: { [events] in events.hear($0) })
  }

  // MARK: - Phases

  /// Without due times it is a closed loop.
  private func phase(
    seconds: Double, due: [UInt64]?, first: Int, samples: Int = 0, keepsSearches: Bool = false
  ) -> Worker.Phase {
    let searches = Double(due?.count ?? 0) * settings.share(of: .search)
    // A closed loop does not know how many there will be; every hundredth is kept, some dropped.
    let every = samples == 0 ? 0 : due == nil ? 97 : max(1, Int(searches) / samples)
    return Worker.Phase(
      due: due ?? [], isClosedLoop: due == nil, seconds: seconds, sampleEvery: every,
      firstOperation: first, keepsSearches: keepsSearches)
  }

  private func measure(
    _ target: EmbeddedTarget, _ book: inout Bookkeeping, _ outcome: inout TrialOutcome,
    _ store: VectorStore
  ) throws {
    // Each trial has its own stretch of the operation stream.
    let phase = phase(
      seconds: settings.measuredSeconds, due: dueTimes(settings.measuredSeconds, stream: 0),
      first: plan.number * 10_000_000, samples: settings.recallSamples)
    let before = store.statistics().log
    let frame = PhaseFrame(
      workers: settings.concurrency, whenOpened: gate.measurementWillBegin,
      whenClosed: gate.measurementDidEnd)
    outcome.liveBefore = book.keys.count
    let log = try execute("measure", phase, target, &book, &outcome, in: frame)
    outcome.liveAfter = book.keys.count
    frame.describe(&outcome)
    outcome.events = events.between(frame.interval.start, frame.interval.end)
    let after = store.statistics().log
    outcome.walBytes = after.bytes - before.bytes
    outcome.commits = after.commits - before.commits
    outcome.syncs = after.syncs - before.syncs
    describe(log, &outcome)
    if phase.isOverBudget.load(ordering: .relaxed) {
      outcome.notes.append("The run stopped at its budget of \(settings.rowBudget) rows.")
    }
    try writeLatencies(log, outcome)
    book.observations = log.observations
    book.missed = log.missed
  }

  private func describe(_ log: WorkerLog, _ outcome: inout TrialOutcome) {
    func named<Value>(_ values: [OperationKind: Value]) -> [String: Value] {
      Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }
    outcome.arrivals = log.arrivals
    outcome.trial.operations = named(log.operations)
    outcome.trial.vectorsWritten = log.vectorsWritten
    outcome.vectors = named(log.vectors)
    outcome.skipped = named(log.skipped)
    outcome.trial.errors = log.errors
    outcome.errors = log.firstError
    outcome.engineCPUSeconds = named(log.engineCPU.mapValues { Double($0) / 1e9 })
    outcome.generatorLagP99 = Double(log.generatorLag.percentile(99)) / 1e9
    outcome.lateBatches = log.lateBatches
    outcome.seconds = log.seconds
  }

  /// Nil in a closed loop.
  private func dueTimes(_ seconds: Double, stream: UInt64) -> [UInt64]? {
    if settings.arrival == .closed { return nil }
    return ArrivalSchedule.dueTimes(
      settings.arrival, rate: settings.rate ?? 1, seconds: seconds,
      seed: settings.dataset.seed &+ UInt64(plan.number) &+ stream)
  }

  /// Runs one phase with all workers.
  private func execute(
    _ name: String, _ phase: Worker.Phase, _ target: EmbeddedTarget, _ book: inout Bookkeeping,
    _ outcome: inout TrialOutcome, in frame: PhaseFrame? = nil
  ) throws -> WorkerLog {
    let frame = frame ?? PhaseFrame(workers: settings.concurrency)
    let batches = preparedBatches(phase)
    let (settings, source, queries) = (settings, source, queries)
    let (keys, free) = (book.keys, book.freeNumber)
    let finished = try WorkerThreads.run(count: settings.concurrency, name: "client") { index in
      ThreadTimers.makeExact()
      var worker = Worker(
        settings: settings, source: source, target: target, queries: queries, keys: keys,
        phase: phase,
        numbers: VectorNumbers(
          from: free, worker: index, of: settings.concurrency, batch: settings.writeBatch))
      worker.prepare(batches)
      frame.begin(phase)
      worker.run()
      frame.end()
      return (worker.log, worker.numbers)
    }
    book.freeNumber = VectorNumbers.end(of: finished.map(\.1))
    outcome.phases.append(
      RunRecord.Phase(
        name: name, trial: plan.number, startNanoseconds: frame.interval.start,
        endNanoseconds: frame.interval.end))
    let log = finished.dropFirst().reduce(into: finished[0].0) { $0.merge($1.0) }
    book.lives.merge(log.lives)
    return log
  }

  /// Memory for batches made ahead of time, by all workers together.
  private static let preparedBytesMax = 1 << 30

  /// Enough for every worker even if the writes fall unevenly, so that none is made in the window.
  private func preparedBatches(_ phase: Worker.Phase) -> Int {
    let plan = settings.plan
    let writes = Double(phase.due.count) * plan.mix.vectorShare(constantSet: plan.keepsSize)
    let share = writes / Double(settings.concurrency)
    let batchBytes = settings.writeBatch * settings.dataset.dimensions * 4
    let room = Self.preparedBytesMax / max(1, batchBytes * settings.concurrency)
    return min(Int(share + 4 * share.squareRoot()), room) + 2
  }

  private func note(_ name: String, _ start: UInt64, _ outcome: inout TrialOutcome) {
    outcome.phases.append(
      RunRecord.Phase(
        name: name, trial: plan.number, startNanoseconds: start, endNanoseconds: Clock.now()))
  }

  // MARK: - After the window

  private func score(_ book: Bookkeeping, _ outcome: inout TrialOutcome) throws {
    let chosen = Array(book.observations.prefix(settings.recallSamples))
    if chosen.isEmpty, book.missed.isEmpty { return }
    let start = Clock.now()
    let scorer = RecallScorer(source, lives: book.lives.lives())
    outcome.lostGets =
      book.missed.count { scorer.wasThere($0.id, from: $0.start, to: $0.end) }
    let scored = try scores(chosen, scorer)
    note("score", start, &outcome)
    if scored.isEmpty { return }
    outcome.recall = TrialOutcome.Recall(
      lower: Summary(scored.map(\.1.lower)).mean, upper: Summary(scored.map(\.1.upper)).mean,
      samples: scored.count)
    try writeRecall(scored.map(\.0), scored.map(\.1))
  }

  /// What could be scored, in order.
  private func scores(
    _ chosen: [RecallScorer.Observation], _ scorer: RecallScorer
  ) throws -> [(RecallScorer.Observation, RecallScorer.Score)] {
    let (k, threads) = (settings.topK, 2)
    let parts = try WorkerThreads.run(count: threads, name: "score") { part in
      stride(from: part, to: chosen.count, by: threads).map { ($0, scorer.score(chosen[$0], k: k)) }
    }
    return parts.flatMap(\.self).sorted { $0.0 < $1.0 }.compactMap { index, score in
      score.map { (chosen[index], $0) }
    }
  }

  private func writeRecall(
    _ observations: [RecallScorer.Observation], _ scores: [RecallScorer.Score]
  ) throws {
    let lines = zip(observations, scores).map { observation, score in
      "{\"trial\":\(plan.number),\"query\":\(observation.query),\"start_ns\":\(observation.start),"
        + "\"end_ns\":\(observation.end),\"lower\":\(score.lower),\"upper\":\(score.upper)}\n"
    }
    try FileSystem.replace(
      "\(plan.outputPath)/recall.jsonl", with: Array(lines.joined().utf8))
  }

  private func writeLatencies(_ log: WorkerLog, _ outcome: TrialOutcome) throws {
    let window = outcome.phases.first { $0.name == "measure" }
    var intervals = log.allLatencies().map { tag, histogram in
      HistogramLog.Interval(
        tag: tag.name, start: 0, duration: window?.seconds ?? 0, histogram: histogram)
    }
    intervals.append(
      HistogramLog.Interval(
        tag: "generator.lag", start: 0, duration: window?.seconds ?? 0,
        histogram: log.generatorLag))
    let text = HistogramLog.text(
      startEpochSeconds: Double(Clock.wall()) / 1e9, intervals.sorted { $0.tag < $1.tag })
    try FileSystem.replace("\(plan.outputPath)/latency.hlog", with: Array(text.utf8))
  }

  private func write(_ outcome: TrialOutcome) throws {
    let data = try JSONEncoder().encode(outcome)
    try FileSystem.replace("\(plan.outputPath)/outcome.json", with: Array(data))
  }
}
