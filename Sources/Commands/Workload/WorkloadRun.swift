import Basics
import Comparison
import Harness
import Measurement
import RunRecords
import Sampling
import StorageEngine
import VectorStore
import Vocabulary
import Workloads

/// One workload command from load to run directory.
struct WorkloadRun {
  let name: String
  let invocation: Invocation
  let reader: SettingsReader
  let progress: Progress

  private let profiler: TrialProfiler
  private let startedWall = Clock.wall()
  private let started = Clock.now()

  init(_ name: String, _ invocation: Invocation, notes: [String] = []) throws {
    self.name = name
    self.invocation = invocation
    reader = try SettingsReader(invocation, command: name, notes: notes)
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    profiler = TrialProfiler(
      kinds: invocation.list("profile")?.compactMap(ProfileKind.init(rawValue:)),
      hertz: invocation.count("hz"), heapMean: invocation.count("heap-mean"))
  }

  /// Runs it all and returns where the run lies, with its record.
  func execute() throws -> (path: String, record: RunRecord) {
    Interrupts.startCounting()
    let out = invocation.text("out") ?? "Profiles"
    let writer: RunWriterBox
    do {
      writer = RunWriterBox(
        try RunWriter.begin(
          in: out, label: invocation.text("label"), startedAtWallNanoseconds: startedWall,
          processID: OwnProgram.processID))
    } catch { throw Failure(.failed, "\(error)") }
    let parent = invocation.text("store-dir") ?? out
    try checkRoom(parent)
    let work = try WorkFolder(beside: parent)
    defer { progress.end() }
    let outcome = Result { try measure(in: work.path, writer) }
    work.remove()
    let record = try outcome.get()
    return (try finish(writer, record, parent), record)
  }

  // MARK: - Steps

  private func measure(in work: String, _ writer: RunWriterBox) throws -> RunRecord {
    var settings = reader.settings
    var phases: [RunRecord.Phase] = []
    let loaded = "\(work)/loaded"
    let load = try load(settings, loaded, &phases)
    if settings.arrival != .closed, settings.rate == nil {
      settings.rate = try calibrate(settings, loaded, work, &phases)
    }
    var finished: [TrialMerge.Finished] = []
    var recall: [UInt8] = []
    var kept: [RunRecord.Trial] = []
    var failed: [RunRecord.Trial] = []
    var status = RunRecord.Status.complete
    for number in 1...settings.trials {
      let share = Double(number - 1) / Double(settings.trials)
      progress.begin(
        "Trial \(number) of \(settings.trials)", fraction: 0.3 + 0.7 * share)
      do {
        let (trial, quality) = try trial(number, settings, loaded, work, writer, &recall)
        finished.append(trial)
        var entry = trial.outcome.trial
        entry.sampling = quality
        entry.cpuSecondsByRole = Self.cpuByRole(trial.outcome)
        kept.append(entry)
      } catch is TrialProcess.Interrupted {
        status = .interrupted
        break
      } catch let failure as Failure {
        failed.append(
          RunRecord.Trial(number: number, status: .failed, problem: failure.sentence))
        progress.say(failure.sentence)
      }
    }
    if finished.isEmpty, status != .interrupted {
      throw Failure(.failed, failed.first?.problem ?? "No trial came to its end.")
    }
    return try record(
      settings, load, finished, kept + failed, phases, status, recall, writer)
  }

  private func load(
    _ settings: WorkloadSettings, _ path: String, _ phases: inout [RunRecord.Phase]
  ) throws -> LoadPhase.Outcome {
    progress.begin("Loading \(NumberText.count(settings.dataset.rows)) rows", fraction: 0.01)
    let start = Clock.now()
    let progress = progress
    let outcome: LoadPhase.Outcome
    do {
      outcome = try LoadPhase.run(settings, at: path, threads: ProcessorCount.online) {
        progress.update(fraction: 0.01 + 0.25 * $0)
      }
    } catch { throw Failure(.failed, "The rows could not be loaded: \(error)") }
    phases.append(
      RunRecord.Phase(
        name: "load", trial: nil, startNanoseconds: start, endNanoseconds: Clock.now()))
    return outcome
  }

  /// What of the closed loop's rate is offered.
  ///
  /// Nearer to the knee, whoever else uses the machine decides how long the queues are: at 70 %
  /// the median of equal runs was 0.2 ms once and 100 ms another time.
  private static let offeredShare = 0.5

  /// A short closed loop on a copy; the offered rate is a share of what it reaches, in two digits.
  private func calibrate(
    _ settings: WorkloadSettings, _ loaded: String, _ work: String,
    _ phases: inout [RunRecord.Phase]
  ) throws -> Double {
    progress.begin("Calibrating the rate", fraction: 0.26)
    let start = Clock.now()
    var calibration = settings
    calibration.capacitySeconds = 1.5
    let store = "\(work)/calibration"
    try VectorStore.copy(from: loaded, to: store)
    let plan = TrialPlan(
      settings: calibration, number: 0, storePath: store, outputPath: "\(work)/calibration-out",
      isCalibration: true)
    try TrialProcess(plan: plan).run()
    try FileSystem.removeTree(store)
    guard let finished = TrialMerge.read(plan.outputPath), finished.outcome.capacity > 0 else {
      throw Failure(.failed, "The calibration finished no operation; give a --rate instead.")
    }
    phases.append(
      RunRecord.Phase(
        name: "calibrate", trial: nil, startNanoseconds: start, endNanoseconds: Clock.now()))
    return Self.twoDigits(Self.offeredShare * finished.outcome.capacity)
  }

  static func twoDigits(_ value: Double) -> Double {
    var step = 1.0
    while value / step >= 100 { step *= 10 }
    while value / step < 10, step > 1e-6 { step /= 10 }
    return max(step, (value / step).rounded() * step)
  }

  private func trial(
    _ number: Int, _ settings: WorkloadSettings, _ loaded: String, _ work: String,
    _ writer: RunWriterBox, _ recall: inout [UInt8]
  ) throws -> (TrialMerge.Finished, SamplingQuality?) {
    let digits = number < 10 ? "0\(number)" : "\(number)"
    let store = "\(work)/trial-\(digits)"
    defer { try? FileSystem.removeTree(store) }
    do { try VectorStore.copy(from: loaded, to: store) } catch {
      throw Failure(.failed, "The store could not be copied for trial \(number): \(error)")
    }
    let output = "\(work)/out-\(digits)"
    var plan = TrialPlan(
      settings: settings, number: number, storePath: store, outputPath: output)
    plan.watchesItself = profiler.needsTrialsOwnEyes
    plan.spellSeconds = profiler.spellSeconds(settings.measuredSeconds)
    var process = TrialProcess(plan: plan)
    process.environment = profiler.environment(leavingIn: output)
    process.onBegin = { [profiler] pid in try profiler.begin(pid) }
    process.onEnd = { [profiler] in try profiler.end() }
    process.onSpells = { [profiler] in try profiler.beginSpells($0, $1) }
    process.onSpellsEnd = { [profiler] in profiler.endSpells() }
    // Also for a trial that died among its spells.
    defer { profiler.endSpells() }
    try process.run()
    guard let finished = TrialMerge.read(output) else {
      throw Failure(.failed, "Trial \(number) ended without leaving its results.")
    }
    for name in ["outcome.json", "latency.hlog", "recall.jsonl", "log.txt"] {
      guard let bytes = try? FileSystem.contents(of: "\(output)/\(name)"), !bytes.isEmpty else {
        continue
      }
      try writer.write(bytes, to: "trials/\(digits)/\(name)")
    }
    recall += (try? FileSystem.contents(of: "\(output)/recall.jsonl")) ?? []
    return (
      finished,
      try profiler.keep(
        trial: "trials/\(digits)", leftIn: output, finished.outcome.spellSearches, writer)
    )
  }

  private static let hardware =
    Recorder.hasHardwareCounters
    ? "there, and not read by this version" : "not supported on this machine"

  private static func cpuByRole(_ outcome: TrialOutcome) -> [String: Double] {
    let engine = outcome.engineCPUSeconds.values.reduce(0, +)
    return ["engine": engine, "client": max(0, outcome.trial.cpuSeconds - engine)]
  }

  // MARK: - The record

  private func record(
    _ settings: WorkloadSettings, _ load: LoadPhase.Outcome, _ finished: [TrialMerge.Finished],
    _ trials: [RunRecord.Trial], _ phases: [RunRecord.Phase], _ status: RunRecord.Status,
    _ recall: [UInt8], _ writer: RunWriterBox
  ) throws -> RunRecord {
    let merge = TrialMerge(finished, settings)
    var listed = reader.listed
    if invocation.number("rate") == nil, let rate = settings.rate {
      listed.append(
        RunRecord.Setting(
          name: "rate", value: NumberText.significant(rate), source: .calibrated))
    }
    let loaded = [
      RunRecord.Result(
        name: "load.seconds", unit: .seconds, direction: .lowerIsBetter,
        estimate: Estimate(value: load.seconds, count: 1), trials: [load.seconds]),
      RunRecord.Result(
        name: "load.rate", unit: .perSecond, direction: .higherIsBetter,
        estimate: Estimate(value: Double(load.rows) / max(1e-9, load.seconds), count: 1),
        trials: [Double(load.rows) / max(1e-9, load.seconds)]),
      RunRecord.Result(
        name: "store.bytes", unit: .bytes, direction: .lowerIsBetter,
        estimate: Estimate(value: Double(load.storeBytes), count: 1),
        trials: [Double(load.storeBytes)]),
    ]
    try writer.write(
      Array(merge.latencyLog(startEpochSeconds: Double(startedWall) / 1e9).utf8),
      to: "latency.hlog")
    try writer.write(Array(merge.timeSeries().utf8), to: "timeseries.csv")
    try writer.write(merge.counters(hardware: Self.hardware), to: "counters.json")
    if let events = merge.events() { try writer.write(Array(events.utf8), to: "events.jsonl") }
    if !recall.isEmpty { try writer.write(recall, to: "recall.jsonl") }
    let profiling = try profiler.finish(trials, writer)
    return RunRecord(
      status: status, toolVersion: Vbench.version, command: name, arguments: invocation.words,
      replay: replay(settings), label: invocation.text("label"),
      startedAt: LocalTime.iso(startedWall),
      durationSeconds: Double(Clock.now() - started) / 1e9, seed: settings.dataset.seed,
      settings: listed,
      dataset: RunRecord.Dataset(
        kind: settings.dataset.kind.rawValue, rows: settings.dataset.rows,
        dimensions: settings.dataset.dimensions, metric: settings.dataset.metric,
        queries: settings.dataset.queries, querySource: settings.dataset.querySource.rawValue,
        digest: DatasetDigest.of(settings)),
      phases: phases + finished.flatMap(\.outcome.phases),
      trials: trials,
      results: merge.results() + loaded
        + HeapResults.of(profiler.heaps, trials.filter { $0.status == .complete }),
      profiling: profiling, flags: flags(finished))
  }

  private func replay(_ settings: WorkloadSettings) -> String {
    var words = ["vbench"] + Self.withoutLabel(invocation.words)
    if invocation.number("rate") == nil, let rate = settings.rate {
      words.append("--rate \(NumberText.significant(rate))")
    }
    if invocation.count("seed") == nil { words.append("--seed \(settings.dataset.seed)") }
    return words.joined(separator: " ")
  }

  /// A repeated run gets a folder of its own; its label would only mislead.
  private static func withoutLabel(_ words: [String]) -> [String] {
    var kept: [String] = []
    var skipsNext = false
    for word in words {
      if skipsNext {
        skipsNext = false
      } else if word == "--label" || word == "-label" {
        skipsNext = true
      } else if !word.hasPrefix("--label=") && !word.hasPrefix("-label=") {
        kept.append(word)
      }
    }
    return kept
  }

  private func flags(_ finished: [TrialMerge.Finished]) -> [RunRecord.Flag] {
    var flags = reader.notes.map {
      RunRecord.Flag(id: "settings.note", severity: .note, message: $0)
    }
    flags += Set(finished.flatMap(\.outcome.notes)).sorted().map {
      RunRecord.Flag(id: "run.budget", severity: .note, message: $0)
    }
    let steal = finished.compactMap(\.outcome.stealShare).max() ?? 0
    if steal > 0.005 {
      flags.append(
        RunRecord.Flag(
          id: "noise.steal", severity: .warning,
          message: "The host took \(NumberText.percent(steal)) of the CPU away in a trial."))
    }
    let others = finished.compactMap(\.outcome.otherProcessesCPU).max() ?? 0
    if others > 0.05 {
      flags.append(
        RunRecord.Flag(
          id: "noise.others", severity: .warning,
          message: "Other processes used \(NumberText.percent(others)) of a core in a trial."))
    }
    flags += ValidityChecks(finished, reader.settings).flags()
    if let error = finished.compactMap(\.outcome.errors).first {
      flags.append(
        RunRecord.Flag(
          id: "errors", severity: .warning, message: "Operations failed, the first with: \(error)"))
    }
    return flags
  }

  private func finish(
    _ writer: RunWriterBox, _ record: RunRecord, _ storeFolder: String
  ) throws -> String {
    var environment = EnvironmentCapture.record(
      storeFolder: storeFolder, toolVersion: Vbench.version)
    environment.noise = (try? NoiseRecord.read(in: invocation.text("out") ?? "Profiles"))?
      .flatMap { MeasuredNoise.entry(for: record, on: environment, in: $0) }
    do {
      return try writer.finish(record, environment)
    } catch { throw Failure(.failed, "\(error)") }
  }

  /// Twice the raw vectors and the links, for the loaded store and one copy.
  private func checkRoom(_ folder: String) throws {
    let settings = reader.settings
    let row = settings.dataset.dimensions * 4 + settings.m * 12 + 32
    let needed = 2 * settings.dataset.rows * row + (64 << 20)
    guard let free = try? FileSystem.freeBytes(at: folder), free < needed else { return }
    throw Failure(
      .failed,
      "\(folder) has \(NumberText.bytes(Double(free))) free and the run needs about "
        + "\(NumberText.bytes(Double(needed))); name another place with --store-dir.")
  }
}
