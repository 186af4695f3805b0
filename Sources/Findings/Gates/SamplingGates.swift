import Measurement
import RunRecords
import Vocabulary

extension Gate {
  private static let cpuRules = ["C", "K", "M", "V1", "V2"]

  /// Whether the profiles may be believed.
  static let sampling: [Gate] = [
    Gate(
      id: "Q1", title: "Enough samples", question: enoughSamples,
      consequence: "Shares of a thin profile swing; record longer, or at a higher rate.",
      effect: .lowersConfidence(ofRules: cpuRules)),
    Gate(
      id: "Q2", title: "Lost samples", question: lostSamples,
      consequence: "What was lost is not random; use a larger ring or a lower rate.",
      effect: .lowersConfidence(ofRules: cpuRules)),
    Gate(
      id: "Q3", title: "Names and whole stacks", question: names,
      consequence:
        "Names in this report may be wrong; install debug information or copy more stack.",
      effect: .lowersConfidence(ofRules: [])),
    Gate(
      id: "Q4", title: "Cost of the profiler", question: profilerCost,
      consequence: "The profiler changes what it measures; lower the rate."),
    Gate(
      id: "Q5", title: "Profile window", question: window,
      consequence: "The profile may not speak of the measured phase.",
      effect: .lowersConfidence(ofRules: [])),
    Gate(
      id: "Q6", title: "Sampled against counted CPU", question: countedCPU,
      consequence:
        "The sampler does not see what the kernel counts: its shares of CPU are not used.",
      effect: .suppresses(rules: cpuRules)),
    Gate(
      id: "Q7", title: "Hardware counters",
      question: { evidence, _ in
        .notEvaluable("\(Unaskable.hardware(evidence)), so IPC and cache misses are not known")
      }, consequence: ""),
    Gate(
      id: "Q9", title: "Optimized build", question: optimizedBuild,
      consequence: "Numbers of a debug build say nothing about a release build.",
      effect: .lowersConfidence(ofRules: [])),
  ]

  private static func enoughSamples(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let slices = evidence.roles.compactMap { $0.profiles[.cpu] }
    guard let largest = slices.max(by: { $0.sampleCount < $1.sampleCount }) else {
      return .notEvaluable("no CPU profile could be read")
    }
    let text: Prose =
      "the fullest CPU profile, \(name: largest.role), has \(Wording.counted(largest.sampleCount, "sample"))"
    let source = commands.top(largest)
    if largest.sampleCount < evidence.thresholds.samplesForAnyClaim { return .fail(text, source) }
    return largest.sampleCount < evidence.thresholds.samplesForConfidence
      ? .warn(text, source) : .pass(text, source)
  }

  private static func quality(_ evidence: Evidence) -> SamplingQuality? {
    guard let quality = evidence.record?.profiling.quality, quality.samples > 0 else { return nil }
    return quality
  }

  private static let noQuality = "the run says nothing about how its profiles were sampled"

  private static func lostSamples(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let quality = quality(evidence) else { return .notEvaluable(noQuality) }
    let missing = quality.lostRecords + quality.throttledRecords
    let share = Double(missing) / Double(missing + quality.samples)
    let text: Prose =
      "\(Wording.count(missing)) of \(Wording.count(missing + quality.samples)) samples lost or throttled (\(Wording.percent(share)))"
    let source = commands.record("profiling.quality.lostRecords")
    if share > evidence.thresholds.lostFail { return .fail(text, source) }
    return share > evidence.thresholds.lostWarn ? .warn(text, source) : .pass(text, source)
  }

  private static func names(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let quality = quality(evidence) else { return namesFromStacks(evidence, commands) }
    let frames = Double(max(1, quality.userFrames))
    // A stripped library is known by its name and an offset in it: less, but not wrong.
    let offsets = Double(quality.offsetOnlyUserFrames) / frames
    let unnamed = 1 - Double(quality.namedUserFrames) / frames - offsets
    let stacks = quality.completeStacks + quality.truncatedStacks + quality.brokenStacks
    let cut = Double(quality.truncatedStacks + quality.brokenStacks) / Double(max(1, stacks))
    let text: Prose =
      "\(Wording.percent(max(0, unnamed))) of the frames have no name, \(Wording.percent(offsets)) only library and offset, \(Wording.percent(cut)) of the stacks are not whole"
    let source = commands.record("profiling.quality")
    let limits = evidence.thresholds
    if unnamed > limits.unnamedFail || cut > limits.unnamedFail { return .fail(text, source) }
    return unnamed > limits.unnamedWarn || offsets > limits.unnamedFail
      || cut > limits.truncatedWarn ? .warn(text, source) : .pass(text, source)
  }

  /// Without a quality block the leaves of the profile itself are counted.
  private static func namesFromStacks(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let slices = evidence.roles.compactMap { $0.profiles[.cpu] }
    let total = slices.reduce(0) { $0 + $1.total }
    guard total > 0, let first = slices.first else {
      return .notEvaluable("no CPU profile could be read")
    }
    let unnamed = slices.reduce(0.0) { sum, slice in
      sum + slice.share { $0.symbols.first.map { slice.table[$0].layer == .unknown } ?? true }.part
    }
    let text: Prose =
      "\(Wording.percent(unnamed / total)) of the CPU is in functions without a name"
    if unnamed / total > evidence.thresholds.unnamedFail { return .fail(text, commands.top(first)) }
    return unnamed / total > evidence.thresholds.unnamedWarn
      ? .warn(text, commands.top(first)) : .pass(text, commands.top(first))
  }

  /// What watching did to the work, where that was tried; and what it used itself.
  private static func profilerCost(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let quality = quality(evidence), quality.windowSeconds > 0 else {
      return foreignCost(evidence, commands)
    }
    let own = quality.recorderCPUSeconds / quality.windowSeconds
    let used: Prose = "the recorder used \(Wording.percent(own)) of one core while it watched"
    let limits = evidence.thresholds
    guard let cost = evidence.record?.profiling.cost, let bounds = cost.cpu.interval else {
      let source = commands.record("profiling.quality.recorderCPUSeconds")
      return own > limits.recorderCPU ? .warn(used, source) : .pass(used, source)
    }
    let text: Prose =
      "\(used); with it the same work took \(NumberText.change(cost.cpu.value)) CPU (95 %: \(NumberText.change(bounds.low)) to \(NumberText.change(bounds.high)))\(tail(cost)), from \(Wording.count(cost.cpu.count)) pairs of spells with and without"
    let source = commands.record("profiling.cost")
    return own > limits.recorderCPU || bounds.low > limits.watchingCost
      ? .warn(text, source) : .pass(text, source)
  }

  /// A program that records its own waits does it on the way of whoever waits: its CPU profile shows
  /// what that takes, though not what it keeps others waiting.
  private static func foreignCost(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let dear = evidence.roles.compactMap { role in
      role.profiles[.cpu].flatMap { cpu in
        cpu.watching(evidence.thresholds).map { (name: role.name, slice: cpu, share: $0) }
      }
    }
    guard let first = dear.first else {
      return .notEvaluable("no run without the profiler stands beside this one")
    }
    let list = Prose.list(
      dear.map { "\(Wording.percent($0.share)) of the CPU of \(name: $0.name)" })
    return .warn(
      "recording waits and handing out profiles takes \(list); that is left out of all shares, but not what it kept others waiting",
      commands.profiler(first.slice))
  }

  private static func tail(_ cost: RunRecord.Profiling.Cost) -> Prose {
    guard let p99 = cost.searchP99, let bounds = p99.interval else {
      return ", too few searches to tell about their p99"
    }
    return
      " and the p99 of searches moved by \(NumberText.change(p99.value)) (\(NumberText.change(bounds.low)) to \(NumberText.change(bounds.high)))"
  }

  private static func window(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let profiling = evidence.record?.profiling else { return foreignWindow(evidence) }
    guard profiling.method != "none" else { return .notEvaluable("nothing was profiled") }
    let text: Prose =
      "profiles cover \(Wording.percent(profiling.windowOverlap)) of the measured phases"
    let source = commands.record("profiling.windowOverlap")
    return profiling.windowOverlap < evidence.thresholds.windowOverlap
      ? .fail(text, source) : .pass(text, source)
  }

  /// Without a record the files themselves may say when they watched; what went on then they do not.
  private static func foreignWindow(_ evidence: Evidence) -> Answer {
    let windows = evidence.roles.flatMap(\.windows)
    guard !windows.isEmpty, windows.allSatisfy({ $0.start > 0 && $0.seconds > 0 }) else {
      return .fail("there is no run.json: windows cannot be verified", nil)
    }
    // Go stamps a CPU profile when it begins, and the others when they are written.
    let first = windows.filter { $0.kind == .cpu }.map(\.start).min() ?? 0
    let starts = windows.map { window in
      window.kind != .cpu && first > 0 && window.start > first + window.seconds / 2
        ? window.start - window.seconds : window.start
    }
    let begin = starts.max() ?? 0
    let end = zip(starts, windows).map { $0 + $1.seconds }.min() ?? 0
    let longest = windows.map(\.seconds).max() ?? 0
    let common = max(0, end - begin) / longest
    let text: Prose =
      "there is no run.json; by their own times the \(Wording.count(windows.count)) profiles have \(Wording.percent(common)) of \(Wording.seconds(longest)) in common, and what load there was is not known"
    return common < evidence.thresholds.windowOverlap ? .fail(text, nil) : .warn(text, nil)
  }

  private static func countedCPU(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let quality = quality(evidence), quality.countedCPUSeconds > 0 else {
      return .notEvaluable("the run does not say how much CPU the kernel counted")
    }
    let off = abs(quality.sampledCPUSeconds / quality.countedCPUSeconds - 1)
    let text: Prose =
      "samples stand for \(Wording.seconds(quality.sampledCPUSeconds)), the clocks of the threads counted \(Wording.seconds(quality.countedCPUSeconds)) (\(Wording.percent(off)) apart)"
      + switching(quality)
    let source = commands.record("profiling.quality.sampledCPUSeconds")
    if off > evidence.thresholds.countedCPUFail { return .fail(text, source) }
    return off > evidence.thresholds.countedCPUWarn ? .warn(text, source) : .pass(text, source)
  }

  /// What the process was charged beyond its threads' clocks.
  private static func switching(_ quality: SamplingQuality) -> Prose {
    let rest = quality.processCPUSeconds - quality.countedCPUSeconds
    guard quality.processCPUSeconds > 0, rest > 0 else { return "" }
    return
      "; the process was charged \(Wording.seconds(quality.processCPUSeconds)): the other \(Wording.percent(rest / quality.processCPUSeconds)) went into switching threads, where nothing can be sampled"
  }

  private static func optimizedBuild(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let mode = evidence.run.environment?.buildMode, !mode.isEmpty else {
      return .notEvaluable("env.json does not say how the program was built")
    }
    let text: Prose = "built as \(name: mode)"
    let source = commands.environment("buildMode")
    return mode.lowercased().contains("debug") ? .fail(text, source) : .pass(text, source)
  }
}
