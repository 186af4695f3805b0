import Basics
import Harness
import Measurement
import RunRecords
import Sampling
import Workloads

/// What an arm measured, as a run's record with its files.
struct ArmRecord {
  let arm: Arm
  let status: RunRecord.Status
  let writer: RunWriterBox

  private static let hardware =
    Recorder.hasHardwareCounters
    ? "there, and not read by this version" : "not supported on this machine"

  func write() throws -> RunRecord {
    let settings = arm.settings
    let merge = TrialMerge(arm.finished, settings)
    try writeFiles(merge)
    let trials = arm.kept + arm.failed
    let profiling = try arm.profiler.finish(trials, writer)
    return RunRecord(
      status: status, toolVersion: Vbench.version, command: arm.command,
      arguments: arm.invocation.words, replay: replay, label: arm.label,
      startedAt: LocalTime.iso(arm.startedWall),
      durationSeconds: Double(Clock.now() - arm.started) / 1e9, seed: settings.dataset.seed,
      settings: listed,
      dataset: RunRecord.Dataset(
        kind: settings.dataset.files.map { "file:\($0.name)" } ?? settings.dataset.kind.rawValue,
        rows: settings.dataset.rows,
        dimensions: settings.dataset.dimensions, metric: settings.dataset.metric,
        queries: settings.dataset.queries, querySource: settings.dataset.querySource.rawValue,
        digest: DatasetDigest.of(settings)),
      phases: arm.phases + arm.finished.flatMap(\.outcome.phases), trials: trials,
      results: merge.results() + loaded
        + HeapResults.of(arm.profiler.heaps, trials.filter { $0.status == .complete }),
      profiling: profiling, flags: flags)
  }

  private func writeFiles(_ merge: TrialMerge) throws {
    try writer.write(
      Array(merge.latencyLog(startEpochSeconds: Double(arm.startedWall) / 1e9).utf8),
      to: "latency.hlog")
    try writer.write(Array(merge.timeSeries().utf8), to: "timeseries.csv")
    try writer.write(merge.counters(hardware: Self.hardware), to: "counters.json")
    try writer.write(merge.responses(), to: ResponseFile.name)
    if let events = merge.events() { try writer.write(Array(events.utf8), to: "events.jsonl") }
    if !arm.recall.isEmpty { try writer.write(arm.recall, to: "recall.jsonl") }
    writeSimulation()
  }

  /// What was measured is not lost for a model's sake.
  private func writeSimulation() {
    guard let simulated = arm.simulated else { return }
    do { try writer.write(try simulated.encoded(), to: SimulatedCache.name) } catch {
      arm.simulated = nil
      arm.simulationProblem = Failure.of(error).sentence
    }
  }

  // MARK: - Settings and the line that repeats it

  private var calibratedRate: String? {
    guard arm.invocation.number("rate") == nil, let rate = arm.settings.rate else { return nil }
    return NumberText.significant(rate)
  }

  private var listed: [RunRecord.Setting] {
    let rate = calibratedRate.map {
      RunRecord.Setting(name: "rate", value: $0, source: .calibrated)
    }
    return arm.reader.listed + (rate.map { [$0] } ?? []) + arm.facts
  }

  private var replay: String {
    var words = ["vbench"] + arm.replayWords.map(ReplayWords.quoted)
    // What another run said is said again, for that run may be gone.
    func isTyped(_ name: String) -> Bool {
      arm.invocation.value(name).map { $0.source != .like } ?? false
    }
    if !isTyped("rate"), arm.settings.arrival != .closed, let rate = arm.settings.rate {
      words.append("--rate \(NumberText.significant(rate))")
    }
    if !isTyped("seed") { words.append("--seed \(arm.settings.dataset.seed)") }
    return words.joined(separator: " ")
  }

  // MARK: - Results beside those of the trials

  private var loaded: [RunRecord.Result] {
    guard let load = arm.store?.outcome else { return [] }
    let rate = Double(load.rows) / max(1e-9, load.seconds)
    return [
      RunRecord.Result(
        name: "load.seconds", unit: .seconds, direction: .lowerIsBetter,
        estimate: Estimate(value: load.seconds, count: 1), trials: [load.seconds]),
      RunRecord.Result(
        name: "load.rate", unit: .perSecond, direction: .higherIsBetter,
        estimate: Estimate(value: rate, count: 1), trials: [rate]),
      RunRecord.Result(
        name: "store.bytes", unit: .bytes, direction: .lowerIsBetter,
        estimate: Estimate(value: Double(load.storeBytes), count: 1),
        trials: [Double(load.storeBytes)]),
    ]
  }

  private var flags: [RunRecord.Flag] {
    let finished = arm.finished
    var flags = (arm.reader.notes + arm.notes).map {
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
    if let problem = arm.simulationProblem {
      flags.append(
        RunRecord.Flag(
          id: "simulation.missing", severity: .warning,
          message: "The caches were not simulated: \(problem)"))
    }
    flags += ValidityChecks(finished, arm.settings).flags()
    if let error = finished.compactMap(\.outcome.errors).first {
      flags.append(
        RunRecord.Flag(
          id: "errors", severity: .warning, message: "Operations failed, the first with: \(error)"))
    }
    return flags
  }
}
