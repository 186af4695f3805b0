import Comparison
import Reporting
import RunRecords

/// `vbench compare BASE NEW`.
enum CompareCommand {
  static let command = Command(
    "compare", "Tested differences between two run directories.",
    details: """
      Results and the engine's functions, each with a verdict: better, worse, no difference seen,
      or cannot tell, and beside it the smallest change these trials would have shown.
      """,
    flags: [SharedFlags.json, SharedFlags.output], operands: .exactly(2, "RUN"),
    examples: ["vbench compare Profiles/20260206_234749 Profiles/20260207_014636"]
  ) { invocation in
    let runs = try invocation.operands.map { path -> RunFolder in
      do { return try RunReader.open(path) } catch { throw Failure(.badInput, "\(error)") }
    }
    let comparison = Comparer.compare(base: runs[0], new: runs[1])
    let text =
      invocation.has("json") ? try JSONText.of(comparison) : ComparisonText.render(comparison)
    try OutputFile.write(text, invocation)
    return comparison.refusals.isEmpty ? .fine : .notComparable
  }
}
