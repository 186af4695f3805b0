import Pprof
import Vocabulary

/// Counted stacks → pprof profiles, with roles and operations read from the stacks themselves.
///
/// A stack that contains a marker (`vb_op_search` …) belongs to the engine, and the outermost
/// marker names the operation. Threads called `engine-…` are the engine's too. The rest is the
/// client's: the load generator.
struct ProfileAssembler {
  let symbols: Symbolicator
  let threadNames: [Int32: String]
  let hertz: Int

  struct Assembled {
    var profiles: [Recording.RecordedProfile]
    var userFrames = 0
    var named = 0
    var offsetOnly = 0
  }

  func assemble(
    _ table: StackTable, startNanoseconds: Int64, durationNanoseconds: Int64
  ) -> Assembled {
    var builders: [Role: ProfileBuilder] = [:]
    var result = Assembled(profiles: [])
    for (key, count) in table.counts.sorted(by: Self.order) {
      var operation: String?
      var user: [ProfileBuilder.Frame] = []
      for address in key.user {
        let named = symbols.user(address)
        user.append(named.frame)
        result.userFrames += Int(count.samples)
        if named.quality == .named { result.named += Int(count.samples) }
        if named.quality == .offsetOnly { result.offsetOnly += Int(count.samples) }
        let name = named.frame.lines.first?.function.name ?? ""
        // The outermost marker comes last, walking from the leaf.
        if name.hasPrefix("vb_op_") { operation = String(name.dropFirst(6)) }
      }
      if key.isTruncated { user.append(ProfileBuilder.Frame(named: "[truncated]")) }
      let thread = threadNames[key.tid] ?? "thread"
      let isEngine = operation != nil || thread.hasPrefix("engine-")
      let role = isEngine ? Role.engine : Role.client
      var labels = [
        Profile.Label(LabelKey.role, role.rawValue), Profile.Label(LabelKey.thread, thread),
      ]
      if isEngine {
        labels.insert(
          Profile.Label(
            LabelKey.operation, operation ?? OperationKind.background.rawValue), at: 0)
      }
      if key.isTruncated { labels.append(Profile.Label(LabelKey.truncated, "true")) }
      builders[role, default: builder()].add(
        stack: key.kernel.map(symbols.kernel) + user, values: [count.samples, count.nanoseconds],
        labels: labels)
    }
    for role in [Role.engine, .client] {
      var made = builders[role] ?? builder()
      made.setTime(
        startNanoseconds: startNanoseconds, durationNanoseconds: durationNanoseconds)
      result.profiles.append(
        Recording.RecordedProfile(role: role, kind: .cpu, profile: made.profile))
    }
    return result
  }

  private func builder() -> ProfileBuilder {
    ProfileBuilder(
      sampleTypes: [
        Profile.ValueType("samples", "count"), Profile.ValueType("cpu", "nanoseconds"),
      ],
      periodType: Profile.ValueType("cpu", "nanoseconds"),
      period: Int64(1_000_000_000 / max(1, hertz)), defaultSampleType: "cpu")
  }

  /// Equal recordings give equal files: the order must not depend on a hash.
  private static func order(
    _ left: (key: StackTable.Key, value: StackTable.Count),
    _ right: (key: StackTable.Key, value: StackTable.Count)
  ) -> Bool {
    if left.key.tid != right.key.tid { return left.key.tid < right.key.tid }
    if left.key.user != right.key.user {
      return left.key.user.lexicographicallyPrecedes(right.key.user)
    }
    return left.key.kernel.lexicographicallyPrecedes(right.key.kernel)
  }
}
