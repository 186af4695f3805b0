import Basics
import Harness
import RunRecords
import Sampling
import Vocabulary
import Workloads

/// One way to run a workload: its settings, the program that carries it out, and what its trials
/// have left by now.
///
/// A plain workload command has one arm, `ab` has two, a table of points has one for each point.
/// Used by one thread.
final class Arm {
  /// What people call it beside other arms; empty where it is the only one.
  let title: String
  let reader: SettingsReader
  let invocation: Invocation
  let program: MeasuredProgram
  let profiler: TrialProfiler
  /// Nil where nobody asked for a simulation.
  let simulation: SimulationWish?
  /// Part of the name of its run directory.
  let label: String?
  /// A line that repeats this arm alone, without rate and seed.
  let replayWords: [String]

  var settings: WorkloadSettings
  /// Other facts that belong among the settings of its record.
  var facts: [RunRecord.Setting] = []
  var notes: [String] = []
  var store: LoadedStores.Store?
  var phases: [RunRecord.Phase] = []
  var finished: [TrialMerge.Finished] = []
  var kept: [RunRecord.Trial] = []
  var failed: [RunRecord.Trial] = []
  var recall: [UInt8] = []
  var heaps: [String: Int] = [:]
  var simulated: SimulatedCache?
  /// Why a simulation that was asked for is not there.
  var simulationProblem: String?
  let startedWall = Clock.wall()
  let started = Clock.now()

  var command: String { invocation.command.name }

  init(
    _ invocation: Invocation, title: String = "", label: String? = nil,
    program: MeasuredProgram = .own, replayWords: [String]? = nil, notes: [String] = []
  ) throws {
    self.invocation = invocation
    self.title = title
    self.program = program
    if let label, !RunName.isHarmless(label) {
      throw Failure.usage("\(RunError.hostileLabel(label))", invocation.command)
    }
    self.label = label
    self.replayWords = replayWords ?? ReplayWords.without(["label"], in: invocation)
    reader = try SettingsReader(invocation, command: invocation.command.name, notes: notes)
    settings = reader.settings
    simulation = try SimulationWish(invocation, reader.settings)
    profiler = TrialProfiler(
      kinds: invocation.list("profile")?.compactMap(ProfileKind.init(rawValue:)),
      hertz: invocation.count("hz"), heapMean: invocation.count("heap-mean"))
    if let setting = program.setting { facts.append(setting) }
  }

  /// The arm's name in a sentence, with a colon and a space behind it; nothing for an only arm.
  var prefix: String { title.isEmpty ? "" : "\(title): " }

  var needsCalibration: Bool { settings.arrival != .closed && settings.rate == nil }

  /// Keeps a trial that came to its end.
  func keep(_ trial: TrialMerge.Finished, _ quality: SamplingQuality?) {
    finished.append(trial)
    var entry = trial.outcome.trial
    entry.sampling = quality
    let engine = trial.outcome.engineCPUSeconds.values.reduce(0, +)
    entry.cpuSecondsByRole = ["engine": engine, "client": max(0, entry.cpuSeconds - engine)]
    kept.append(entry)
  }

  /// What its record will say of the measurement, before there is one.
  var forecastRecord: RunRecord {
    RunRecord(
      status: .complete, toolVersion: Vbench.version, command: command, arguments: [], replay: "",
      startedAt: "", durationSeconds: 0, seed: settings.dataset.seed,
      settings: reader.listed, dataset: nil, profiling: profiler.forecast)
  }
}
