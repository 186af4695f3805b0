import Findings
import Ledger
import Reporting
import RunRecords

/// `vbench report RUN`.
enum ReportCommand {
  static let command = Command(
    "report", "The findings document about a run: evidence, meaning, what to do next.",
    details: """
      Says what limits the run, what every finding stands on, what could be gained at most, and
      what could not be told. Every number names its file and the command that shows it. A folder
      of somebody else's <role>_<kind>.pprof files works too.
      """,
    flags: [
      Flag("base", .path, "An earlier run to compare with, as one more chapter."),
      Flag("format", .choice(["markdown", "json"]), "How to print.", standard: "markdown"),
      Flag("strict", .toggle, "Exit with 1 when a row contradicts itself and is left out."),
      SharedFlags.json, SharedFlags.output,
    ], operands: .exactly(1, "RUN"),
    examples: [
      "vbench report Profiles/latest -o Reports/market.md",
      "vbench report Profiles/after --base Profiles/before",
    ]
  ) { invocation in
    let run = try RunSource.open(invocation.operands[0])
    let base = try invocation.text("base").map { try RunSource.open($0) }
    var report: FindingsReport
    do { report = try FindingsEngine.report(on: run, base: base) } catch {
      throw Failure(.badInput, "\(error)")
    }
    do { report = try TrackerStore().read().noting(report) } catch {
      Terminal.note("The tracker is left out: \(error)")
    }
    let wantsJSON = invocation.has("json") || invocation.text("format") == "json"
    let text =
      wantsJSON
      ? String(decoding: try FindingsJSON.encode(report), as: UTF8.self) + "\n"
      : FindingsMarkdown.render(report)
    try OutputFile.write(text, invocation)
    for refusal in report.refused ?? [] {
      Terminal.note("Left out: \(refusal.subject): \(refusal.reason) (\(refusal.check)).")
    }
    return report.refused != nil && invocation.has("strict") ? .failed : .fine
  }
}
