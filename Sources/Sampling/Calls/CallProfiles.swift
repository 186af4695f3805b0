import Pprof
import Vocabulary

/// System calls as a profile: which function made how many, and how long they took.
///
/// The sums over a process and a call are those of all its calls. They are shared out over the
/// stacks that were taken of it, as the samples say; a call of which no stack was taken has a row
/// that says so.
extension ProfileAssembler {
  /// The calls of one kind that a process made.
  private struct Group: Hashable {
    let pid: Int32
    let call: Int
  }

  private struct Part {
    let tid: Int32
    let stack: NamedStack
    let sum: CallLedger.StackSum
  }

  func calls(
    _ ledger: CallLedger, startNanoseconds: Int64, durationNanoseconds: Int64
  ) -> [(role: Role, profile: Profile)] {
    var builders = callBuilders()
    let groups = groups(ledger)
    let parts = parts(ledger)
    for (group, total) in groups.sorted(by: { Self.precedes($0.key, $1.key) }) {
      let known =
        parts[group] ?? [
          Part(
            tid: total.tid, stack: NamedStack(frame: "[no stack taken]"),
            sum: CallLedger.StackSum(samples: 0, calls: 1, nanoseconds: 1))
        ]
      share(total, group.call, over: known, &builders)
    }
    return builders.sorted { $0.key < $1.key }.map { role, builder in
      var builder = builder
      builder.setTime(
        startNanoseconds: startNanoseconds, durationNanoseconds: durationNanoseconds)
      return (role, builder.profile)
    }
  }

  private func callBuilders() -> [Role: ProfileBuilder] {
    var builders = roles.reduce(into: [Role: ProfileBuilder]()) { builders, role in
      builders[role] = ProfileBuilder(
        sampleTypes: [
          Profile.ValueType("calls", "count"), Profile.ValueType("time", "nanoseconds"),
        ],
        periodType: Profile.ValueType("calls", "count"), period: 1, defaultSampleType: "time")
    }
    for (index, rule) in rules.enumerated() {
      guard let program = names.program(of: index) else { continue }
      for role in rule.roles { builders[role]?.setProgram(program) }
    }
    return builders
  }

  private func groups(
    _ ledger: CallLedger
  ) -> [Group: (tid: Int32, count: Int, nanoseconds: UInt64)] {
    var groups: [Group: (tid: Int32, count: Int, nanoseconds: UInt64)] = [:]
    for thread in ledger.threads.values {
      for (call, sum) in thread.sums where sum.count > 0 {
        let group = Group(pid: threads.processes[thread.tid] ?? thread.tid, call: call)
        var total = groups[group] ?? (thread.tid, 0, 0)
        // Whose name a call without a stack bears must not depend on a hash.
        total.tid = min(total.tid, thread.tid)
        total.count += sum.count
        total.nanoseconds &+= sum.nanoseconds &+ sum.partNanoseconds
        groups[group] = total
      }
    }
    return groups
  }

  private func parts(_ ledger: CallLedger) -> [Group: [Part]] {
    let ordered = ledger.stacks.sorted {
      ($0.key.tid, $0.key.stack.index) < ($1.key.tid, $1.key.stack.index)
    }
    return Dictionary(
      grouping: ordered.map { ($0.key, $0.value) },
      by: { Group(pid: threads.processes[$0.0.tid] ?? $0.0.tid, call: $0.0.call) }
    ).mapValues { known in
      known.map { Part(tid: $0.0.tid, stack: stacks[Int($0.0.stack.index)], sum: $0.1) }
    }
  }

  /// Gives each part what it stands for, so that the parts add up to the whole.
  private func share(
    _ total: (tid: Int32, count: Int, nanoseconds: UInt64), _ call: Int, over parts: [Part],
    _ builders: inout [Role: ProfileBuilder]
  ) {
    let calls = parts.reduce(0) { $0 + $1.sum.calls }
    let time = parts.reduce(0) { $0 + $1.sum.nanoseconds }
    var (callsSoFar, timeSoFar) = (0.0, 0.0)
    var given = (calls: Int64(0), time: Int64(0))
    for part in parts {
      callsSoFar += part.sum.calls / calls
      // Without a single length the time goes as the calls do.
      timeSoFar += time > 0 ? part.sum.nanoseconds / time : part.sum.calls / calls
      let upTo = (
        calls: Self.whole(Double(total.count) * min(callsSoFar, 1)),
        time: Self.whole(Double(total.nanoseconds) * min(timeSoFar, 1))
      )
      add(part, call, values: [upTo.calls - given.calls, upTo.time - given.time], &builders)
      given = upTo
    }
  }

  private func add(
    _ part: Part, _ call: Int, values: [Int64], _ builders: inout [Role: ProfileBuilder]
  ) {
    let name = SystemCallName.of(call)
    let role = role(of: part.stack, part.tid)
    var labels = [
      Profile.Label(LabelKey.systemCall, name), Profile.Label(LabelKey.role, role.rawValue),
      Profile.Label(LabelKey.thread, threads.names[part.tid] ?? "thread"),
    ]
    if let operation = part.stack.operation {
      labels.insert(Profile.Label(LabelKey.operation, operation), at: 0)
    }
    if let process = part.stack.process { labels.append(Profile.Label(LabelKey.process, process)) }
    if part.stack.isTruncated { labels.append(Profile.Label(LabelKey.truncated, "true")) }
    // The leaf names the call, or a Go program would do nothing but `Syscall6`.
    builders[role]?.add(
      stack: [ProfileBuilder.Frame(named: "[\(name)]")] + part.stack.frames, values: values,
      labels: labels)
  }

  private static func whole(_ value: Double) -> Int64 { Int64(min(value.rounded(), 9e18)) }

  private static func precedes(_ left: Group, _ right: Group) -> Bool {
    (left.pid, left.call) < (right.pid, right.call)
  }
}
