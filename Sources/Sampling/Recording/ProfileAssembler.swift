import Basics
import Pprof
import Vocabulary

/// Ledgers of stacks → pprof profiles, with roles and operations read from the stacks themselves.
///
/// A stack that contains a marker belongs to the engine, and so do threads called `engine-…`. The
/// rest is the client's: the load generator.
struct ProfileAssembler {
  let table: StackTable
  let threadNames: [Int32: String]
  /// What a CPU sample stands for, in nanoseconds.
  let period: Int64
  private let stacks: [NamedStack]
  private var builders: [Slot: ProfileBuilder] = [:]

  private struct Slot: Hashable {
    let role: Role
    let kind: ProfileKind
  }

  init(_ table: StackTable, _ symbols: Symbolicator, threadNames: [Int32: String], period: Int64) {
    self.table = table
    self.threadNames = threadNames
    self.period = period
    stacks = table.stacks.map { NamedStack($0, symbols) }
  }

  // MARK: - CPU

  struct FrameCounts {
    var all = 0
    var named = 0
    var offsetOnly = 0
  }

  mutating func add(_ ledger: CPULedger) -> FrameCounts {
    var counts = FrameCounts()
    prepare(.cpu)
    for (key, sum) in ledger.sums.sorted(by: { Self.order($0.key, $1.key) }) {
      let stack = stacks[Int(key.stack.index)]
      let samples = Int(clamping: sum.samples)
      counts.all += stack.userFrames * samples
      counts.named += stack.named * samples
      counts.offsetOnly += stack.offsetOnly * samples
      add(
        stack.frames, of: stack, key.tid, .cpu, values: [sum.samples, sum.nanoseconds], class: nil)
    }
    return counts
  }

  // MARK: - Waits

  mutating func add(_ ledger: WaitLedger) {
    prepare(.block)
    prepare(.mutex)
    let weights = Self.weights(ledger)
    for (key, sum) in ledger.sums.sorted(by: { order($0.key, $1.key) }) {
      let weight = weights[key.tid] ?? 1
      // The time of switches without a stack is shared out over those that have one.
      if key.stack == nil, key.kind != .begunBefore, weight > 1 { continue }
      let scaled = key.kind == .begunBefore ? sum : sum.times(weight)
      add(key, scaled)
    }
  }

  /// A wait that the process noted itself.
  struct NotedWait {
    let tid: Int32
    let stack: StackID
    /// Who let the lock go.
    let releaser: StackID?
    let waitClass: WaitClass
    let nanoseconds: Int64
  }

  mutating func add(_ waits: [NotedWait]) {
    prepare(.block)
    prepare(.mutex)
    for wait in waits {
      let stack = stacks[Int(wait.stack.index)]
      add(
        stack.noted, of: stack, wait.tid, .block, values: [1, wait.nanoseconds],
        class: wait.waitClass.rawValue)
      if wait.waitClass == .lock {
        charge(
          wait.releaser.map { stacks[Int($0.index)] } ?? stack, stack, wait.tid,
          values: [1, wait.nanoseconds])
      }
    }
  }

  private mutating func add(_ key: WaitLedger.Key, _ sum: WaitLedger.Sum) {
    let stack = key.stack.map { stacks[Int($0.index)] } ?? NamedStack(frame: Self.noStack(key.kind))
    var waitClass = WaitReason.of(kernel: stack.kernelNames, user: stack.userNames)
    if key.stack == nil { waitClass = .unknown }
    let isOpen = key.kind == .open || key.kind == .begunBefore
    var (blocked, runnable) = (sum.blocked, sum.runnable)
    // A thread that yields is never woken, for it was never asleep.
    if waitClass == .runnable { (blocked, runnable) = (0, blocked + runnable) }
    if blocked > 0 {
      add(
        stack.waiting, of: stack, key.tid, .block, values: [sum.count, blocked],
        class: waitClass.rawValue, isOpen: isOpen)
    }
    if runnable > 0 {
      // Counted once: the wait for a lock and the wait for a core after it are one wait.
      add(
        stack.withoutCore, of: stack, key.tid, .block,
        values: [blocked > 0 ? 0 : sum.count, runnable],
        class: (key.kind == .preempted ? WaitReason.preempted : .runnable).rawValue, isOpen: isOpen)
    }
    if waitClass == .lock {
      charge(
        key.waker.map { stacks[Int($0.index)] } ?? stack, stack, key.tid,
        values: [sum.count, sum.blocked + sum.runnable])
    }
  }

  /// Charges a wait for a lock to whoever let it go, as Go does, or else to the one who waited.
  private mutating func charge(
    _ charged: NamedStack, _ waiter: NamedStack, _ tid: Int32, values: [Int64]
  ) {
    let role = isEngine(waiter, tid) ? Role.engine : .client
    var labels = [
      Profile.Label(LabelKey.role, role.rawValue),
      Profile.Label(LabelKey.waitClass, WaitReason.lock.rawValue),
    ]
    if let operation = charged.operation ?? waiter.operation {
      labels.insert(Profile.Label(LabelKey.operation, operation), at: 0)
    }
    builders[Slot(role: role, kind: .mutex)]?.add(
      stack: charged.releasing, values: values, labels: labels)
  }

  private static func noStack(_ kind: WaitLedger.Kind) -> String {
    kind == .begunBefore ? "[waiting since before the window]" : "[switch without a stack]"
  }

  /// By how much the stacks of a thread must be stretched to stand for all its switches.
  private static func weights(_ ledger: WaitLedger) -> [Int32: Double] {
    var known: [Int32: (with: Int64, without: Int64)] = [:]
    for (key, sum) in ledger.sums where key.kind != .begunBefore {
      let time = sum.blocked + sum.runnable
      if key.stack == nil {
        known[key.tid, default: (0, 0)].without += time
      } else {
        known[key.tid, default: (0, 0)].with += time
      }
    }
    return known.compactMapValues { times in
      times.with > 0 && times.without > 0
        ? Double(times.with + times.without) / Double(times.with) : nil
    }
  }

  // MARK: - Building

  private func isEngine(_ stack: NamedStack, _ tid: Int32) -> Bool {
    stack.operation != nil || threadNames[tid]?.hasPrefix("engine-") == true
  }

  private mutating func add(
    _ frames: [ProfileBuilder.Frame], of stack: NamedStack, _ tid: Int32, _ kind: ProfileKind,
    values: [Int64], class waitClass: String?, isOpen: Bool = false
  ) {
    let role = isEngine(stack, tid) ? Role.engine : .client
    var labels = [
      Profile.Label(LabelKey.role, role.rawValue),
      Profile.Label(LabelKey.thread, threadNames[tid] ?? "thread"),
    ]
    if role == .engine {
      let operation = stack.operation ?? OperationKind.background.rawValue
      labels.insert(Profile.Label(LabelKey.operation, operation), at: 0)
    }
    if let waitClass { labels.append(Profile.Label(LabelKey.waitClass, waitClass)) }
    if isOpen { labels.append(Profile.Label("open", "true")) }
    if stack.isTruncated { labels.append(Profile.Label(LabelKey.truncated, "true")) }
    builders[Slot(role: role, kind: kind)]?.add(stack: frames, values: values, labels: labels)
  }

  private mutating func prepare(_ kind: ProfileKind) {
    for role in [Role.engine, .client] {
      builders[Slot(role: role, kind: kind)] = kind == .cpu ? cpuBuilder : waitBuilder
    }
  }

  private var cpuBuilder: ProfileBuilder {
    ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("samples", "count"), Profile.ValueType("cpu", "nanoseconds"),
      ],
      periodType: Profile.ValueType("cpu", "nanoseconds"), period: period,
      defaultSampleType: "cpu")
  }

  private var waitBuilder: ProfileBuilder {
    ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("contentions", "count"), Profile.ValueType("delay", "nanoseconds"),
      ],
      periodType: Profile.ValueType("contentions", "count"), period: 1,
      defaultSampleType: "delay")
  }

  /// The profiles, roles and kinds in a fixed order.
  func profiles(
    startNanoseconds: Int64, durationNanoseconds: Int64
  ) -> [Recording.RecordedProfile] {
    [Role.engine, .client].flatMap { role in
      ProfileKind.allCases.compactMap { kind in
        guard var builder = builders[Slot(role: role, kind: kind)] else { return nil }
        builder.setTime(
          startNanoseconds: startNanoseconds, durationNanoseconds: durationNanoseconds)
        return Recording.RecordedProfile(role: role, kind: kind, profile: builder.profile)
      }
    }
  }

  // MARK: - Order

  /// Equal recordings give equal files: the order must not depend on a hash.
  private static func order(_ left: CPULedger.Key, _ right: CPULedger.Key) -> Bool {
    (left.tid, left.stack.index) < (right.tid, right.stack.index)
  }

  private func order(_ left: WaitLedger.Key, _ right: WaitLedger.Key) -> Bool {
    Self.rank(left).lexicographicallyPrecedes(Self.rank(right))
  }

  private static func rank(_ key: WaitLedger.Key) -> [Int32] {
    [key.tid, key.stack?.index ?? -1, key.waker?.index ?? -1, Int32(key.kind.hashRank)]
  }
}

extension WaitLedger.Kind {
  fileprivate var hashRank: Int {
    switch self {
    case .blocked: 0
    case .preempted: 1
    case .begunBefore: 2
    case .open: 3
    }
  }
}

extension WaitLedger.Sum {
  fileprivate func times(_ weight: Double) -> WaitLedger.Sum {
    WaitLedger.Sum(
      count: Int64((Double(count) * weight).rounded()),
      blocked: Int64((Double(blocked) * weight).rounded()),
      runnable: Int64((Double(runnable) * weight).rounded()))
  }
}
