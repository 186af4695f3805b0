import Basics
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// Watches the measured phase of each trial and gathers what was seen.
///
/// From outside where the kernel allows it; where it does not, trials watch themselves and leave
/// what they saw in their folder. Used by one thread: the one that talks to the trials.
final class TrialProfiler {
  /// What is wanted, in the order of `ProfileKind`.
  let kinds: [ProfileKind]
  /// Why nothing can be watched from outside, in one sentence; nil when it can.
  private let refusal: String?
  private let hertz: Int
  private let images = ImageCache()
  private var recorder: Recorder?
  private var latest: Recording?
  private var recordings: [Recording] = []
  private var problems: [String] = []

  init(kinds: [ProfileKind]?, hertz: Int?) {
    let wanted = kinds ?? [.cpu, .mutex, .block]
    self.kinds = ProfileKind.allCases.filter(wanted.contains)
    self.hertz = hertz ?? RecordingPlan.standardHertz
    refusal = self.kinds.isEmpty ? nil : Recorder.probe()?.description
  }

  /// Whether trials must watch themselves.
  var needsTrialsOwnEyes: Bool { !kinds.isEmpty && refusal != nil }

  private var watchesFromOutside: Bool { !kinds.isEmpty && refusal == nil }

  func begin(_ pid: Int32) throws {
    guard watchesFromOutside else { return }
    var plan = RecordingPlan()
    plan.hertz = hertz
    plan.watchesWaits = kinds != [.cpu]
    let recorder = try Recorder([.trial(pid)], plan: plan, images: images)
    try recorder.start()
    self.recorder = recorder
  }

  func end() throws {
    guard let recorder else { return }
    self.recorder = nil
    latest = try recorder.stop()
  }

  /// Writes the profiles of the trial that just ended and returns how good they are.
  func keep(
    trial folder: String, leftIn output: String, _ writer: RunWriterBox
  ) throws -> SamplingQuality? {
    if needsTrialsOwnEyes {
      do { latest = try SelfRecordingReader.read(folder: output, images: images) } catch {
        problems.append("\(error)")
      }
    }
    guard let recording = latest else { return nil }
    latest = nil
    recordings.append(recording)
    for recorded in recording.profiles where kinds.contains(recorded.kind) {
      try writer.write(
        ProfileWriter.encode(recorded.profile),
        to: "\(folder)/\(recorded.role.rawValue)_\(recorded.kind.rawValue).pprof")
    }
    return SamplingQuality(recording.quality)
  }

  /// Writes the merge of all trials and describes how it was made.
  func finish(_ trials: [RunRecord.Trial], _ writer: RunWriterBox) throws -> RunRecord.Profiling {
    guard !recordings.isEmpty else {
      return RunRecord.Profiling(
        method: RunRecord.Profiling.nothing,
        missing: ([refusal].compactMap(\.self) + problems).unique)
    }
    for role in [Role.engine, .client] {
      for kind in kinds { try merge(role, kind, writer) }
    }
    var total = SamplingQuality()
    for quality in trials.compactMap(\.sampling) { total += quality }
    let measured = trials.reduce(0) { $0 + $1.measuredSeconds }
    return RunRecord.Profiling(
      method: watchesFromOutside
        ? RunRecord.Profiling.kernelEvents : RunRecord.Profiling.threadTimers,
      missing: missing(), hertz: Double(watchesFromOutside ? hertz : SelfRecorder.hertz),
      kinds: kinds,
      windowOverlap: total.windowSeconds > 0 ? min(1, measured / total.windowSeconds) : 0,
      quality: total)
  }

  private func merge(_ role: Role, _ kind: ProfileKind, _ writer: RunWriterBox) throws {
    let parts = recordings.flatMap(\.profiles).filter { $0.role == role && $0.kind == kind }
    guard !parts.isEmpty else { return }
    let merged: Profile
    do { merged = try ProfileMerge.merge(parts.map(\.profile)) } catch {
      throw Failure(.failed, "The profiles of the trials \(error).")
    }
    try writer.write(ProfileWriter.encode(merged), to: "\(role.rawValue)_\(kind.rawValue).pprof")
  }

  /// What a reader of the profiles must know is not in them.
  private func missing() -> [String] {
    if let refusal {
      return [
        "Kernel events were refused, so CPU was sampled by timers at the kernel's tick, without "
          + "kernel frames, and waits are those that the engine's own locks, conditions and syncs "
          + "noted. \(refusal)"
      ] + problems.unique
    }
    let period = recordings.map(\.quality.switchPeriod).max() ?? 1
    return period == 1
      ? []
      : ["Threads switched so often that only every \(period)th switch was recorded with its stack"]
  }
}

extension [String] {
  /// Each once, in the order of their first appearance.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension SamplingQuality {
  init(_ seen: RecordingQuality) {
    self.init()
    samples = seen.samples
    sampledCPUSeconds = seen.sampledCPUSeconds
    countedCPUSeconds = seen.countedCPUSeconds
    processCPUSeconds = seen.processCPUSeconds
    lostRecords = seen.lostRecords
    missedPeriods = seen.missedPeriods
    throttledRecords = seen.throttledRecords
    completeStacks = seen.completeStacks
    truncatedStacks = seen.truncatedStacks
    brokenStacks = seen.brokenStacks
    userFrames = seen.userFrames
    namedUserFrames = seen.namedUserFrames
    offsetOnlyUserFrames = seen.offsetOnlyUserFrames
    recorderCPUSeconds = seen.recorderCPUSeconds
    windowSeconds = seen.windowSeconds
    switches = seen.switches
    switchesWithStack = seen.switchesWithStack
  }
}
