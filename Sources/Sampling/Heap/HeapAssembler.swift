import Basics
import Pprof
import Vocabulary

/// A ledger of samples → profiles like those of Go, one for each role.
///
/// Roles and operations are given by the rules of `ProfileAssembler`. The leaf is the function that
/// was called (`malloc`); nothing of the shim is on a stack.
struct HeapAssembler {
  private let log: HeapLog
  private let ledger: HeapLedger
  private let rule: RoleRule
  private let stacks: [NamedStack]
  private let program: Profile.Mapping?

  init(_ log: HeapLog, _ ledger: HeapLedger, _ rule: RoleRule, _ images: ImageCache) {
    self.log = log
    self.ledger = ledger
    self.rule = rule
    let symbols = log.snapshots.map { Symbolicator($0, images) }
    program = symbols.first?.program(log.header.program)
    let names = symbols.map(RecordedNames.init)
    let none = RecordedNames(Symbolicator(AddressSpace(), images))
    stacks = log.stacks.map { stack in
      let place = Self.snapshot(for: stack, log.snapshots)
      return NamedStack(
        StackTable.Stack(kernel: [], user: stack.addresses, isTruncated: stack.isCut),
        place.map { names[$0] } ?? none)
    }
  }

  /// The snapshot that held then, or the last one when only that knows every address.
  private static func snapshot(for stack: HeapLog.Stack, _ snapshots: [AddressSpace]) -> Int? {
    guard let last = snapshots.indices.last else { return nil }
    let own = max(0, stack.snapshot)
    let knowsAll = { (place: Int) in
      stack.addresses.allSatisfy { snapshots[place].index(containing: $0) != nil }
    }
    return own != last && !knowsAll(own) && knowsAll(last) ? last : own
  }

  func names(of stack: Int) -> [String] { stacks[stack].userNames }

  // MARK: - Profiles

  func profiles() -> [Recording.RecordedProfile] {
    var builders = Dictionary(uniqueKeysWithValues: rule.roles.map { ($0, builder()) })
    for (key, sum) in ledger.sums.sorted(by: { order($0.key, $1.key) }) {
      let stack = stacks[key.stack]
      let thread = log.threadNames[key.thread] ?? "thread"
      let role = role(of: stack, thread)
      builders[role]?.add(
        stack: [ProfileBuilder.Frame(named: Self.name(of: key.call))] + stack.frames,
        values: [
          sum.allocatedObjects, sum.allocatedBytes, sum.liveObjects, sum.liveBytes,
        ].map { Int64(clamped: $0.value.rounded()) },
        labels: labels(stack, thread, role))
    }
    return rule.roles.compactMap { role in
      builders[role].map {
        Recording.RecordedProfile(role: role, kind: .heap, profile: $0.profile)
      }
    }
  }

  private func role(of stack: NamedStack, _ thread: String) -> Role {
    if case .service(let role) = rule { return role }
    return stack.operation != nil || thread.hasPrefix("engine-") ? .engine : .client
  }

  private func labels(_ stack: NamedStack, _ thread: String, _ role: Role) -> [Profile.Label] {
    var labels = [
      Profile.Label(LabelKey.role, role.rawValue), Profile.Label(LabelKey.thread, thread),
    ]
    if role == .engine {
      let operation = stack.operation ?? OperationKind.background.rawValue
      labels.insert(Profile.Label(LabelKey.operation, operation), at: 0)
    }
    if stack.isTruncated { labels.append(Profile.Label(LabelKey.truncated, "true")) }
    return labels
  }

  private func builder() -> ProfileBuilder {
    var builder = ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("alloc_objects", "count"), Profile.ValueType("alloc_space", "bytes"),
        Profile.ValueType("inuse_objects", "count"), Profile.ValueType("inuse_space", "bytes"),
      ],
      periodType: Profile.ValueType("space", "bytes"),
      period: log.header.tracesAll ? 1 : Int64(clamping: log.header.mean),
      defaultSampleType: "inuse_space")
    if let program { builder.setProgram(program) }
    let wall = log.header.startedWall &+ (ledger.began &- log.header.started)
    builder.setTime(
      startNanoseconds: Int64(clamping: wall),
      durationNanoseconds: Int64(clamping: ledger.ended - min(ledger.began, ledger.ended)))
    return builder
  }

  private static func name(of call: UInt32) -> String {
    let names = [
      "malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign", "valloc",
      "pvalloc", "reallocarray",
    ]
    return Int(call) < names.count ? names[Int(call)] : "allocate"
  }

  /// Equal recordings give equal files: the order must not depend on a hash.
  private func order(_ left: HeapLedger.Key, _ right: HeapLedger.Key) -> Bool {
    (left.stack, left.thread, left.call) < (right.stack, right.thread, right.call)
  }
}

extension Int64 {
  /// The nearest one, also for what is no number.
  fileprivate init(clamped value: Double) {
    self = value >= 9.2e18 ? .max : value > -9.2e18 ? Int64(value) : 0
  }
}
