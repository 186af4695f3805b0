import Basics
import RunRecords

/// `vbench run PLAN`: several workload runs from a file.
enum RunCommand {
  private static let own = [
    Flag("list", .toggle, "Print the presets and stop."),
    Flag("show", .toggle, "Print the plan itself and stop; a preset is a plan to begin with."),
    Flag("only", .text("NAME,…"), "Only these runs of the plan."),
  ]

  static let command = Command(
    "run", "Several workload runs from a plan file, or from a preset, and one table over them.",
    details: """
      A plan is a file of `key = value` lines: [all] says what all runs share, [runs.NAME] begins a
      run. `workload` names one of market, search-only and write-only; the other keys are its long
      flags, and a list such as concurrency = [8, 32] makes a run for each value. Flags on the
      command line win over the plan. Each run leaves its own run directory, labelled with its
      name. A run that fails does not stop the others.
      """,
    flags: own + WorkloadFlags.flags, operands: .between(0...1, "PLAN|PRESET"),
    examples: [
      "vbench run --list", "vbench run churn -n 10k", "vbench run --show durability",
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> ExitStatus {
    if invocation.has("list") {
      try Terminal.print(list())
      return .fine
    }
    guard let name = invocation.operands.first else {
      throw Failure.usage(
        "vbench run wants a plan or a preset; `vbench run --list` shows the presets.",
        invocation.command)
    }
    let text = try text(of: name, invocation.command)
    if invocation.has("show") {
      try Terminal.print(text.hasSuffix("\n") ? text : text + "\n")
      return .fine
    }
    let plan: PlanFile
    do { plan = try PlanFile(text) } catch {
      throw Failure(.badInput, "\(name):\(error.line): \(error.sentence)")
    }
    var more = ReplayWords.without(
      Set(own.map(\.name)), in: Array(invocation.words.dropFirst()), of: invocation.command)
    if let place = more.firstIndex(of: name) { more.remove(at: place) }
    let planned = try PlannedRuns(plan, name, adding: more, only: invocation.list("only"))
    return invocation.has("dry-run")
      ? try showPlans(planned) : try execute(planned, invocation)
  }

  private static func list() -> String {
    var table = TextColumns(["preset"])
    table.append("", isNumber: false)
    for preset in PresetPlans.all { table.add([preset.name, preset.summary]) }
    return table.lines.joined(separator: "\n") + "\n"
  }

  private static func text(of name: String, _ command: Command) throws(Failure) -> String {
    if let text = try? FileSystem.text(of: name) { return text }
    if let preset = PresetPlans.named(name) { return preset.text }
    throw .init(
      .badInput,
      "`\(name)` is neither a plan file that can be read nor one of `vbench run --list`."
        + Nearest.hint(name, among: PresetPlans.all.map(\.name)))
  }

  private static func showPlans(_ planned: PlannedRuns) throws -> ExitStatus {
    for one in planned.each {
      for arm in one.run.arms {
        let title = [one.name, arm.title].filter { !$0.isEmpty }.joined(separator: ", ")
        try Terminal.print("\(title): " + PlanText.of(arm, one.run.name))
      }
    }
    return .fine
  }

  // MARK: - Running

  private struct Entry: Encodable {
    let run: String
    let path: String
    let record: RunRecord
  }

  private static func execute(
    _ planned: PlannedRuns, _ invocation: Invocation
  ) throws -> ExitStatus {
    var rows: [PointTable.Row] = []
    var failures: [String] = []
    var isInterrupted = false
    for one in planned.each where !isInterrupted {
      one.run.progress.say("Run `\(one.name)`:")
      do {
        let outcome = try one.run.execute()
        isInterrupted = outcome.isInterrupted
        rows += outcome.runs.map { PointTable.Row($0, name: one.name) }
        failures += outcome.runs.compactMap(\.arm.simulationProblem).map {
          "run `\(one.name)`: the caches were not simulated: \($0)"
        }
      } catch let failure as Failure where failure.status == .interrupted {
        isInterrupted = true
      } catch {
        failures.append("run `\(one.name)` failed: \(Failure.of(error).sentence)")
        one.run.progress.say(failures[failures.count - 1])
      }
    }
    if invocation.has("json") {
      try Terminal.print(
        try JSONText.of(rows.map { Entry(run: $0.title, path: $0.path, record: $0.record) }))
    } else {
      let lines = failures + (isInterrupted ? ["interrupted: what was measured is saved."] : [])
      try Terminal.print(
        (rows.isEmpty ? "" : PointTable.text(rows)) + lines.map { $0 + "\n" }.joined())
    }
    return isInterrupted ? .interrupted : failures.isEmpty ? .fine : .failed
  }
}
