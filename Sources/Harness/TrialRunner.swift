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

  package init(_ plan: TrialPlan, gate: any TrialGate) throws {
    self.plan = plan
    settings = plan.settings
    source = try VectorSource(opening: plan.settings.dataset)
    let made = source
    queries = (0..<plan.settings.dataset.queries).map { made.query($0) }
    self.gate = gate
  }

  /// Runs the trial and leaves its files in the plan's output folder.
  package func run() throws {
    var outcome = TrialOutcome(trial: RunRecord.Trial(number: plan.number, status: .complete))
    let store = try open(&outcome)
    let target = settings.target.make(store)
    var book = TrialBook(settings)
    if !plan.isCalibration { book.before = try ask(target) }
    try warmUp(target, &book, &outcome)
    if !plan.isCalibration { try measure(target, &book, &outcome, store) }
    if plan.spellSeconds > 0 { try repeatInSpells(target, &book, &outcome, store) }
    let capacity = phase(
      seconds: settings.capacitySeconds, due: nil, first: 1 << 41 + plan.number * 10_000_000)
    let frame = PhaseFrame(workers: settings.concurrency)
    let full = try execute("capacity", capacity, target, &book, &outcome, in: frame)
    outcome.capacity = Double(full.answered) / frame.seconds
    outcome.capacityCores = frame.cpuSeconds / frame.seconds
    outcome.storeRows = store.count
    if !plan.isCalibration { book.after = try ask(target) }
    let closing = Clock.now()
    try store.close()
    note("close", closing, &outcome)
    let files = TrialFiles(folder: plan.outputPath, trial: plan.number)
    try files.writeLatencies(book, outcome)
    if !plan.isCalibration {
      let scoring = Clock.now()
      try TrialScoring(settings: settings, source: source, files: files).score(book, &outcome)
      note("score", scoring, &outcome)
    }
    try source.check()
    try files.write(outcome)
  }

  /// Opens the store, cold where that is asked for, and writes down how long it took.
  private func open(_ outcome: inout TrialOutcome) throws -> VectorStore {
    if settings.pageCache == .dropped, !plan.isCalibration {
      outcome.coldStart = ColdStart.drop(plan.storePath)
    }
    let before = ProcessCounters.now()
    let opening = Clock.now()
    let store = try open()
    outcome.openSeconds = Double(Clock.now() - opening) / 1e9
    note("open", opening, &outcome)
    outcome.coldStart?.deviceBytes =
      ProcessCounters.now().since(before).values["read_bytes_device"]
    return store
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

  private func warmUp(
    _ target: any Target, _ book: inout TrialBook, _ outcome: inout TrialOutcome
  ) throws {
    let warm = phase(seconds: settings.warmSeconds, due: nil, first: 1 << 40)
    guard settings.findsSteadyState else {
      _ = try execute("warm", warm, target, &book, &outcome)
      return
    }
    let watch = WarmUpWatch(warm)
    let thread = try WorkerThreads.start(name: "warm-up") { watch.watch() }
    let frame = PhaseFrame(
      workers: settings.concurrency, whenBegun: watch.begin, whenClosed: watch.end)
    _ = try execute("warm", warm, target, &book, &outcome, in: frame)
    WorkerThreads.join(thread)
    outcome.warmUp = watch.found
  }

  /// Some queries of the pool, evenly spread, asked while nobody writes.
  private func ask(_ target: any Target) throws -> [RecallScorer.Observation] {
    let count = min(settings.churnSamples, queries.count)
    return try (0..<count).map { number in
      let query = number * queries.count / count
      let vector = queries[query]
      let start = Clock.now()
      let answers = try target.search(vector.span, k: settings.topK, ef: settings.ef)
      return RecallScorer.Observation(
        query: query, start: start, end: Clock.now(), answers: answers.map(\.id))
    }
  }

  /// The load that rises before the measured phase; nil when it begins at once.
  private func ramp() -> Worker.Phase? {
    let seconds = settings.rampSeconds
    if seconds == 0 { return nil }
    let isClosed = settings.arrival == .closed
    let due =
      isClosed
      ? []
      : ArrivalSchedule.ramp(
        settings.arrival, to: settings.rate ?? 1, seconds: seconds,
        seed: settings.dataset.seed &+ UInt64(plan.number))
    return Worker.Phase(
      due: due, isClosedLoop: isClosed, seconds: seconds, sampleEvery: 0,
      firstOperation: 1 << 42 + plan.number * 10_000_000, isStaggered: isClosed)
  }

  /// Without due times it is a closed loop.
  private func phase(
    seconds: Double, due: [UInt64]?, first: Int, samples: Int = 0, keepsSearches: Bool = false
  ) -> Worker.Phase {
    let searches = Double(due?.count ?? 0) * settings.share(of: .search)
    // A closed loop does not know how many there will be; every hundredth is kept, some dropped.
    let every = samples == 0 ? 0 : due == nil ? 97 : max(1, Int(searches) / samples)
    let inserts = Double(due?.count ?? 0) * settings.share(of: .insert)
    let lagEvery = due == nil ? 97 : max(1, Int(inserts) / max(1, settings.lagSamples))
    return Worker.Phase(
      due: due ?? [], isClosedLoop: due == nil, seconds: seconds, sampleEvery: every,
      firstOperation: first, keepsSearches: keepsSearches,
      lagEvery: samples == 0 || settings.lagSamples == 0 ? 0 : lagEvery)
  }

  private func measure(
    _ target: any Target, _ book: inout TrialBook, _ outcome: inout TrialOutcome,
    _ store: VectorStore
  ) throws {
    // Each trial has its own stretch of the operation stream.
    let phase = phase(
      seconds: settings.measuredSeconds, due: dueTimes(settings.measuredSeconds, stream: 0),
      first: plan.number * 10_000_000, samples: settings.recallSamples)
    let watch = MeasuredPhaseWatch(phase, target, settings)
    let before = Mutex(store.statistics())
    let after = Mutex(store.statistics())
    let frame = PhaseFrame(
      workers: settings.concurrency,
      whenOpened: { [gate] in
        gate.measurementWillBegin()
        target.measurementBegins()
        before.withLock { $0 = store.statistics() }
      }, whenBegun: watch.begin,
      whenClosed: { [gate] in
        watch.end()
        after.withLock { $0 = store.statistics() }
        gate.measurementDidEnd()
      })
    try watch.start()
    let log = try execute(
      "measure", phase, target, &book, &outcome, in: frame, behind: ramp(), watch.lag)
    watch.join()
    frame.describe(&outcome)
    outcome.events = events.between(frame.interval.start, frame.interval.end)
    describe(before.withLock { $0.index }, after.withLock { $0.index }, &outcome)
    let (earlier, later) = (before.withLock { $0.log }, after.withLock { $0.log })
    outcome.walBytes = later.bytes - earlier.bytes
    outcome.commits = later.commits - earlier.commits
    outcome.syncs = later.syncs - earlier.syncs
    book.syncTimes = later.syncTimes.map { $0.since(earlier.syncTimes ?? LatencyHistogram()) }
    outcome.concurrency = watch.gauge.reading
    outcome.expectedConcurrency =
      Double(log.responseNanoseconds) / Double(frame.interval.end - frame.interval.start)
    outcome.liveAfter = book.keys.count
    outcome.liveBefore =
      outcome.liveAfter - (log.vectors[.insert] ?? 0) + (log.vectors[.delete] ?? 0)
    book.lags = watch.lag.samples
    describe(log, &outcome)
    if phase.isEnough.load(ordering: .relaxed), phase.left > 0 { outcome.neverBegun = phase.left }
    if phase.isOverBudget.load(ordering: .relaxed) {
      outcome.notes.append("The run stopped at its budget of \(settings.rowBudget) rows.")
    }
    book.measured = log
    book.observations = log.observations
    book.missed = log.missed
  }

  /// The measured phase once more, under a watcher that goes on and off.
  ///
  /// It stands behind the measured one, because a watcher that looks away loses what it looked at:
  /// a wait that began before has no end.
  private func repeatInSpells(
    _ target: any Target, _ book: inout TrialBook, _ outcome: inout TrialOutcome,
    _ store: VectorStore
  ) throws {
    let phase = phase(
      seconds: plan.spellSeconds, due: dueTimes(plan.spellSeconds, stream: 1 << 32),
      first: plan.number * 10_000_000 + 5_000_000, keepsSearches: true)
    let meter = store.meter
    let frame = PhaseFrame(
      workers: settings.concurrency, whenOpened: { [gate] in gate.spellsWillBegin(meter) },
      whenClosed: gate.spellsDidEnd)
    outcome.spellSearches = try execute("spells", phase, target, &book, &outcome, in: frame)
      .searches
  }

  private func describe(_ log: WorkerLog, _ outcome: inout TrialOutcome) {
    func named<Value>(_ values: [OperationKind: Value]) -> [String: Value] {
      Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }
    outcome.arrivals = log.answered
    outcome.trial.operations = named(log.operations)
    outcome.trial.vectorsWritten = log.vectorsWritten
    outcome.vectors = named(log.vectors)
    outcome.skipped = named(log.skipped)
    outcome.trial.errors = log.errors
    outcome.errors = log.firstError
    outcome.parts = named(log.parts)
    outcome.engineCPUSeconds = named(log.engineCPU.mapValues { Double($0) / 1e9 })
    outcome.generatorLagP50 = Double(log.generatorLag.percentile(50)) / 1e9
    outcome.generatorLagP99 = Double(log.generatorLag.percentile(99)) / 1e9
    outcome.lateBatches = log.lateBatches
    outcome.seconds = log.seconds
  }

  private func describe(
    _ before: IndexStatistics, _ after: IndexStatistics, _ outcome: inout TrialOutcome
  ) {
    for kind in GraphWork.Kind.allCases {
      let work = after.work(kind).since(before.work(kind))
      if work.operations > 0 { outcome.work[kind.rawValue] = work }
    }
  }

  /// Nil in a closed loop.
  private func dueTimes(_ seconds: Double, stream: UInt64) -> [UInt64]? {
    if settings.arrival == .closed { return nil }
    return ArrivalSchedule.dueTimes(
      settings.arrival, rate: settings.rate ?? 1, seconds: seconds,
      seed: settings.dataset.seed &+ UInt64(plan.number) &+ stream)
  }

  /// Runs one phase with all workers, behind another whose measurements are forgotten.
  private func execute(
    _ name: String, _ phase: Worker.Phase, _ target: any Target, _ book: inout TrialBook,
    _ outcome: inout TrialOutcome, in frame: PhaseFrame? = nil, behind ramp: Worker.Phase? = nil,
    _ lag: SearchableLag? = nil
  ) throws -> WorkerLog {
    let count = settings.concurrency
    let frame = frame ?? PhaseFrame(workers: count)
    let rampFrame = ramp.map { _ in PhaseFrame(workers: count) }
    let batches = preparedBatches(phase) + (ramp.map(preparedBatches) ?? 0)
    let (settings, source, queries) = (settings, source, queries)
    let (keys, free) = (book.keys, book.freeNumber)
    let finished = try WorkerThreads.run(count: count, name: "client") { index in
      ThreadTimers.makeExact()
      var worker = Worker(
        settings: settings, source: source, target: target, queries: queries, keys: keys,
        phase: ramp ?? phase,
        numbers: VectorNumbers(
          from: free, worker: index, of: count, batch: settings.writeBatch), lag: lag)
      worker.prepare(batches)
      if let ramp, let rampFrame {
        rampFrame.begin(ramp)
        worker.run(index, of: count)
        rampFrame.end()
        worker.go(to: phase)
      }
      frame.begin(phase)
      worker.run(index, of: count)
      frame.end()
      return (worker.log, worker.numbers)
    }
    book.freeNumber = VectorNumbers.end(of: finished.map(\.1))
    if let rampFrame { note("ramp", rampFrame.interval, &outcome) }
    note(name, frame.interval, &outcome)
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
    note(name, (start, Clock.now()), &outcome)
  }

  private func note(
    _ name: String, _ interval: (start: UInt64, end: UInt64), _ outcome: inout TrialOutcome
  ) {
    outcome.phases.append(
      RunRecord.Phase(
        name: name, trial: plan.number, startNanoseconds: interval.start,
        endNanoseconds: interval.end))
  }
}
