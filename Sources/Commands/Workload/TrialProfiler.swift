import Basics
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// Watches the measured phase of each trial and gathers what it saw.
///
/// Used by one thread: the one that talks to the trials.
final class TrialProfiler {
  /// Why nothing is watched, in one sentence; nil when something is.
  let refusal: String?
  private let isWanted: Bool
  private var recorder: ProcessRecorder?
  private let images = ImageCache()
  private var recordings: [Recording] = []

  init(isWanted: Bool) {
    self.isWanted = isWanted
    refusal = isWanted ? ProcessRecorder.probe()?.description : nil
  }

  private var isActive: Bool { isWanted && refusal == nil }

  func begin(_ pid: Int32) throws {
    guard isActive else { return }
    let recorder = try ProcessRecorder(pid: pid, images: images)
    try recorder.start()
    self.recorder = recorder
  }

  private var latest: Recording?

  func end() throws {
    guard let recorder else { return }
    self.recorder = nil
    latest = try recorder.stop()
  }

  /// Writes the profiles of the trial that just ended and returns how good they are.
  func keep(trial folder: String, _ writer: RunWriterBox) throws -> SamplingQuality? {
    guard let recording = latest else { return nil }
    latest = nil
    recordings.append(recording)
    for recorded in recording.profiles {
      try writer.write(
        ProfileWriter.encode(recorded.profile),
        to: "\(folder)/\(recorded.role.rawValue)_\(recorded.kind.rawValue).pprof")
    }
    return Self.quality(recording.quality)
  }

  private static let kinds: [ProfileKind] = [.cpu, .mutex, .block]
  private static let files = [Role.engine, .client].flatMap { role in kinds.map { (role, $0) } }

  private func missing() -> [String] {
    let period = recordings.map(\.quality.switchPeriod).max() ?? 1
    return period == 1
      ? []
      : [
        "Threads switched so often that only every \(period)th switch was recorded with its stack."
      ]
  }

  /// Writes the merge of all trials and describes how it was made.
  func finish(_ trials: [RunRecord.Trial], _ writer: RunWriterBox) throws -> RunRecord.Profiling {
    guard isWanted else { return RunRecord.Profiling(method: "none") }
    guard !recordings.isEmpty else {
      return RunRecord.Profiling(method: "none", missing: refusal.map { [$0] } ?? [])
    }
    for (role, kind) in Self.files {
      let parts = recordings.flatMap(\.profiles).filter { $0.role == role && $0.kind == kind }
      guard !parts.isEmpty else { continue }
      let merged: Profile
      do { merged = try ProfileMerge.merge(parts.map(\.profile)) } catch {
        throw Failure(.failed, "The profiles of the trials \(error).")
      }
      try writer.write(
        ProfileWriter.encode(merged), to: "\(role.rawValue)_\(kind.rawValue).pprof")
    }
    var total = SamplingQuality()
    for quality in trials.compactMap(\.sampling) { total += quality }
    let measured = trials.reduce(0) { $0 + $1.measuredSeconds }
    return RunRecord.Profiling(
      method: "perf events of each thread", missing: missing(),
      hertz: Double(ProcessRecorder.standardHertz), kinds: Self.kinds,
      windowOverlap: total.windowSeconds > 0 ? min(1, measured / total.windowSeconds) : 0,
      quality: total)
  }

  private static func quality(_ seen: RecordingQuality) -> SamplingQuality {
    var quality = SamplingQuality()
    quality.samples = seen.samples
    quality.sampledCPUSeconds = seen.sampledCPUSeconds
    quality.countedCPUSeconds = seen.countedCPUSeconds
    quality.processCPUSeconds = seen.processCPUSeconds
    quality.lostRecords = seen.lostRecords
    quality.missedPeriods = seen.missedPeriods
    quality.throttledRecords = seen.throttledRecords
    quality.completeStacks = seen.completeStacks
    quality.truncatedStacks = seen.truncatedStacks
    quality.brokenStacks = seen.brokenStacks
    quality.userFrames = seen.userFrames
    quality.namedUserFrames = seen.namedUserFrames
    quality.offsetOnlyUserFrames = seen.offsetOnlyUserFrames
    quality.recorderCPUSeconds = seen.recorderCPUSeconds
    quality.windowSeconds = seen.windowSeconds
    quality.switches = seen.switches
    quality.switchesWithStack = seen.switchesWithStack
    return quality
  }
}
