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
    let target = settings.target.make(store)
    var sequences = (0..<settings.concurrency).map {
      WriteSequence(worker: $0, of: settings.concurrency, preloaded: settings.dataset.rows)
    }
    let warm = phase(seconds: settings.warmSeconds, due: [], first: 1 << 40)
    let warmed = try execute("warm", warm, target, &sequences, &outcome, isMeasured: false)
    if !plan.isCalibration {
      try measure(target, &sequences, warmed, &outcome, store)
    }
    let capacity = phase(seconds: settings.capacitySeconds, due: [], first: 1 << 41)
    let begun = Clock.now()
    let full = try execute("capacity", capacity, target, &sequences, &outcome, isMeasured: false)
    outcome.capacity = Double(full.arrivals) / (Double(Clock.now() - begun) / 1e9)
    outcome.storeRows = store.count
    let closing = Clock.now()
    try store.close()
    note("close", closing, &outcome)
    try write(outcome)
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

  private func phase(seconds: Double, due: [UInt64], first: Int, samples: Int = 0) -> Worker.Phase {
    let searches = Double(due.count) * settings.readRatio
    // A closed loop does not know how many there will be; every hundredth is kept, some dropped.
    let every = samples == 0 ? 0 : due.isEmpty ? 97 : max(1, Int(searches) / samples)
    return Worker.Phase(
      due: due, seconds: seconds, sampleEvery: every, firstOperation: first,
      liveRows: settings.dataset.rows)
  }

  private func measure(
    _ target: any Target, _ sequences: inout [WriteSequence], _ warmed: WorkerLog,
    _ outcome: inout TrialOutcome, _ store: VectorStore
  ) throws {
    let seed = settings.dataset.seed &+ UInt64(plan.number)
    let due =
      settings.arrival == .closed
      ? []
      : ArrivalSchedule.dueTimes(
        settings.arrival, rate: settings.rate ?? 1, seconds: settings.measuredSeconds, seed: seed)
    // Each trial has its own stretch of the operation stream.
    let phase = phase(
      seconds: settings.measuredSeconds, due: due, first: plan.number * 10_000_000,
      samples: settings.recallSamples)
    let before = store.statistics().log
    let log = try execute("measure", phase, target, &sequences, &outcome, isMeasured: true)
    let after = store.statistics().log
    outcome.walBytes = after.bytes - before.bytes
    outcome.commits = after.commits - before.commits
    outcome.syncs = after.syncs - before.syncs
    outcome.arrivals = log.arrivals
    outcome.trial.operations = Dictionary(
      uniqueKeysWithValues: log.operations.map { ($0.key.rawValue, $0.value) })
    outcome.trial.vectorsWritten = log.vectorsWritten
    outcome.trial.errors = log.errors
    outcome.errors = log.firstError
    outcome.engineCPUSeconds = Dictionary(
      uniqueKeysWithValues: log.engineCPU.map { ($0.key.rawValue, Double($0.value) / 1e9) })
    outcome.generatorLagP99 = Double(log.generatorLag.percentile(99)) / 1e9
    outcome.lateBatches = log.lateBatches
    outcome.seconds = log.seconds
    if phase.isOverBudget.load(ordering: .relaxed) {
      outcome.notes.append("The run stopped at its budget of \(settings.rowBudget) rows.")
    }
    try writeLatencies(log, outcome)
    var history = warmed
    history.merge(log)
    try score(log.observations, Array(history.lives.values), &outcome)
  }

  /// Runs one phase with all workers; its CPU and the gate belong to the measured one only.
  private func execute(
    _ name: String, _ phase: Worker.Phase, _ target: any Target,
    _ sequences: inout [WriteSequence], _ outcome: inout TrialOutcome, isMeasured: Bool
  ) throws -> WorkerLog {
    let frame = PhaseFrame(
      workers: settings.concurrency,
      gate: isMeasured ? MeasuredGate(watcher: gate, target: target) : nil)
    let batches = preparedBatches(phase)
    let (settings, source, queries) = (settings, source, queries)
    let begun = sequences
    let finished = try WorkerThreads.run(count: settings.concurrency, name: "client") { index in
      ThreadTimers.makeExact()
      var worker = Worker(
        settings: settings, source: source, target: target, queries: queries, phase: phase,
        sequence: begun[index])
      worker.prepare(batches)
      frame.begin(phase)
      worker.run()
      frame.end()
      return (worker.log, worker.sequence)
    }
    sequences = finished.map(\.1)
    outcome.phases.append(
      RunRecord.Phase(
        name: name, trial: plan.number, startNanoseconds: frame.interval.start,
        endNanoseconds: frame.interval.end))
    if isMeasured {
      frame.describe(&outcome)
      outcome.events = events.between(frame.interval.start, frame.interval.end)
    }
    return finished.dropFirst().reduce(into: finished[0].0) { $0.merge($1.0) }
  }

  /// Enough for every worker even if the writes fall unevenly, so that none is made in the window.
  private func preparedBatches(_ phase: Worker.Phase) -> Int {
    let writes = Double(phase.due.count) * (1 - settings.readRatio)
    let share = writes / Double(settings.concurrency)
    return Int(share + 4 * share.squareRoot()) + 2
  }

  private func note(_ name: String, _ start: UInt64, _ outcome: inout TrialOutcome) {
    outcome.phases.append(
      RunRecord.Phase(
        name: name, trial: plan.number, startNanoseconds: start, endNanoseconds: Clock.now()))
  }

  // MARK: - After the window

  private func score(
    _ observations: [RecallScorer.Observation], _ lives: [RecallScorer.Life],
    _ outcome: inout TrialOutcome
  ) throws {
    let chosen =
      observations.count <= settings.recallSamples
      ? observations : Array(observations.prefix(settings.recallSamples))
    if chosen.isEmpty { return }
    let start = Clock.now()
    let scorer = RecallScorer(source, lives: lives)
    let k = settings.topK
    let threads = 2
    let parts = try WorkerThreads.run(count: threads, name: "score") { part in
      stride(from: part, to: chosen.count, by: threads).map { ($0, scorer.score(chosen[$0], k: k)) }
    }
    let scores = parts.flatMap(\.self).sorted { $0.0 < $1.0 }.map(\.1)
    outcome.recall = TrialOutcome.Recall(
      lower: Summary(scores.map(\.lower)).mean, upper: Summary(scores.map(\.upper)).mean,
      samples: scores.count)
    try writeRecall(chosen, scores)
    note("score", start, &outcome)
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
    var intervals = log.latencies.map { tag, histogram in
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
