import Comparison
import Reporting
import RunRecords

/// `vbench compare BASE NEW`, or `vbench compare BASE … --against NEW …`.
enum CompareCommand {
  static let command = Command(
    "compare", "Tested differences between runs, or folders of profiles.",
    details: """
      Results and the engine's functions, each with a verdict: better, worse, no difference seen,
      or cannot tell, and beside it the smallest change these trials would have shown. Runs of
      other data, another rate or another profiling are refused; --allow NAME accepts what differs.
      A run may be a folder of somebody else's <role>_<kind>.pprof files, the name of a baseline,
      or a file of numbers by perf stat, heaptrack_print or go test -bench -count 5.
      With --against there may be several runs a side; from five runs in all, a run is one value
      and the spread between runs is measured instead of assumed. Arms of one experiment, whose
      trials took turns, are tested as pairs. Ends with 2 when something is worse (with --gate: by
      more than that), and with 5 when the sides may not be compared.
      """,
    flags: [
      Flag(
        "against", .several("NEW"),
        "The new side, when there are several runs: all words up to the next flag."),
      Flag(
        "gate", .ratio(0.001...1),
        "What a result may lose, such as 3%: exit with 2 when one surely is worse."),
      Flag(
        "format", .choice(["text", "markdown", "json", "html"]), "How to print.",
        standard: "text, or by the ending of the output file"),
      Flag(
        "allow", .text("NAME,…"),
        "Settings that may differ although they forbid a verdict, or `all`."),
      Flag("all", .toggle, "Also the functions about which there is nothing to say."),
      Flag("client", .toggle, "Also the load generator's own functions."),
      Flag("strict", .toggle, "Exit with 3 when nothing can be told, or the gate stays open."),
      Flag(
        "self-test", .toggle,
        "Instead: plant a regression in small real runs and see whether the gate fails."),
      SharedFlags.profiles, SharedFlags.json, SharedFlags.output,
    ], operands: .between(0...10_000, "RUN"),
    examples: [
      "vbench compare Profiles/20260206_234749 Profiles/20260207_014636",
      "vbench compare --format markdown Profiles/before Profiles/after",
      "vbench compare --gate 3% baseline:release-1.2 Profiles/latest",
      "vbench compare Profiles/before Profiles/after -o Reports/change.html",
      "vbench compare --self-test", "vbench compare old_bench.txt new_bench.txt",
      "vbench compare Profiles/a1 Profiles/a2 Profiles/a3 --against Profiles/b1 Profiles/b2",
    ]
  ) { invocation in
    if invocation.has("self-test") { return try GateSelfTest(invocation: invocation).run() }
    let sides = try sides(invocation)
    let stored = StoredNoise.fitting(
      sides.base + sides.new, profiles: invocation.text("profiles") ?? "Profiles")
    var procedure = Procedure()
    procedure.noise = stored.noise
    var options = ComparisonOptions(
      allow: Set(invocation.list("allow") ?? []), procedure: procedure)
    options.notes = stored.notes
    options.includesClient = invocation.has("client")
    options.gate = invocation.ratio("gate")
    let comparison: RunComparison
    do {
      comparison = try Comparer.compare(base: sides.base, new: sides.new, options: options)
    } catch { throw Failure(.notComparable, "\(error)") }
    tellNeedless(options.allow, comparison, invocation)
    let text = try text(comparison, invocation) {
      Comparer.flames(base: sides.base, new: sides.new, options: options)
    }
    try OutputFile.write(text, invocation)
    return status(comparison, strict: invocation.has("strict"))
  }

  // MARK: - What is compared

  private static func sides(
    _ invocation: Invocation
  ) throws -> (base: [RunFolder], new: [RunFolder]) {
    var (base, new) = (invocation.operands, invocation.words(behind: "against"))
    if new.isEmpty {
      guard base.count == 2 else {
        throw Failure.usage(
          "vbench compare wants a base and a new run; for more, put --against between the sides.",
          invocation.command)
      }
      new = [base.removeLast()]
    }
    return (try open(base, invocation), try open(new, invocation))
  }

  /// A run that stands twice on a side would count as two that agree.
  private static func open(_ paths: [String], _ invocation: Invocation) throws -> [RunFolder] {
    let profiles = invocation.text("profiles") ?? "Profiles"
    let runs = try paths.map { try RunSource.open($0, profiles: profiles) }
    for (index, run) in runs.enumerated()
    where runs[..<index].contains(where: { $0.place == run.place }) {
      throw Failure.usage("\(run.path) stands twice on one side.", invocation.command)
    }
    return runs
  }

  // MARK: - How it is told

  /// Who allows what does not differ may have meant something else.
  private static func tellNeedless(
    _ allowed: Set<String>, _ comparison: RunComparison, _ invocation: Invocation
  ) {
    let differing = comparison.differences.map(\.name)
    for name in allowed.subtracting(differing + ["all"]).sorted() where !invocation.has("quiet") {
      let hint = Nearest.hint(name, among: differing)
      Terminal.note("--allow \(name) changes nothing: the two sides do not differ in it.\(hint)")
    }
  }

  private static func text(
    _ comparison: RunComparison, _ invocation: Invocation,
    _ flames: () -> [DifferentialFlame]
  ) throws -> String {
    switch format(invocation) {
    case "json": try ComparisonJSON.render(comparison)
    case "markdown": ComparisonMarkdown.render(comparison)
    case "html": ComparisonHTML.render(comparison, flames: flames())
    default: ComparisonText.render(comparison, showsAll: invocation.has("all"))
    }
  }

  static func format(_ invocation: Invocation) -> String {
    if invocation.has("json") { return "json" }
    if let format = invocation.text("format") { return format }
    let endings = [".json": "json", ".md": "markdown", ".html": "html"]
    let output = invocation.text("output") ?? ""
    return endings.first { output.hasSuffix($0.key) }?.value ?? "text"
  }

  static func status(_ comparison: RunComparison, strict: Bool) -> ExitStatus {
    if let gate = comparison.gate {
      return switch gate.outcome {
      case .failed: .regression
      case .refused: .notComparable
      case .open: strict ? .inconclusive : .fine
      case .passed: .fine
      }
    }
    return switch comparison.outcome {
    case .worse, .mixed: .regression
    case .notComparable: .notComparable
    case .cannotTell, .inconclusive: strict ? .inconclusive : .fine
    case .better, .noDifferenceSeen, .equivalent: .fine
    }
  }
}
