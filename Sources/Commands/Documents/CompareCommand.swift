import Comparison
import Reporting
import RunRecords

/// `vbench compare BASE NEW`.
enum CompareCommand {
  static let command = Command(
    "compare", "Tested differences between two run directories.",
    details: """
      Results and the engine's functions, each with a verdict: better, worse, no difference seen,
      or cannot tell, and beside it the smallest change these trials would have shown. Runs of
      other data, another rate or another profiling are refused; --allow NAME accepts what differs.
      """,
    flags: [
      Flag("format", .choice(["text", "markdown", "json"]), "How to print.", standard: "text"),
      Flag(
        "allow", .text("NAME,…"),
        "Settings that may differ although they forbid a verdict, or `all`."),
      Flag("all", .toggle, "Also the functions about which there is nothing to say."),
      Flag("client", .toggle, "Also the load generator's own functions."),
      Flag("strict", .toggle, "Exit with 3 when nothing can be told."),
      SharedFlags.json, SharedFlags.output,
    ], operands: .exactly(2, "RUN"),
    examples: [
      "vbench compare Profiles/20260206_234749 Profiles/20260207_014636",
      "vbench compare --format markdown Profiles/before Profiles/after",
    ]
  ) { invocation in
    let runs = try invocation.operands.map(RunSource.open)
    var options = ComparisonOptions(allow: Set(invocation.list("allow") ?? []))
    options.includesClient = invocation.has("client")
    let comparison: RunComparison
    do { comparison = try Comparer.compare(base: runs[0], new: runs[1], options: options) } catch {
      throw Failure(.notComparable, "\(error)")
    }
    try OutputFile.write(try text(comparison, invocation), invocation)
    return status(comparison.outcome, strict: invocation.has("strict"))
  }

  private static func text(
    _ comparison: RunComparison, _ invocation: Invocation
  ) throws -> String {
    switch invocation.has("json") ? "json" : invocation.text("format") {
    case "json": try ComparisonJSON.render(comparison)
    case "markdown": ComparisonMarkdown.render(comparison)
    default: ComparisonText.render(comparison, showsAll: invocation.has("all"))
    }
  }

  private static func status(_ outcome: RunComparison.Outcome, strict: Bool) -> ExitStatus {
    switch outcome {
    case .worse, .mixed: .regression
    case .notComparable: .notComparable
    case .cannotTell, .inconclusive: strict ? .inconclusive : .fine
    case .better, .noDifferenceSeen, .equivalent: .fine
    }
  }
}
