import Basics

/// A plan, checked against the workloads' flags: one workload run each.
struct PlannedRuns {
  struct Planned {
    let name: String
    let run: WorkloadRun
  }

  let each: [Planned]

  /// What a plan may not say, because it is the caller's to say.
  private static let callers: Set<String> = [
    "help", "color", "quiet", "json", "dry-run", "out", "kill-test",
  ]

  /// - Parameters:
  ///   - plan: The plan as it was read.
  ///   - path: What the plan is called in a sentence.
  ///   - more: Words from the command line, which win over the plan's.
  ///   - only: The runs that are wanted; nil for all.
  /// - Throws: What is wrong, with the line of the plan.
  init(_ plan: PlanFile, _ path: String, adding more: [String], only: [String]?) throws {
    let names = plan.runs.map(\.name)
    for name in only ?? [] where !names.contains(name) {
      throw Failure.usage(
        "\(path) has no run `\(name)`.\(Nearest.hint(name, among: names))")
    }
    each = try plan.runs.filter { only?.contains($0.name) ?? true }.map { run in
      let entries =
        run.entries + plan.shared.filter { entry in !run.entries.contains { $0.key == entry.key } }
      let workload = try Self.workload(entries, run, path)
      var words = try entries.flatMap { try Self.words($0, workload, path) }
      if !entries.contains(where: { $0.key == "label" }) { words += ["--label", run.name] }
      return Planned(name: run.name, run: try Self.run(workload, words + more, run, path))
    }
  }

  private static func workload(
    _ entries: [PlanFile.Entry], _ run: PlanFile.Run, _ path: String
  ) throws(Failure) -> Command {
    let names = WorkloadCommands.all.map(\.name)
    guard let entry = entries.first(where: { $0.key == "workload" }) else {
      throw .init(
        .badInput,
        "\(path):\(run.line): the run `\(run.name)` has no workload; there are "
          + "\(names.joined(separator: ", ")).")
    }
    guard let workload = WorkloadCommands.all.first(where: { $0.name == entry.value }) else {
      throw .init(
        .badInput,
        "\(path):\(entry.line): `\(entry.value)` is no workload; there are "
          + "\(names.joined(separator: ", "))." + Nearest.hint(entry.value, among: names))
    }
    return workload
  }

  /// The words of one key, checked alone, so that what is wrong can be told with its line.
  private static func words(
    _ entry: PlanFile.Entry, _ workload: Command, _ path: String
  ) throws(Failure) -> [String] {
    if entry.key == "workload" { return [] }
    let known = workload.flags.filter { !callers.contains($0.name) }
    guard let flag = known.first(where: { $0.name == entry.key }) else {
      let isCallers = callers.contains(entry.key)
      throw .init(
        .badInput,
        "\(path):\(entry.line): \(workload.name) has no key `\(entry.key)`"
          + (isCallers
            ? " in a plan; give it on the command line."
            : "." + Nearest.hint(entry.key, among: known.map(\.name) + ["workload"])))
    }
    let words =
      flag.takesValue
      ? ["--\(flag.name)", entry.value] : entry.value == "true" ? ["--\(flag.name)"] : []
    do { _ = try ArgumentParser(command: workload, environment: [:]).parse(words) } catch {
      throw .init(.badInput, "\(path):\(entry.line): \(error.sentence)")
    }
    return words
  }

  private static func run(
    _ workload: Command, _ words: [String], _ run: PlanFile.Run, _ path: String
  ) throws -> WorkloadRun {
    let typed = try ArgumentParser(command: workload, environment: ProcessEnvironment.all)
      .parse(words)
    do {
      let (filled, notes) = try LikeRun.fill(typed)
      return try WorkloadRun(filled, notes: notes)
    } catch let failure as Failure {
      throw Failure(failure.status, "\(path), run `\(run.name)`: \(failure.sentence)")
    }
  }
}
