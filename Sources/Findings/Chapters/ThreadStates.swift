import Measurement
import RunRecords
import Vocabulary

/// Where the time of all threads together went: thread-state analysis.
///
/// What was recorded and what nobody saw add up to threads × wall time, where the number of threads
/// is known.
package struct ThreadStates: Codable, Sendable, Equatable {
  package var subject: String
  /// Threads × seconds; nil where the run does not say how many threads there were.
  package var whole: Double?
  package var threads: Int?
  /// Of these, by name, those that never did an operation: they pace the load, or measure it.
  package var others: [String] = []
  package var rows: [Row]
  /// The whole less the rows; negative when more was recorded than there was time.
  package var rest: Double?
  /// Why there is no whole.
  package var reason: String?

  package struct Row: Codable, Sendable, Equatable {
    package var state: State
    package var role: String
    package var seconds: Double
  }

  package enum State: String, Codable, Sendable, CaseIterable {
    case running, runnable, lock
    case input = "I/O"
    case handover = "another thread"
    case sleep, idle
    case other = "cannot tell"
  }
}

/// Sorts CPU and waits of each role into states.
struct ThreadStateReader {
  let evidence: Evidence

  func splits() -> [ThreadStates] {
    guard evidence.roles.contains(where: { $0.profiles[.block] != nil }) else { return [] }
    let (workers, others) = foregroundThreads
    var background: [ThreadStates.Row] = []
    var foreground: [ThreadStates.Row] = []
    for role in evidence.roles {
      for row in rows(of: role, isBackground: false) { foreground.append(row) }
      for row in rows(of: role, isBackground: true) { background.append(row) }
    }
    return [split("threads of the load", foreground, workers, others)]
      + (background.isEmpty ? [] : [split("threads of the engine's own", background, nil)])
  }

  private var count: Int? {
    evidence.offersLoad
      ? evidence.record?.setting("concurrency").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
      : nil
  }

  /// As many as there are names in the profiles, for the load has threads beside its workers, and at
  /// least as many as there were workers; with those that never did an operation.
  private var foregroundThreads: (count: Int?, others: [String]) {
    guard let workers = count else { return (nil, []) }
    var isWorker: [String: Bool] = [:]
    for role in evidence.roles {
      for kind in [ProfileKind.cpu, .block] {
        for sample in role.profiles[kind]?.samples ?? [] where !isBackground(sample) {
          guard let thread = sample.thread else { continue }
          isWorker[thread, default: false] =
            isWorker[thread, default: false] || sample.operation != nil
        }
      }
    }
    let others = isWorker.filter { !$0.value }.keys.sorted()
    // Without the names of all workers nobody can say who the others are.
    guard isWorker.count - others.count <= workers, isWorker.count > workers else {
      return (max(workers, isWorker.count), [])
    }
    return (workers + others.count, others)
  }

  private func isBackground(_ sample: StackSample) -> Bool {
    sample.operation.map(Self.background.contains) ?? false
  }

  private func split(
    _ subject: String, _ rows: [ThreadStates.Row], _ threads: Int?, _ others: [String] = []
  ) -> ThreadStates {
    let sum = rows.reduce(0) { $0 + $1.seconds }
    let whole = threads.map { Double($0) * evidence.measuredSeconds }
    return ThreadStates(
      subject: evidence.offersLoad ? subject : "all threads", whole: whole, threads: threads,
      others: others, rows: rows, rest: whole.map { $0 - sum },
      reason: whole == nil
        ? "nobody recorded how many threads there were: the shares are of what was seen" : nil)
  }

  /// Operations run on the threads of the load; flushes and their like have threads of their own.
  private static let background: Set<String> = Set(
    [OperationKind.flush, .compact, .background].map(\.rawValue))

  private func rows(of role: RoleEvidence, isBackground: Bool) -> [ThreadStates.Row] {
    var sums: [ThreadStates.State: Double] = [:]
    func belongs(_ sample: StackSample) -> Bool {
      guard evidence.offersLoad else { return !isBackground }
      return self.isBackground(sample) == isBackground
    }
    for sample in role.profiles[.cpu]?.samples ?? [] where belongs(sample) {
      sums[.running, default: 0] += Double(sample.value) / 1e9
    }
    if let block = role.profiles[.block], block.isTime {
      for sample in block.samples where belongs(sample) {
        sums[state(of: sample, in: block), default: 0] += Double(sample.value) / 1e9
      }
    }
    return ThreadStates.State.allCases.compactMap { state in
      sums[state].flatMap { seconds in
        seconds > 0 ? ThreadStates.Row(state: state, role: role.name, seconds: seconds) : nil
      }
    }
  }

  private func state(of sample: StackSample, in slice: ProfileSlice) -> ThreadStates.State {
    switch sample.waitClass {
    case "runnable", "preempted", "runqueue": .runnable
    case "lock": .lock
    case "disk", "network": .input
    case "condition": .handover
    case "sleep": .sleep
    case "idle", "poll": .idle
    default: foreign(sample, in: slice)
    }
  }

  /// Without a label the stack must tell, as far as it does.
  private func foreign(_ sample: StackSample, in slice: ProfileSlice) -> ThreadStates.State {
    if sample.waitClass != nil { return .other }
    if slice.contains(.lockFrame)(sample) && !slice.contains(.queueWait)(sample) { return .lock }
    if slice.contains(.storageSync)(sample) { return .input }
    return switch WaitReading.nature(of: sample, in: slice) {
    case .idle: .idle
    case .necessary, .wasted: .handover
    case .unknown: .other
    }
  }
}
