import Basics
import Harness
import Measurement
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// The run directory of a recording: profiles, `run.json`, `env.json`.
final class RecordOutput {
  let progress: Progress
  private let invocation: Invocation
  private let kinds: Set<RecordKind>
  var counters: [String: CounterReport] = [:]
  private var heap: (summaries: [HeapSummary], problems: [String]) = ([], [])
  private let writer: RunWriterBox
  private let startedWall = Clock.wall()
  private let started = Clock.now()

  /// What was watched.
  struct Subject {
    var services: [RecordedService] = []
    var role: Role?
    var command: [String] = []
    var end: HeldCommand.End?

    var roles: [Role] { role.map { [$0] } ?? services.map(\.role) }
  }

  init(_ invocation: Invocation, _ kinds: Set<RecordKind>) throws {
    self.invocation = invocation
    self.kinds = kinds
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    do {
      writer = RunWriterBox(
        try RunWriter.begin(
          in: invocation.text("out") ?? "Profiles", label: invocation.text("label"),
          startedAtWallNanoseconds: startedWall, processID: OwnProgram.processID))
    } catch { throw Failure(.failed, "\(error)") }
  }

  /// Where the heap library may leave its files: in no run, for they are large.
  var heapFolder: String {
    "\(invocation.text("out") ?? "Profiles")/.heap.\(OwnProgram.processID)"
  }

  /// Takes what the heap library saw.
  func add(_ watch: HeapWatch, _ role: Role) throws {
    if let refusal = watch.refusal { heap.problems.append(refusal) }
    do {
      let (profile, summaries) = try watch.read(role)
      if let profile {
        try writer.write(ProfileWriter.encode(profile), to: "\(role.rawValue)_heap.pprof")
      }
      heap.summaries = summaries
      if watch.folder != nil, summaries.isEmpty {
        heap.problems.append(
          "The program allocated too little for a sample, or did not load the heap library.")
      }
    } catch { heap.problems.append("The heap recording cannot be read: \(error)") }
  }

  func finish(_ recording: Recording, _ recorder: Recorder, _ subject: Subject) throws {
    let (record, path) = try save(recording, recorder, subject)
    progress.end()
    if invocation.has("json") { return try Terminal.print(JSONText.of(record)) }
    // The command's own output is on standard output; ours stays out of it.
    if !invocation.has("quiet") {
      Terminal.note(
        RecordText.of(
          record, recording, CounterText.lines(counters) + HeapText.lines(heap.summaries), path))
    }
  }

  /// Writes the run directory; answers its record and where it is.
  func save(
    _ recording: Recording, _ recorder: Recorder, _ subject: Subject
  ) throws -> (record: RunRecord, path: String) {
    for recorded in recording.profiles
    where kinds.contains(where: { $0.profile == recorded.kind }) {
      try writer.write(
        ProfileWriter.encode(recorded.profile),
        to: "\(recorded.role.rawValue)_\(recorded.kind.rawValue).pprof")
    }
    for (role, profile) in recording.events {
      try writer.write(
        ProfileWriter.encode(profile), to: "\(role.rawValue)_\(eventName).pprof")
    }
    for (role, profile) in recording.calls?.profiles ?? [] {
      try writer.write(ProfileWriter.encode(profile), to: "\(role.rawValue)_syscalls.pprof")
    }
    if let timeline = recording.timeline { try write(timeline) }
    if !counters.isEmpty {
      try writer.write(Array(JSONText.of(counters).utf8), to: "counters.json")
    }
    let record = record(recording, recorder, subject)
    let environment = EnvironmentCapture.record(storeFolder: ".", toolVersion: Vbench.version)
    do { return (record, try writer.finish(record, environment)) } catch {
      throw Failure(.failed, "\(error)")
    }
  }

  /// The event's name as part of a file's.
  private var eventName: String {
    RecordedService.role(invocation.text("event") ?? "event").rawValue
  }

  private func write(_ timeline: Timeline) throws {
    let format = TimelineFile.Format.fitting(timeline)
    do {
      try TimelineFile.write(
        timeline, to: try writer.path(of: "timeline.\(format.suffix)"), as: format)
    } catch { throw Failure(.failed, "The timeline could not be written: \(error)") }
  }

  private func record(
    _ recording: Recording, _ recorder: Recorder, _ subject: Subject
  ) -> RunRecord {
    let quality = SamplingQuality(recording.quality)
    let plan = recorder.plan
    var trial = RunRecord.Trial(number: 1, status: .complete)
    trial.measuredSeconds = quality.windowSeconds
    trial.cpuSeconds = max(quality.countedCPUSeconds, quality.sampledCPUSeconds)
    trial.sampling = quality
    return RunRecord(
      status: Interrupts.count > 0 && subject.end == nil && !subject.command.isEmpty
        ? .interrupted : .complete,
      toolVersion: Vbench.version, command: invocation.command.name, arguments: invocation.words,
      replay: (["vbench"] + invocation.words).joined(separator: " "),
      label: invocation.text("label"), startedAt: LocalTime.iso(startedWall),
      durationSeconds: Double(Clock.now() - started) / 1e9, seed: 0,
      settings: settings(plan, subject), dataset: nil, trials: [trial],
      results: RecordResults.of(recording, subject),
      profiling: RunRecord.Profiling(
        method: plan.scope == .threads
          ? RunRecord.Profiling.kernelEvents : RunRecord.Profiling.processorEvents,
        missing: missing(recording, recorder), hertz: Double(plan.hertz),
        kinds: ProfileKind.allCases.filter { kind in kinds.contains { $0.profile == kind } },
        windowOverlap: 1, quality: quality,
        unnamed: recording.unnamed.filter { $0.samples > 0 }.map(RunRecord.Profiling.Unnamed.init)))
  }

  private func settings(_ plan: RecordingPlan, _ subject: Subject) -> [RunRecord.Setting] {
    func setting(_ name: String, _ value: String, _ flag: String) -> RunRecord.Setting {
      let isGiven = invocation.command.flag(named: flag) != nil && invocation.text(flag) != nil
      return RunRecord.Setting(name: name, value: value, source: isGiven ? .flag : .standard)
    }
    let what =
      subject.command.isEmpty
      ? subject.services.map { "\($0.role.rawValue)=\($0.pid)" }.joined(separator: ",")
      : subject.command.joined(separator: " ")
    return [
      RunRecord.Setting(name: "watched", value: what, source: .flag),
      setting("hz", "\(plan.hertz)", "hz"),
      setting("scope", plan.scope.rawValue, "scope"),
      setting("stack-bytes", "\(plan.stackBytes)", "stack-bytes"),
    ]
  }

  /// What a reader of the profiles must know is not in them.
  private func missing(_ recording: Recording, _ recorder: Recorder) -> [String] {
    var missing = heap.problems
    if !recorder.seesKernel {
      missing.append(
        "The kernel's part was refused to this user, so CPU is user time only, and waits have "
          + "their length but neither a stack nor a reason. Run as root or with CAP_PERFMON, or "
          + "set kernel.perf_event_paranoid to 1 for the kernel's part and to -1 for all.")
    }
    let quality = recording.quality
    if quality.switchPeriod > 1 {
      missing.append(
        "Threads switched so often that one switch in \(quality.switchPeriod) was recorded with its "
          + "stack; the time of the others is shared out over those.")
    }
    if quality.countedCPUSeconds > 0.05,
      quality.sampledCPUSeconds < 0.95 * quality.countedCPUSeconds
    {
      missing.append(
        "Samples stand for \(NumberText.percent(quality.sampledCPUSeconds / quality.countedCPUSeconds)) "
          + "of the CPU that was counted; the rest is the row [not sampled]. Threads that live "
          + "shorter than a period are seen with --scope processors, rare ones with more --hz.")
    }
    return missing
  }
}
