import Measurement
import Pprof
import RunRecords
import Vocabulary

/// Everything the rules may look at: the run's record, its machine, and its profiles by role.
struct Evidence: Sendable {
  let run: RunFolder
  let roles: [RoleEvidence]
  /// Files that could not be read, and why.
  let unreadable: [String: String]
  let collected: [CollectedFile]
  let thresholds: Thresholds
  /// What a user's file of rules adds to the rules of vbench.
  var projectRules: [ProjectRule] = []

  var record: RunRecord? { run.record }

  /// Trials that ended well; the others carry their problem and count for nothing.
  var trials: [RunRecord.Trial] { record?.trials.filter { $0.status == .complete } ?? [] }

  var measuredSeconds: Double { trials.reduce(0) { $0 + $1.measuredSeconds } }

  func operations(_ name: String) -> Int { trials.reduce(0) { $0 + ($1.operations[name] ?? 0) } }

  /// Whether the run made its own load, as workloads do and recordings of other programs do not.
  var offersLoad: Bool { record?.dataset != nil }

  /// When the CPU that is spoken of was used.
  var atItsLoad: String { offersLoad ? "at capacity" : "while it was watched" }

  var coresAtCapacity: Double? { record?.result("capacity.cores")?.estimate.value }

  var cores: Int? { run.environment.flatMap { $0.cores > 0 ? $0.cores : nil } }

  /// CPU seconds of all roles together: what a core-bound run has to share out.
  var sampledCPUSeconds: Double {
    roles.reduce(0) { $0 + ($1.profiles[.cpu]?.total ?? 0) }
  }

  func role(_ name: String) -> RoleEvidence? { roles.first { $0.name == name } }

  /// Seconds that the workers spent inside operations of one kind, if the run timed them.
  func serviceSeconds(_ operation: String) -> Double? {
    guard let mean = record?.result("\(operation).service.mean")?.estimate.value else { return nil }
    let count = operations(operation)
    return count > 0 ? mean * Double(count) : nil
  }

  /// The windows the profiles of a role cover, in seconds.
  func window(of role: RoleEvidence) -> Double? {
    record != nil && measuredSeconds > 0 ? measuredSeconds : role.durationSeconds
  }
}

extension Evidence {
  /// Whether kernel frames would be in the samples if there were any.
  ///
  /// A process that samples itself by signal sees none of its own; a foreign profile may.
  var seesKernel: Bool { record?.profiling.method != RunRecord.Profiling.threadTimers }
}

/// When a profile watched, as far as its file says.
struct ProfileWindow: Sendable {
  let kind: ProfileKind
  /// Seconds since 1970; 0 when the file does not say.
  let start: Double
  /// 0 when the file does not say.
  let seconds: Double
  /// Samples a second of CPU; nil for other kinds.
  let hertz: Double?

  init(_ kind: ProfileKind, _ profile: Profile) {
    self.kind = kind
    start = Double(profile.timeNanoseconds) / 1e9
    seconds = Double(profile.durationNanoseconds) / 1e9
    hertz = kind == .cpu && profile.period > 0 ? 1e9 / Double(profile.period) : nil
  }
}

/// One role, with replicas such as `worker1` and `worker2` taken together.
struct RoleEvidence: Sendable {
  let name: String
  let members: [String]
  let profiles: [ProfileKind: ProfileSlice]
  /// What the profiles say about their own length; nil when they do not.
  let durationSeconds: Double?
  /// When its profiles watched, as far as they say.
  var windows: [ProfileWindow] = []

  /// Of profiles that say how long they watched; those that do not began with their program.
  func seconds(_ kind: ProfileKind) -> Double? {
    windows.filter { $0.kind == kind }.map(\.seconds).max().flatMap { $0 > 0 ? $0 : nil }
  }

  /// The whole profile, then one slice for each operation in it.
  func slices(_ kind: ProfileKind) -> [ProfileSlice] {
    guard let whole = profiles[kind] else { return [] }
    return [whole] + operations(kind).map(whole.of(operation:))
  }

  func operations(_ kind: ProfileKind) -> [String] {
    let names = Set(profiles[kind]?.samples.compactMap(\.operation) ?? [])
    let known = OperationKind.allCases.map(\.rawValue)
    return known.filter(names.contains) + names.subtracting(known).sorted()
  }
}
