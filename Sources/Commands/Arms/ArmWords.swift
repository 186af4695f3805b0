import Basics

/// The words of a workload that several arms share, and what an arm adds to them.
struct ArmWords {
  /// What stood behind `--`: the workload's name and its flags.
  let words: [String]
  /// The command that was asked for arms.
  let asking: Command

  /// Flags that belong to the whole experiment, with the way to ask for it.
  private static let notShared = [
    "trials": "the number of trials is the command's own flag",
    "json": "give it before the `--`", "quiet": "give it before the `--`",
    "kill-test": "a kill test has no arms",
    "simulate-cache": "a model of the caches has no arms; ask each workload by itself",
    "dry-run": "give it before the `--`",
  ]

  let workload: Command

  init(_ words: [String], asking: Command) throws(Failure) {
    self.asking = asking
    self.words = words
    let names = WorkloadCommands.all.map(\.name)
    guard let first = words.first else {
      throw .usage(
        "vbench \(asking.name) wants a workload behind `--`, such as `-- search-only -d 20s`.",
        asking)
    }
    guard let workload = WorkloadCommands.all.first(where: { $0.name == first }) else {
      throw .usage(
        "`\(first)` is no workload; behind `--` comes one of \(names.joined(separator: ", "))."
          + Nearest.hint(first, among: names), asking)
    }
    self.workload = workload
  }

  /// The workload with an arm's own options, which win over the shared ones.
  ///
  /// `spelled` is the flag they came from; `more` is added without a check.
  func invocation(
    adding options: String, spelled: String, more: [String] = []
  ) throws -> Invocation {
    try invocation(
      adding: Self.split(options, spelled, asking), spelled: spelled, more: more)
  }

  /// The same with options that were split into words.
  func invocation(
    adding own: [String], spelled: String, more: [String] = []
  ) throws -> Invocation {
    try checkOwn(own, spelled)
    let shared = try parse(Array(words.dropFirst()), "Behind `--`: ")
    for (name, reason) in Self.notShared.sorted(by: { $0.key < $1.key })
    where workload.flag(named: name) != nil && shared.value(name)?.source == .flag {
      throw Failure.usage("--\(name) has no place behind the `--`: \(reason).", asking)
    }
    for list in Points.lists where (shared.list(list.flag)?.count ?? 0) > 1 {
      throw Failure.usage("--\(list.flag) names several points; \(asking.name) takes one.", asking)
    }
    return try LikeRun.fill(parse(Array(words.dropFirst()) + own + more, "In \(spelled): ")).0
  }

  private func parse(_ words: [String], _ place: String) throws(Failure) -> Invocation {
    do {
      return try ArgumentParser(command: workload, environment: ProcessEnvironment.all)
        .parse(words)
    } catch {
      var failure = Failure.usage(place + error.sentence)
      failure.command = workload.name
      throw failure
    }
  }

  /// An arm may change how the engine goes about it, not what is asked of it.
  private func checkOwn(_ own: [String], _ spelled: String) throws(Failure) {
    let typed = try parse(own, "In \(spelled): ")
    for flag in workload.flags where typed.value(flag.name)?.source == .flag {
      if Self.mayDiffer(flag) { continue }
      throw .usage(
        "\(spelled) sets --\(flag.name), which changes what is measured and not how it is done; "
          + "give it behind the `--`, for all arms.", asking)
    }
  }

  static func mayDiffer(_ flag: Flag) -> Bool {
    flag.group == .target && !["target", "store-dir"].contains(flag.name)
      || flag.name == "concurrency"
  }

  /// Splits like a shell: blanks separate, quotes of either kind keep together.
  static func split(
    _ text: String, _ spelled: String, _ asking: Command?
  ) throws(Failure) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for letter in text {
      if let open = quote {
        if letter == open { quote = nil } else { word = (word ?? "") + String(letter) }
      } else if letter == "\"" || letter == "'" {
        quote = letter
        word = word ?? ""
      } else if letter.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(letter)
      }
    }
    if quote != nil { throw .usage("In \(spelled) a quote is not closed.", asking) }
    if let done = word { words.append(done) }
    return words
  }
}
