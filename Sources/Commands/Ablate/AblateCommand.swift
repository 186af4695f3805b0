import Harness
import Measurement
import Workloads

/// `vbench ablate`: what each optimization of the engine is worth, measured by leaving it out.
enum AblateCommand {
  private static let own = [
    Flag(
      "rounds", .count(1...1_000),
      "Rounds, each with a trial of every variant; 6 at least for a "
        + "verdict.", standard: "6", group: .time),
    Flag(
      "only", .choices(EngineSwitch.all.map(\.flag)), "Only these options.", standard: "all"),
    Flag(
      "cumulative", .toggle,
      "Turn them off one after another, each held against the one before."),
    Flag(
      "gate", .ratio(0.001...1), "The least difference that counts as one.", standard: "3%"),
    Flag("format", .choice(["text", "markdown", "json"]), "How to print.", standard: "text"),
    SharedFlags.output,
  ]

  static let command = Command(
    "ablate", "What each optimization of the engine is worth here, by leaving it out.",
    details: """
      Every option of the engine that has two sides is turned off alone and held against the
      standard, or with --cumulative against the variant before it. Variants take turns in rounds,
      all at one offered rate (half of what the slowest takes), on one loaded store; each leaves a
      run directory. Differences are tested round by round. Nothing is profiled unless --profile
      asks for it. "No worth seen here" is an answer: for this workload, on this machine.
      """,
    flags: own
      + WorkloadWords.flags(
        without: WorkloadFlags.simulation.union(["trials", "preset"]),
        standards: ["profile": "none"]),
    operands: .between(0...1, "WORKLOAD"),
    examples: [
      "vbench ablate search-only -n 20k -d 2s",
      "vbench ablate --cumulative --format markdown write-only -n 10k",
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> ExitStatus {
    let rounds = invocation.count("rounds") ?? 6
    let words = try WorkloadWords(
      invocation, own: own.map(\.name), standard: "search-only",
      defaults: ["trials": "\(rounds)", "profile": "none"])
    let plan = try AblationPlan(
      words, only: invocation.list("only"), isCumulative: invocation.has("cumulative"))
    for skipped in plan.skipped where !invocation.has("quiet") {
      Terminal.note("--\(skipped.flag) is left as it is: \(skipped.reason).")
    }
    guard plan.arms.count > 1 else {
      throw Failure.usage("There is nothing to turn off in this workload.", invocation.command)
    }
    if invocation.has("dry-run") {
      for arm in plan.arms {
        try Terminal.print("\(arm.title): " + PlanText.of(arm.reader, arm.command))
      }
      return .fine
    }
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    let outcome = try Experiment(arms: plan.arms, rounds: rounds, progress: progress).execute()
    let table = AblationTable(
      plan, outcome, minimumEffect: invocation.ratio("gate") ?? 0.03,
      replay: replay(invocation, outcome))
    try OutputFile.write(try text(table, invocation), invocation)
    return outcome.isInterrupted ? .interrupted : .fine
  }

  private static func replay(_ invocation: Invocation, _ outcome: Experiment.Outcome) -> String {
    let words = ReplayWords.without(["output", "label", "format", "json"], in: invocation)
    let settings = outcome.runs[0].arm.settings
    let rate =
      invocation.text("rate") == nil
      ? settings.rate.map { " --rate \(NumberText.significant($0))" } : nil
    let seed = invocation.text("seed") == nil ? " --seed \(settings.dataset.seed)" : ""
    return "vbench " + words.map(ReplayWords.quoted).joined(separator: " ") + (rate ?? "") + seed
  }

  private static func text(_ table: AblationTable, _ invocation: Invocation) throws -> String {
    switch invocation.has("json") ? "json" : invocation.text("format") {
    case "json": try JSONText.of(table)
    case "markdown": AblationText.markdown(table)
    default: AblationText.terminal(table)
    }
  }
}

/// The variants of an ablation, and what is not among them.
struct AblationPlan {
  struct Skipped: Codable, Sendable {
    let flag: String
    let reason: String
  }

  /// The standard first.
  private(set) var arms: [Arm]
  /// One for each arm behind the first.
  private(set) var turned: [EngineSwitch] = []
  private(set) var skipped: [Skipped] = []
  let isCumulative: Bool

  init(_ words: WorkloadWords, only: [String]?, isCumulative: Bool) throws {
    self.isCumulative = isCumulative
    let standard = try Self.arm(words, [], title: "standard", label: "standard")
    arms = [standard]
    var before: [String] = []
    var settings = standard.settings
    for engineSwitch in EngineSwitch.all where only?.contains(engineSwitch.flag) ?? true {
      if let reason = engineSwitch.idle(in: settings) {
        skipped.append(Skipped(flag: engineSwitch.flag, reason: reason))
        continue
      }
      let own = ["--\(engineSwitch.flag)", engineSwitch.off]
      let title = "\(engineSwitch.flag)=\(engineSwitch.off)"
      let arm = try Self.arm(
        words, before + own, title: isCumulative && !before.isEmpty ? "… and \(title)" : title,
        label: "\(engineSwitch.flag)-\(engineSwitch.off)")
      arms.append(arm)
      turned.append(engineSwitch)
      if isCumulative {
        before += own
        settings = arm.settings
      }
    }
  }

  /// The variant that an arm is held against.
  func reference(of index: Int) -> Int { isCumulative ? index - 1 : 0 }

  private static func arm(
    _ words: WorkloadWords, _ more: [String], title: String, label: String
  ) throws -> Arm {
    let invocation = try words.adding(more)
    let parts = [invocation.text("label"), "ablate", label].compactMap(\.self)
    return try Arm(invocation, title: title, label: parts.joined(separator: "-"))
  }
}
