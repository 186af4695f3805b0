import Pprof
import RunRecords
import Vocabulary

/// The samples of one role and kind, all of them or those of one operation: what a rule looks at.
struct ProfileSlice: Sendable {
  let role: String
  let kind: ProfileKind
  /// Nil means all operations together.
  private(set) var operation: String?
  let sampleType: String
  let isTime: Bool
  /// The files behind the samples: one, or one for each replica of the role.
  let files: [ProfileFileReference]
  let table: SymbolTable
  private(set) var samples: [StackSample]
  /// The same slice of each trial's own profile, where the run kept them.
  private(set) var trials: [[StackSample]]
  /// The same slice of each replica, in the order of `files`.
  private(set) var members: [[StackSample]]
  /// The role as a whole uses next to no CPU: what it waits for is work.
  var isOfIdleRole = false
  /// The counts stand for more events than were recorded, and nobody knows for how many.
  var hasScaledCounts = false
  /// The part of the waits that was recorded with its stack: where threads switch often, one in some
  /// stands for all, in the counts too.
  var witnessed = 1.0
  /// Stacks in which one thread waits for nearly all of the window; see `StandingWaits`.
  var standing: Set<[Int32]> = []
  /// What was left out because the profiler itself did it.
  private(set) var ofProfiler: [StackSample] = []

  var total: Double { Self.seconds(samples) }

  var sampleCount: Int { samples.reduce(0) { $0 + Int(clamping: $1.count) } }

  static func seconds(_ samples: [StackSample]) -> Double {
    samples.reduce(0) { $0 + Double($1.value) } / 1e9
  }

  func of(operation: String) -> ProfileSlice {
    var part = only { $0.operation == operation }
    part.operation = operation
    return part
  }

  /// The slice with some of its stacks alone.
  func only(_ keep: (StackSample) -> Bool) -> ProfileSlice {
    var part = self
    part.samples = samples.filter(keep)
    part.trials = trials.map { $0.filter(keep) }
    part.members = members.map { $0.filter(keep) }
    return part
  }

  /// The slice and samples of another profile of the same role.
  func with(_ others: [StackSample]) -> ProfileSlice {
    var sum = self
    sum.samples += others
    sum.trials = []
    return sum
  }

  /// Without what the profiler itself did: fetching a profile waits for the end of its window and
  /// computes, and is no part of what the program does.
  func withoutProfiler() -> ProfileSlice {
    let isOurs = contains(.profiler)
    let ours = samples.filter(isOurs)
    guard !ours.isEmpty else { return self }
    // A filter of names, as the commands have it then, drops stacks without any.
    var rest = only { !isOurs($0) && !$0.symbols.isEmpty }
    rest.ofProfiler = ours
    return rest
  }

  /// How much of the slice is in the stacks that match, with its interval.
  func share(where matches: (StackSample) -> Bool) -> Share {
    let chosen = samples.filter(matches)
    let part = Self.seconds(chosen)
    let shares = trials.filter { !$0.isEmpty }.map { trial in
      Self.seconds(trial.filter(matches)) / max(Self.seconds(trial), 1e-12)
    }
    let range = ShareInterval.of(
      part: part, whole: total, effectiveSamples: effectiveSamples, trialShares: shares)
    return Share(
      part: part, whole: total, samples: chosen.reduce(0) { $0 + Int(clamping: $1.count) },
      samplesOfWhole: sampleCount, trials: shares.count, low: range.low, high: range.high,
      method: hasScaledCounts ? Share.scaledCounts : range.method)
  }

  /// As many equal samples as carry the same information: a few long waits count as few.
  private var effectiveSamples: Double {
    let sum = samples.reduce(0.0) { $0 + Double($1.value) }
    let squares = samples.reduce(0.0) {
      $0 + Double($1.value) * Double($1.value) / Double(max(1, $1.count))
    }
    return squares > 0 ? witnessed * sum * sum / squares : 0
  }

  /// How much of its CPU a program spends on recording itself, where that is seen and worth a word.
  func watching(_ limits: Thresholds) -> Double? {
    let own = Self.seconds(ofProfiler)
    let count = ofProfiler.reduce(0) { $0 + Int(clamping: $1.count) }
    guard count >= limits.samplesUnderLock, own >= limits.watchingCost * (own + total) else {
      return nil
    }
    return own / (own + total)
  }

  func contains(_ group: SymbolGroup) -> @Sendable (StackSample) -> Bool { containsAny([group]) }

  func containsAny(_ groups: [SymbolGroup]) -> @Sendable (StackSample) -> Bool {
    let wanted = SymbolGroups(groups)
    return { [table] sample in
      sample.symbols.contains { !table[$0].groups.isDisjoint(with: wanted) }
    }
  }

  /// Whether any stack, counted or not, has a function of these groups.
  func hasAny(of groups: [SymbolGroup]) -> Bool { samples.contains(where: containsAny(groups)) }

  /// Whether the innermost function that is either the project's or of one of the groups is of a
  /// group: for frameworks, which stand at the root of every stack.
  func isSpent(in groups: [SymbolGroup]) -> @Sendable (StackSample) -> Bool {
    let wanted = SymbolGroups(groups)
    return { [table] sample in
      for symbol in sample.symbols {
        if !table[symbol].groups.isDisjoint(with: wanted) { return true }
        if table[symbol].layer == .project { return false }
      }
      return false
    }
  }

  /// Whether any sample shows what the kernel did.
  var seesKernel: Bool {
    samples.contains { sample in sample.symbols.contains { table[$0].layer == .kernel } }
  }

  /// Whether Go made this profile of waits: it has no classes, and waits in Go's own functions.
  var isGoWaits: Bool {
    guard kind == .mutex || kind == .block, !samples.contains(where: { $0.waitClass != nil })
    else { return false }
    return samples.contains { sample in
      guard let leaf = sample.symbols.first.map({ table[$0].name }) else { return false }
      return ["runtime.", "sync.", "internal/sync."].contains(where: leaf.hasPrefix)
    }
  }

  func contains(function short: String) -> @Sendable (StackSample) -> Bool {
    { [table] sample in sample.symbols.contains { table[$0].short == short } }
  }

  func hasLeaf(_ short: String) -> @Sendable (StackSample) -> Bool {
    { [table] sample in sample.symbols.first.map { table[$0].short == short } ?? false }
  }

  /// The first project frame above the leaf: who is charged for what the runtime and libc do.
  func owner(of sample: StackSample) -> String? {
    sample.symbols.first { table[$0].layer == .project }.map { table[$0].short }
  }

  /// The outermost of the groups' functions in each stack that matches, the dearest first: enough of
  /// them to find all of these stacks again.
  func names(of groups: [SymbolGroup], where matches: (StackSample) -> Bool) -> [String] {
    let wanted = SymbolGroups(groups)
    return rows { sample -> [String] in
      guard matches(sample) else { return [] }
      return sample.symbols.last { !table[$0].groups.isDisjoint(with: wanted) }
        .map { [table[$0].short] } ?? []
    }.map(\.name)
  }
}

/// A file named for a reader: from the run folder on, and which role it belongs to.
package struct ProfileFileReference: Codable, Sendable, Hashable {
  package let role: String
  package let path: String
}
