import Basics
import Harness
import Measurement
import Pprof
import RunRecords
import Sampling
import VectorIndex
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
  private let heapMean: Int
  /// A trial is short and allocates little: as dense as it must be, and still cheap.
  private static let standardHeapMean = 16_384
  private var recorder: Recorder?
  private var latest: Recording?
  private var spellWatch: SpellWatch?
  private var latestSpells: [Spell] = []
  /// What each trial that counts did in its spells.
  private var spells: [(spells: [Spell], moments: [TailCost.Moment])] = []
  private var recordings: [Recording] = []
  /// What each trial allocated, in the order of the trials that count.
  private(set) var heaps: [[Recording.RecordedProfile]] = []
  private var problems: [String] = []

  /// Half of what a recording of another program takes.
  ///
  /// A trial is to be timed as well, and each interrupt costs it as much as half a search. Five
  /// trials still have two thousand samples.
  static let standardHertz = 99

  init(kinds: [ProfileKind]?, hertz: Int?, heapMean: Int?) {
    self.heapMean = heapMean ?? Self.standardHeapMean
    let wanted = kinds ?? [.cpu, .mutex, .block]
    self.kinds = ProfileKind.allCases.filter(wanted.contains)
    self.hertz = hertz ?? Self.standardHertz
    refusal = self.kinds.isEmpty ? nil : Recorder.probe()?.description
  }

  /// Whether trials must watch themselves.
  var needsTrialsOwnEyes: Bool { wantsSamples && refusal != nil }

  /// How the trials will be watched, before there is one.
  var forecast: RunRecord.Profiling {
    guard wantsSamples else { return RunRecord.Profiling(method: RunRecord.Profiling.nothing) }
    return RunRecord.Profiling(
      method: watchesFromOutside
        ? RunRecord.Profiling.kernelEvents : RunRecord.Profiling.threadTimers,
      hertz: Double(watchesFromOutside ? hertz : SelfRecorder.hertz))
  }

  private var watchesFromOutside: Bool { wantsSamples && refusal == nil }

  private var wantsSamples: Bool { kinds.contains { $0 != .heap } }

  /// What a trial needs in its environment for its heap to be watched.
  ///
  /// The library leaves its files in the trial's output folder.
  func environment(leavingIn output: String) -> [String: String] {
    guard kinds.contains(.heap) else { return [:] }
    try? FileSystem.makeDirectory(output)
    guard
      let found = HeapShim.environment(
        folder: output, mean: heapMean, waitsForWindow: true)
    else {
      problems.append("\(HeapShim.fileName) is not beside vbench, so there is no heap profile.")
      return [:]
    }
    return found
  }

  func begin(_ pid: Int32) throws {
    guard watchesFromOutside else { return }
    let recorder = try Recorder([.trial(pid)], plan: recordingPlan, images: images)
    try recorder.start()
    self.recorder = recorder
  }

  private var recordingPlan: RecordingPlan {
    var plan = RecordingPlan()
    plan.hertz = hertz
    plan.defersStacks = true
    plan.watchesWaits = kinds.contains(.mutex) || kinds.contains(.block)
    return plan
  }

  /// How long a trial goes on behind its measured phase while we look and look away.
  func spellSeconds(_ measured: Double) -> Double { watchesFromOutside ? 0.3 * measured : 0 }

  func beginSpells(_ pid: Int32, _ meter: WorkMeter) throws {
    var plan = recordingPlan
    // Looking away, a recorder would take its target for calmer than it is.
    if let latest { plan.switchPeriod = UInt64(latest.quality.switchPeriod) }
    spellWatch = try SpellWatch(pid, meter, Recorder([.trial(pid)], plan: plan, images: images))
  }

  func endSpells() {
    guard let watch = spellWatch else { return }
    spellWatch = nil
    latestSpells = watch.stop()
  }

  func end() throws {
    guard let recorder else { return }
    self.recorder = nil
    latest = try recorder.stop()
  }

  /// Writes the profiles of the trial that just ended and returns how good they are.
  func keep(
    trial folder: String, leftIn output: String, _ searches: [TrialOutcome.SearchMoment],
    _ writer: RunWriterBox
  ) throws -> SamplingQuality? {
    try keepSpells(folder, searches, writer)
    if needsTrialsOwnEyes {
      do { latest = try SelfRecordingReader.read(folder: output, images: images) } catch {
        problems.append("\(error)")
      }
    }
    let heap = try heapProfiles(leftIn: output)
    for recorded in heap {
      try writer.write(
        ProfileWriter.encode(recorded.profile),
        to: "\(folder)/\(recorded.role.rawValue)_heap.pprof")
    }
    if kinds.contains(.heap) { heaps.append(heap) }
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

  private func keepSpells(
    _ folder: String, _ searches: [TrialOutcome.SearchMoment], _ writer: RunWriterBox
  ) throws {
    if latestSpells.isEmpty { return }
    let moments = searches.map { TailCost.Moment(start: $0.start, duration: $0.response) }
    spells.append((latestSpells, moments))
    try writer.write(Array(SpellTable.text(latestSpells).utf8), to: "\(folder)/spells.csv")
    latestSpells = []
  }

  /// What watching cost over all trials.
  private var cost: RunRecord.Profiling.Cost? {
    guard let cost = WatchingCost(spells.map(\.spells), in: .cpu) else { return nil }
    let all = spells.flatMap(\.spells)
    return RunRecord.Profiling.Cost(
      cpu: cost.estimate, searchP99: TailCost(spells, percentile: 99)?.change,
      seconds: all.reduce(0) { $0 + Double($1.end - $1.start) / 1e9 })
  }

  private func heapProfiles(leftIn output: String) throws -> [Recording.RecordedProfile] {
    guard kinds.contains(.heap) else { return [] }
    do {
      return try HeapRecordingReader.files(in: output).flatMap {
        try HeapRecordingReader.read(file: $0, images: images).profiles
      }
    } catch {
      problems.append("The heap recording of a trial cannot be read: \(error)")
      return []
    }
  }

  /// Writes the merge of all trials and describes how it was made.
  func finish(_ trials: [RunRecord.Trial], _ writer: RunWriterBox) throws -> RunRecord.Profiling {
    guard !recordings.isEmpty || !heaps.isEmpty else {
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
    var profiling = RunRecord.Profiling(
      method: watchesFromOutside
        ? RunRecord.Profiling.kernelEvents : RunRecord.Profiling.threadTimers,
      missing: missing(), hertz: Double(watchesFromOutside ? hertz : SelfRecorder.hertz),
      kinds: kinds,
      windowOverlap: total.windowSeconds > 0 ? min(1, measured / total.windowSeconds) : 0,
      quality: total, unnamed: unnamed)
    profiling.cost = cost
    return profiling
  }

  /// Files without names, over all trials.
  private var unnamed: [RunRecord.Profiling.Unnamed] {
    var files: [String: RunRecord.Profiling.Unnamed] = [:]
    for seen in recordings.flatMap(\.unnamed) where seen.samples > 0 {
      let file = RunRecord.Profiling.Unnamed(seen)
      files[file.path, default: file].samples += files[file.path] == nil ? 0 : file.samples
    }
    return files.values.sorted { ($1.samples, $0.path) < ($0.samples, $1.path) }
  }

  private func merge(_ role: Role, _ kind: ProfileKind, _ writer: RunWriterBox) throws {
    let parts = (recordings.flatMap(\.profiles) + heaps.joined()).filter {
      $0.role == role && $0.kind == kind
    }
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
      ? problems.unique
      : problems.unique + [
        "To keep the cost of watching low, one switch in \(period) was recorded with its stack; the "
          + "time of the others is shared out over those."
      ]
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
