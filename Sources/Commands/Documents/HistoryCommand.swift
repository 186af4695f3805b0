import Basics
import Comparison
import Reporting
import RunRecords

/// `vbench history [METRIC …]`.
enum HistoryCommand {
  static let command = Command(
    "history", "How results moved over all runs of a folder, and where their level changed.",
    details: """
      Without METRIC the headline results, a line each; with METRIC every run. Runs of another
      machine, other data or other settings begin a series of their own. Change points are found by
      e-divisive with a permutation test: seeded, so the same runs always give the same answer.
      """,
    flags: [
      Flag(
        "min", .ratio(0...10), "The least change of level worth a word.", standard: "5%"),
      Flag(
        "p", .number(0.000_1...0.2), "How rarely chance may look like it; smaller takes more runs.",
        standard: "0.001, for which a series needs 14 runs"),
      Flag("command", .text("NAME"), "Only runs of this command.", standard: "all"),
      SharedFlags.profiles, SharedFlags.json, SharedFlags.output,
    ], operands: .between(0...100, "METRIC"),
    examples: [
      "vbench history", "vbench history capacity --min 3%",
      "vbench history search.response.p99 --command market --json",
    ]
  ) { invocation in
    let folder = invocation.text("profiles") ?? "Profiles"
    var runs = try read(folder)
    if let command = invocation.text("command") {
      runs.removeAll { $0.record?.command != command }
      if runs.isEmpty { throw Failure(.badInput, "\(folder) has no run of \(command).") }
    }
    var options = MetricHistory.Options()
    options.minimumChange = invocation.ratio("min") ?? options.minimumChange
    options.significance = invocation.number("p") ?? options.significance
    let histories = MetricHistory.of(
      runs, metrics: try metrics(invocation, runs, folder), options: options)
    let text =
      invocation.has("json")
      ? try JSONText.of(histories)
      : HistoryText.render(histories, listsRuns: !invocation.operands.isEmpty)
    try OutputFile.write(text, invocation)
    return .fine
  }

  private static func metrics(
    _ invocation: Invocation, _ runs: [RunFolder], _ folder: String
  ) throws -> [String] {
    let known = MetricHistory.metrics(of: runs)
    if invocation.operands.isEmpty {
      return known.headline.isEmpty ? known.all : known.headline
    }
    for name in invocation.operands where !known.all.contains(name) {
      if runs.contains(where: { $0.record?.result(name) != nil }) {
        throw Failure(
          .badInput, "\(name) is neither better nor worse when it grows, so it has no history.")
      }
      let hint = Nearest.hint(name, among: known.all)
      throw Failure(.badInput, "No run in \(folder) has a result \(name).\(hint)")
    }
    return invocation.operands
  }

  /// Every run of a folder; what cannot be read is named, not fatal.
  private static func read(_ folder: String) throws -> [RunFolder] {
    let names: [String]
    do throws(SystemError) { names = try FileSystem.list(folder) } catch {
      throw Failure(
        .badInput, "There are no runs at \(folder). Name their folder with --profiles.")
    }
    var runs: [RunFolder] = []
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      // `latest` is a second name, and folders without run.json have no results.
      guard SymbolicLink.target(of: path) == nil, FileSystem.exists("\(path)/run.json") else {
        continue
      }
      do throws(RunError) {
        let run = try RunReader.open(path)
        if run.record?.status != .complete {
          Terminal.note("\(path) is left out: it was not completed.")
        }
        runs.append(run)
      } catch { Terminal.note("\(path) is left out: \(error)") }
    }
    if runs.isEmpty { throw Failure(.badInput, "There is no run with results in \(folder).") }
    return runs
  }
}
