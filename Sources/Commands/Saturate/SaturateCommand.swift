import Harness
import Measurement

/// `vbench saturate`: the highest offered rate that keeps a promise.
enum SaturateCommand {
  private static let own = [
    Flag(
      "slo", .repeated("TERM"),
      "The promise: p50, p90, p95, p99, p999 or mean, such as p99=10ms or insert.p99=80ms; "
        + "err=0.1%.", standard: "p99=10ms", group: .quality),
    Flag(
      "recall-min", .ratio(0...1), "The promise holds only at this recall or more.",
      group: .quality),
    Flag(
      "resolution", .ratio(0.01...0.5), "Stop when neighbors on the ladder are so near.",
      standard: "3%", group: .time),
    Flag(
      "budget", .seconds(1...86_400), "Begin no new rate after so long.", standard: "5m",
      group: .time),
    Flag("strict", .toggle, "Exit with 3 when the time was up before an answer."),
  ]

  static let command = Command(
    "saturate", "The highest offered rate at which a promise still holds.",
    details: """
      Rates are offered open loop with Poisson arrivals, a few fresh trials each, and latencies are
      counted from when an operation was due. The search climbs, halves the border between a rate
      that kept the promise and one that did not, and confirms the winner twice with new trials;
      these make a run directory. A rate out of reach ends its trials early, a promise out of reach
      the search. Nothing is profiled unless --profile asks for it. Ends with 4 when no rate keeps
      the promise.
      """,
    flags: own
      + WorkloadWords.flags(
        without: WorkloadFlags.simulation.union(["rate", "arrival", "preset"]),
        standards: ["trials": "3", "profile": "none"]),
    operands: .between(0...1, "WORKLOAD"),
    examples: [
      "vbench saturate --slo p99=10ms search-only -n 20k",
      "vbench saturate --slo p99=20ms,insert.p99=100ms --recall-min 0.95 market",
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> ExitStatus {
    let inner = try WorkloadWords(
      invocation, own: own.map(\.name), standard: "market",
      defaults: ["trials": "3", "profile": "none"]
    ).invocation
    let reader = try SettingsReader(inner, command: inner.command.name)
    let promise = try Promise(
      invocation.text("slo") ?? "p99=10ms",
      standardKind: reader.settings.readRatio > 0 ? "search" : "insert",
      recallFloor: invocation.ratio("recall-min"), invocation.command)
    try check(promise, reader.settings, invocation.command)
    if invocation.has("dry-run") {
      try Terminal.print(
        "Promise: \(promise.text)\n" + PlanText.of(reader, inner.command.name))
      return .fine
    }
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    let resolution = invocation.ratio("resolution") ?? 0.03
    if let short = tooShort(promise, resolution, reader.settings) { progress.say(short) }
    let outcome = try Saturation(
      promise, resolution: resolution,
      budgetSeconds: invocation.seconds("budget") ?? 300, progress
    ) { try Arm(inner, label: inner.text("label")) }.execute()
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(outcome) : LadderText.of(outcome))
    return status(outcome.answer, strict: invocation.has("strict"))
  }

  /// A promise about what never happens would be kept by anything.
  private static func check(
    _ promise: Promise, _ settings: WorkloadSettings, _ command: Command
  ) throws(Failure) {
    for term in promise.terms {
      let isSearch = term.result.hasPrefix("search.")
      let isWrite = term.result.hasPrefix("insert.") || term.result.hasPrefix("delete.")
      if isSearch && settings.readRatio == 0 || isWrite && settings.readRatio == 1 {
        throw .usage(
          "\(term.spelling) promises something about operations that this workload has not.",
          command)
      }
    }
  }

  /// A rate above capacity keeps its promise until the queue has grown to it.
  private static func tooShort(
    _ promise: Promise, _ resolution: Double, _ settings: WorkloadSettings
  ) -> String? {
    let limits = promise.terms.filter { $0.unit == .seconds }.map(\.limit)
    guard let limit = limits.min(), resolution * settings.measuredSeconds < limit else {
      return nil
    }
    let needed = NumberText.duration(limit / resolution)
    return "A rate \(NumberText.percent(resolution)) above capacity may keep \(promise.text) here: "
      + "in \(NumberText.duration(settings.measuredSeconds)) its queue grows by "
      + "\(NumberText.duration(resolution * settings.measuredSeconds)) only; "
      + "trials of \(needed) tell them apart (--duration)."
  }

  private static func status(_ answer: Saturation.Outcome.Answer, strict: Bool) -> ExitStatus {
    switch answer {
    case .found: .fine
    case .nothing: .missedObjective
    case .notConfirmed, .timeIsUp: strict ? .inconclusive : .fine
    case .interrupted: .interrupted
    }
  }
}
