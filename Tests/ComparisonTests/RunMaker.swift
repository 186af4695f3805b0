import Comparison
import Measurement
import Pprof
import RunRecords
import Vocabulary

/// Makes runs from values, without a disk.
struct RunMaker {
  var name = "run"
  var command = "market"
  var startedAt = "2026-02-06T22:47:49Z"
  var settings: [String: String] = [
    "top-k": "10", "ef": "64", "durability": "strict", "kernel": "automatic", "rate": "1200",
    "read-ratio": "0.9", "trials": "5", "scratch": "pooled", "visited": "marks",
  ]
  var digest = "abc"
  var metric = Metric.cosine
  var dimensions = 256
  var hertz = 997.0
  var environment: EnvironmentRecord? = EnvironmentRecord(
    processor: "A processor", cores: 2, memoryBytes: 8 << 30, kernel: "6.1", fileSystem: "ext4",
    buildMode: "release", gitRevision: "1111")
  var results: [RunRecord.Result] = []
  var operations: [String: Int] = ["search": 4_000, "insert": 400]
  var trials = 5
  var status = RunRecord.Status.complete
  /// The experiment whose arm it is.
  var turns: String?
  /// Settings that somebody chose.
  var chosen: Set<String> = []
  var hasRecord = true
  /// One per trial; nil is a profile that cannot be read.
  var profiles: [Profile?] = []
  /// A profile of all trials at the top of the folder.
  var merged: Profile?
  var role = Role.engine

  static func result(
    _ name: String, _ values: [Double], unit: MetricUnit = .seconds,
    direction: Direction = .lowerIsBetter
  ) -> RunRecord.Result {
    RunRecord.Result(
      name: name, unit: unit, direction: direction, estimate: Estimate.mean(ofTrials: values),
      trials: values)
  }

  private struct Unreadable: Error, CustomStringConvertible {
    var description: String { "it is cut short" }
  }

  func folder() -> RunFolder {
    var files = profiles.indices.map { trial in
      RunFolder.ProfileFile(
        role: role, kind: .cpu, trial: trial + 1,
        relativePath: "trials/0\(trial + 1)/\(role.rawValue)_cpu.pprof")
    }
    if merged != nil {
      files.append(
        RunFolder.ProfileFile(
          role: role, kind: .cpu, trial: nil, relativePath: "\(role.rawValue)_cpu.pprof"))
    }
    let (profiles, merged) = (profiles, merged)
    return RunFolder(
      path: "Profiles/\(name)", record: hasRecord ? record() : nil, environment: environment,
      profileFiles: files
    ) { file in
      guard let profile = file.trial.map({ profiles[$0 - 1] }) ?? merged else { throw Unreadable() }
      return profile
    }
  }

  private func record() -> RunRecord {
    var record = RunRecord(
      status: status, toolVersion: "1", command: command, arguments: [], replay: "",
      startedAt: startedAt, durationSeconds: 30, seed: 42,
      settings: settings.sorted { $0.key < $1.key }.map {
        RunRecord.Setting(
          name: $0.key, value: $0.value, source: chosen.contains($0.key) ? .flag : .standard)
      },
      dataset: RunRecord.Dataset(
        kind: "clustered", rows: 50_000, dimensions: dimensions, metric: metric, queries: 1_000,
        querySource: "heldout", digest: digest),
      trials: (0..<trials).map {
        RunRecord.Trial(
          number: $0 + 1, status: .complete, operations: operations, measuredSeconds: 4,
          cpuSeconds: 8)
      }, results: results,
      profiling: RunRecord.Profiling(method: "perf per-cpu", hertz: hertz, kinds: [.cpu]))
    record.turns = turns
    return record
  }

  /// A stack, leaf first, with its samples of one millisecond.
  struct Stack {
    var names: [String]
    var samples: Int64
    var operation: String?

    init(_ names: [String], _ samples: Int64, _ operation: String? = "search") {
      self.names = names
      self.samples = samples
      self.operation = operation
    }
  }

  static func profile(_ stacks: [Stack], seconds: Int64 = 4) -> Profile {
    var builder = ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("samples", "count"), Profile.ValueType("cpu", "nanoseconds"),
      ], defaultSampleType: "cpu")
    for stack in stacks {
      builder.add(
        stack: stack.names.map { ProfileBuilder.Frame(named: $0) },
        values: [stack.samples, stack.samples &* 1_000_000],
        labels: stack.operation.map { [Profile.Label(LabelKey.operation, $0)] } ?? [])
    }
    builder.setTime(startNanoseconds: 0, durationNanoseconds: seconds * 1_000_000_000)
    return builder.profile
  }
}

/// A seeded generator of this suite's own, so that it needs no other room.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / Double(1 << 53) }

  /// Standard normal, nearly.
  mutating func normal() -> Double {
    // Twelve uniforms: tails stop at six deviations, which no row of these tests needs.
    (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
  }

  /// About a Poisson count.
  mutating func count(_ mean: Double) -> Int64 {
    Int64(max(0, (mean + mean.squareRoot() * normal()).rounded()))
  }
}
