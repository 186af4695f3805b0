package import Findings
package import Measurement
package import Pprof
package import RunRecords
package import Vocabulary

/// A run written in a few lines: stacks with shares, operations with counts, results with values.
///
/// Stacks are written from the root to the leaf with `;` between, as flame graphs do.
package struct SyntheticRun {
  package var files: [(role: String, kind: ProfileKind, stacks: [Stack])] = []
  package var record: RunRecord? = SyntheticRun.standardRecord()
  package var environment: EnvironmentRecord? = SyntheticRun.standardEnvironment()
  package var unreadable: Set<String> = []
  package var durationSeconds = 10.0
  /// How many trials each profile is split into; the merge is their sum.
  package var trialCount = 5

  package init() {}

  package struct Stack {
    package var frames: [String]
    package var count: Int
    /// Nanoseconds for one sample.
    package var each: Int64
    package var labels: [Profile.Label]
    package var lines: [Int64]

    /// `lines` are those of the frames, the root's first; 0 stands for one that nobody knows.
    package init(
      _ text: String, _ count: Int, op: String? = nil, each: Int64 = 1_000_000,
      waits: String? = nil, lock: String? = nil, lines: [Int64] = []
    ) {
      frames = text.split(separator: ";").map(String.init)
      self.count = count
      self.lines = lines
      self.each = each
      labels = [
        op.map { Profile.Label(LabelKey.operation, $0) },
        waits.map { Profile.Label(LabelKey.waitClass, $0) },
        lock.map { Profile.Label(LabelKey.lock, $0) },
      ].compactMap { $0 }
    }
  }

  package struct Unreadable: Error, CustomStringConvertible {
    package init() {}

    package var description: String { "the file is cut short" }
  }

  package mutating func profile(_ role: String, _ kind: ProfileKind, _ stacks: Stack...) {
    files.append((role, kind, stacks))
  }

  package mutating func remove(_ role: String, _ kind: ProfileKind) {
    files.removeAll { $0.role == role && $0.kind == kind }
  }

  package func folder(path: String = "Profiles/20260206_234749") -> RunFolder {
    var profiles: [RunFolder.ProfileFile: Profile] = [:]
    for file in files {
      let name = "\(file.role)_\(file.kind.rawValue).pprof"
      let role = Role(rawValue: file.role)
      profiles[.init(role: role, kind: file.kind, trial: nil, relativePath: name)] = merged(file)
      guard record != nil else { continue }
      for trial in 1...trialCount {
        let path = "trials/0\(trial)/\(name)"
        profiles[.init(role: role, kind: file.kind, trial: trial, relativePath: path)] =
          build(file.kind, file.stacks.map { share($0, trial: trial) })
      }
    }
    let unreadable = unreadable
    let finished = profiles
    return RunFolder(
      path: path, record: record, environment: environment,
      profileFiles: finished.keys.sorted { $0.relativePath < $1.relativePath }
    ) { file in
      guard !unreadable.contains(file.relativePath), let profile = finished[file] else {
        throw Unreadable()
      }
      return profile
    }
  }

  /// The part of a stack that falls into one trial; the remainder goes to the first ones.
  private func share(_ stack: Stack, trial: Int) -> Stack {
    var part = stack
    part.count = stack.count / trialCount + (trial <= stack.count % trialCount ? 1 : 0)
    return part
  }

  private func merged(_ file: (role: String, kind: ProfileKind, stacks: [Stack])) -> Profile {
    build(file.kind, file.stacks)
  }

  private func build(_ kind: ProfileKind, _ stacks: [Stack]) -> Profile {
    let types: [Profile.ValueType] =
      kind == .cpu
      ? [.init("samples", "count"), .init("cpu", "nanoseconds")]
      : [.init("contentions", "count"), .init("delay", "nanoseconds")]
    var builder = ProfileBuilder(sampleTypes: types, period: 1_000_000)
    builder.setTime(startNanoseconds: 0, durationNanoseconds: Int64(durationSeconds * 1e9))
    for stack in stacks where stack.count > 0 {
      builder.add(
        stack: Self.frames(stack),
        values: [Int64(stack.count), Int64(stack.count) * stack.each], labels: stack.labels)
    }
    return builder.profile
  }

  /// The leaf first.
  private static func frames(_ stack: Stack) -> [ProfileBuilder.Frame] {
    stack.frames.indices.reversed().map { place in
      let function = Profile.Function(name: stack.frames[place])
      let line = place < stack.lines.count ? stack.lines[place] : 0
      return ProfileBuilder.Frame(lines: [(function, line)])
    }
  }
}

extension SyntheticRun {
  /// A run that trips no gate: two cores, both busy at capacity, five trials of two seconds.
  package static func standardRecord() -> RunRecord {
    var quality = SamplingQuality()
    quality.samples = 20_000
    quality.sampledCPUSeconds = 19.9
    quality.countedCPUSeconds = 20
    quality.completeStacks = 20_000
    quality.userFrames = 200_000
    quality.namedUserFrames = 199_000
    quality.offsetOnlyUserFrames = 1_000
    quality.windowSeconds = 10
    quality.recorderCPUSeconds = 0.1
    let trials = (1...5).map {
      RunRecord.Trial(
        number: $0, status: .complete, operations: ["search": 4_000, "insert": 400],
        vectorsWritten: 20_000, measuredSeconds: 2, cpuSeconds: 4,
        cpuSecondsByRole: ["engine": 3.8, "client": 0.2])
    }
    return RunRecord(
      status: .complete, toolVersion: "1.0", command: "market", arguments: ["market"],
      replay: "vbench market --seed 42 --rate 2000", startedAt: "2026-02-06T18:17:49Z",
      durationSeconds: 30, seed: 42, settings: standardSettings,
      dataset: .init(
        kind: "clustered", rows: 50_000, dimensions: 256, metric: .cosine, queries: 1_000,
        querySource: "heldout", digest: "0123abcd"), trials: trials, results: standardResults,
      profiling: .init(
        method: "thread timers", missing: ["Kernel sampling is not permitted."], hertz: 199,
        kinds: [.cpu, .mutex, .block], windowOverlap: 0.99, quality: quality))
  }

  private static let standardSettings: [RunRecord.Setting] = [
    .init(name: "concurrency", value: "8", source: .standard),
    .init(name: "ef", value: "40", source: .standard),
    .init(name: "arrival", value: "poisson", source: .standard),
    .init(name: "rate", value: "2000", source: .calibrated),
    .init(name: "durability", value: "strict", source: .standard),
  ]

  private static let standardResults: [RunRecord.Result] = [
    result("throughput.offered", .perSecond, 2_201),
    result("throughput.achieved", .perSecond, 2_200),
    result("capacity", .perSecond, 2_200, count: 5),
    result("search.service.mean", .seconds, 0.001, observations: 20_000),
    result("search.response.mean", .seconds, 0.0012, observations: 20_000),
    result("search.response.p99", .seconds, 0.004, observations: 20_000),
    result("insert.service.mean", .seconds, 0.004, observations: 2_000),
    result("insert.response.mean", .seconds, 0.005, observations: 2_000),
    result("search.recall", .ratio, 0.97), result("search.recall.upper", .ratio, 0.972),
    result("client.cpu.share", .ratio, 0.05), result("generator.lag.p99", .seconds, 0.0001),
  ]

  package static func result(
    _ name: String, _ unit: MetricUnit, _ value: Double, count: Int = 5, observations: Int? = nil
  ) -> RunRecord.Result {
    RunRecord.Result(
      name: name, unit: unit, direction: .neutral,
      estimate: Estimate(
        value: value,
        interval: .init(low: value * 0.99, high: value * 1.01, method: "t on log"), count: count),
      trials: Array(repeating: value, count: count), observations: observations)
  }

  package static func standardEnvironment() -> EnvironmentRecord {
    EnvironmentRecord(
      processor: "a processor", cores: 2, instructionSets: ["avx2"], kernel: "6.18",
      frequencyGovernor: "performance", user: "root", buildMode: "release", stealShare: 0,
      otherProcessesCPU: 0.01)
  }

  package mutating func set(
    _ name: String, _ unit: MetricUnit, _ value: Double, observations: Int? = nil
  ) {
    record?.results.removeAll { $0.name == name }
    record?.results.append(Self.result(name, unit, value, observations: observations))
  }

  package func report() throws -> FindingsReport { try FindingsEngine.report(on: folder()) }
}

extension FindingsReport {
  package func fired(_ rule: String) -> [Finding] { allFindings.filter { $0.rule == rule } }

  package func isClean(_ rule: String) -> Bool { clean.contains { $0.rule == rule } }

  package func reasons(_ rule: String) -> [String] {
    notEvaluable.filter { $0.rule == rule }.map(\.reason)
  }

  package func gate(_ id: String) -> GateResult? { gates.first { $0.id == id } }
}
