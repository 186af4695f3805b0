import Basics
import Pprof
import Vocabulary

/// Ledgers of stacks → pprof profiles, with roles and operations read from the stacks themselves.
///
/// In a trial of ours a stack that contains a marker belongs to the engine, and so do threads called
/// `engine-…`; the rest is the client's: the load generator. What a service does is its own.
struct ProfileAssembler {
  let threads: Threads.Table
  /// What a CPU sample stands for, in nanoseconds.
  let period: Int64
  let stacks: [NamedStack]
  let rules: [RoleRule]
  let names: RecordedNames
  /// The classes of waits that are wanted; nil for all.
  private var kept: Set<String>?
  private var builders: [Slot: ProfileBuilder] = [:]

  private struct Slot: Hashable {
    let role: Role
    let kind: ProfileKind
  }

  init(
    _ table: StackTable, _ names: RecordedNames, roles: [RoleRule], threads: Threads.Table,
    period: Int64
  ) {
    self.threads = threads
    self.period = period
    rules = roles
    self.names = names
    stacks = table.stacks.map { NamedStack($0, names) }
  }

  // MARK: - Roles

  var roles: [Role] { Set(rules.flatMap(\.roles)).sorted() }

  func role(of stack: NamedStack, _ tid: Int32) -> Role {
    let target = stack.target ?? threads.targets[tid] ?? 0
    if case .service(let role) = rules[target] { return role }
    let isEngine =
      stack.operation != nil || threads.names[tid]?.hasPrefix("engine-") == true
    return isEngine ? .engine : .client
  }

  // MARK: - CPU

  struct FrameCounts {
    var all = 0
    var named = 0
    var offsetOnly = 0
    /// Samples that have a frame without a name, by its file.
    var samplesWithoutName: [String: Int] = [:]
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
      for file in stack.unnamed { counts.samplesWithoutName[file, default: 0] += samples }
      add(
        stack.frames, of: stack, key.tid, .cpu, values: [sum.samples, sum.nanoseconds],
        class: stack.isSpinning ? "spin" : nil)
    }
    return counts
  }

  /// Adds what the clocks counted and no sample stands for, as a row of its own.
  ///
  /// Only where everything belongs to one service: nobody knows whose time it was.
  mutating func addUnsampled(_ quality: RecordingQuality) {
    let missing = Int64((quality.countedCPUSeconds - quality.sampledCPUSeconds) * 1e9)
    guard roles.count == 1, let role = roles.first, missing > 0 else { return }
    builders[Slot(role: role, kind: .cpu)]?.add(
      stack: [ProfileBuilder.Frame(named: "[not sampled]")], values: [0, missing],
      labels: [Profile.Label(LabelKey.role, role.rawValue)])
  }

  // MARK: - Waits

  mutating func add(_ ledger: WaitLedger, only classes: Set<String>? = nil) {
    kept = classes
    prepare(.block)
    prepare(.mutex)
    let weights = StackWeights(ledger)
    var locks: [LockWait] = []
    for (key, sum) in ledger.sums.sorted(by: { order($0.key, $1.key) }) {
      guard let scaled = weights.scaled(sum, of: key) else { continue }
      if let wait = add(key, scaled) { locks.append(wait) }
    }
    charge(locks)
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

  /// Adds a wait; answers it when it was for a lock, to be charged to whoever held that.
  private mutating func add(_ key: WaitLedger.Key, _ sum: WaitLedger.Sum) -> LockWait? {
    let stack = key.stack.map { stacks[Int($0.index)] } ?? NamedStack(frame: Self.noStack(key.kind))
    let waitClass = key.stack == nil ? .unknown : stack.waitReason
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
    guard waitClass == .lock, kept?.contains(waitClass.rawValue) ?? true else { return nil }
    return LockWait(
      tid: key.tid, waiter: stack, releaser: key.waker, count: sum.count,
      nanoseconds: sum.blocked + sum.runnable)
  }

  // MARK: - Locks

  private mutating func charge(_ waits: [LockWait]) {
    let holders = LockHolders(waits)
    for wait in waits {
      for part in holders.parts(of: wait) {
        charge(
          part.releaser.map { stacks[Int($0.index)] } ?? wait.waiter, wait.waiter, wait.tid,
          values: [part.count, part.nanoseconds])
      }
    }
  }

  /// Charges a wait for a lock to whoever let it go, as Go does, or else to the one who waited.
  private mutating func charge(
    _ charged: NamedStack, _ waiter: NamedStack, _ tid: Int32, values: [Int64]
  ) {
    let role = role(of: waiter, tid)
    var labels = [
      Profile.Label(LabelKey.role, role.rawValue),
      Profile.Label(LabelKey.waitClass, WaitReason.lock.rawValue),
    ]
    if let lock = waiter.lock { labels.append(Profile.Label(LabelKey.lock, lock)) }
    if let caller = waiter.lockCaller { labels.append(Profile.Label(LabelKey.waiter, caller)) }
    if let operation = charged.operation ?? waiter.operation {
      labels.insert(Profile.Label(LabelKey.operation, operation), at: 0)
    }
    builders[Slot(role: role, kind: .mutex)]?.add(
      stack: charged.releasing, values: values, labels: labels)
  }

  private static func noStack(_ kind: WaitLedger.Kind) -> String {
    kind == .begunBefore ? "[waiting since before the window]" : "[switch without a stack]"
  }

  // MARK: - Building

  private mutating func add(
    _ frames: [ProfileBuilder.Frame], of stack: NamedStack, _ tid: Int32, _ kind: ProfileKind,
    values: [Int64], class waitClass: String?, isOpen: Bool = false
  ) {
    if let waitClass, let kept, !kept.contains(waitClass) { return }
    let role = role(of: stack, tid)
    var labels = [
      Profile.Label(LabelKey.role, role.rawValue),
      Profile.Label(LabelKey.thread, threads.names[tid] ?? "thread"),
    ]
    if let process = stack.process { labels.append(Profile.Label(LabelKey.process, process)) }
    if let lock = stack.lock, waitClass == WaitReason.lock.rawValue {
      labels.append(Profile.Label(LabelKey.lock, lock))
    }
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
    for (index, rule) in rules.enumerated() {
      for role in rule.roles {
        var builder = kind == .cpu ? cpuBuilder : waitBuilder
        if let program = names.program(of: index) { builder.setProgram(program) }
        builders[Slot(role: role, kind: kind)] = builder
      }
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
    roles.flatMap { role in
      ProfileKind.allCases.compactMap { kind in
        guard var builder = builders[Slot(role: role, kind: kind)] else { return nil }
        builder.setTime(
          startNanoseconds: startNanoseconds, durationNanoseconds: durationNanoseconds)
        return Recording.RecordedProfile(role: role, kind: kind, profile: builder.profile)
      }
    }
  }

  // MARK: - An event by name

  /// Where an event happened: how often, by stack.
  func events(_ ledger: CPULedger, _ event: NamedEvent) -> [(role: Role, profile: Profile)] {
    var builders = roles.reduce(into: [Role: ProfileBuilder]()) { builders, role in
      builders[role] = ProfileBuilder(
        sampleTypes: [
          Profile.ValueType("samples", "count"),
          Profile.ValueType(event.name.spelling, "count"),
        ],
        periodType: Profile.ValueType(event.name.spelling, "count"),
        period: Int64(clamping: event.period), defaultSampleType: event.name.spelling)
    }
    for (index, rule) in rules.enumerated() {
      guard let program = names.program(of: index) else { continue }
      for role in rule.roles { builders[role]?.setProgram(program) }
    }
    for (key, sum) in ledger.sums.sorted(by: { Self.order($0.key, $1.key) }) {
      let stack = stacks[Int(key.stack.index)]
      builders[role(of: stack, key.tid)]?.add(
        stack: stack.frames, values: [sum.samples, sum.nanoseconds],
        labels: [Profile.Label(LabelKey.thread, threads.names[key.tid] ?? "thread")])
    }
    return builders.sorted { $0.key < $1.key }.map { ($0.key, $0.value.profile) }
  }

  // MARK: - Timeline

  /// The spells of the threads, named as the profiles are.
  func timeline(
    _ ledger: TimelineLedger, processes: [Timeline.Process], threads: Threads.Table
  ) -> Timeline {
    ledger.timeline(
      processes: processes,
      threads: threads.processes.sorted { $0.key < $1.key }.map { tid, pid in
        Timeline.Thread(pid: pid, tid: tid, name: threads.names[tid] ?? "thread \(tid)")
      },
      operation: { stacks[Int($0.index)].operation },
      reason: { stacks[Int($0.index)].waitReason.rawValue })
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
    [
      key.tid, key.stack?.index ?? -1, key.waker?.index ?? -1, Int32(key.kind.hashRank),
      Int32(clamping: key.spacing),
    ]
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
