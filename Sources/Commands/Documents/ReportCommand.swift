import Basics
import Findings
import Ledger
import Reporting
import RunRecords

/// `vbench report RUN…`.
enum ReportCommand {
  static let command = Command(
    "report", "The findings document about a run: evidence, meaning, what to do next.",
    details: """
      Says what limits the run, what every finding stands on, what could be gained at most, and
      what could not be told. Every number names its file and the command that shows it. A folder
      of somebody else's <role>_<kind>.pprof files works too.

      Styles are shapes of the same report. findings: role by role, then a deep dive. counters:
      counters and allocations, bottlenecks, priorities, joint bounds. gap: expected against
      measured. ingest: where the time of writing goes. tracker: what was tried, and what the run
      shows that nobody has taken up. Without --style it is gap where targets are given, findings
      where there is a profile, else counters.

      A file of targets has one line a metric, and every line says who asks for it:
        search.response.p99  at most 10 ms  stretch 5 ms  by month  source: promise to the shop
        capacity             at least 1500/s                        source: twice the peak of May
      """,
    flags: [
      Flag(
        "style", .choice(styles), "The shape of the report.", standard: "what the data supports"),
      Flag("targets", .path, "What was expected of the run, one line a metric."),
      Flag("base", .path, "An earlier run to compare with, as one more chapter."),
      Flag("rules", .path, "A file of frame patterns and rules of your own."),
      Flag(
        "source-root", .path,
        "Show source lines with their costs, from files below this folder that are older than the run."
      ),
      Flag(
        "format", .choice(RenderedReport.Form.allCases.map(\.rawValue)), "How to print.",
        standard: "by the ending of -o; else markdown", group: .output),
      Flag("html", .toggle, "One HTML page that needs no network.", group: .output),
      Flag("strict", .toggle, "Exit with 1 when a row contradicts itself and is left out."),
      SharedFlags.json, SharedFlags.output,
    ], operands: .between(1...100, "RUN"),
    examples: [
      "vbench report Profiles/latest -o Reports/market.md",
      "vbench report Profiles/latest -o Reports/market.html",
      "vbench report Profiles/after --base Profiles/before",
      "vbench report Profiles/services --rules our.rules",
      "vbench report Profiles/latest --source-root .",
      "vbench report --style counters Profiles/latest",
      "vbench report --targets Reports/targets.txt Profiles/latest Profiles/before",
    ]
  ) { invocation in
    let wanted = invocation.text("style")
    let form = try form(invocation)
    if wanted == TrackerStyle.name {
      let text = try TrackerStyle.text(form) { try ReportCommand.report(invocation) }
      try OutputFile.write(text, invocation)
      return .fine
    }
    var report = try report(invocation)
    do { report = try TrackerStore().read().noting(report) } catch {
      Terminal.note("The tracker is left out: \(error)")
    }
    let style = wanted.flatMap(ReportStyle.init) ?? ReportStyle.fitting(report)
    try OutputFile.write(try RenderedReport.text(report, style: style, form: form), invocation)
    if invocation.text("source-root") != nil, !report.showsSources {
      Terminal.note(
        "No source lines are shown: no file that the findings name lies below that folder and is older than the run."
      )
    }
    for refusal in report.refused ?? [] {
      Terminal.note("Left out: \(refusal.subject): \(refusal.reason) (\(refusal.check)).")
    }
    return report.refused != nil && invocation.has("strict") ? .failed : .fine
  }

  private static let styles = ReportStyle.allCases.map(\.rawValue) + [TrackerStyle.name]

  private static func report(_ invocation: Invocation) throws -> FindingsReport {
    let run = try RunSource.open(invocation.operands[0])
    let base = try invocation.text("base").map { try RunSource.open($0) }
    let others = try invocation.operands.dropFirst().map { try RunSource.open($0) }
    do {
      let targets = try invocation.text("targets").map(targets)
      let rules = try invocation.text("rules").map { try RulesSource.read($0) }
      let sources = try invocation.text("source-root").map(sources(below:))
      return try FindingsEngine.report(
        on: run, base: base, rules: rules, targets: targets, others: others, sources: sources)
    } catch let error as FindingsError {
      throw Failure(.badInput, "\(error)")
    }
  }

  private static func sources(below path: String) throws -> SourceFinder {
    let root = try SourceRoot(path)
    return { root.file(builtAt: $0) }
  }

  private static let largestTargets = 1 << 20

  private static func targets(_ path: String) throws -> TargetsFile {
    guard let size = FileSystem.size(of: path), !FileSystem.isDirectory(path) else {
      throw Failure(.badInput, "There is no file of targets at \(path).")
    }
    guard size <= largestTargets else {
      throw Failure(.badInput, "\(path) is larger than a file of targets can be (1 MiB).")
    }
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
      throw Failure(.badInput, "Cannot read \(path): \(error.reason).")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.badInput, "\(path) is not a text in UTF-8.")
    }
    return try TargetsFile(text, name: path)
  }

  private static func form(_ invocation: Invocation) throws -> RenderedReport.Form {
    let asked = [
      invocation.text("format").flatMap(RenderedReport.Form.init),
      invocation.has("json") ? .json : nil, invocation.has("html") ? .html : nil,
    ].compactMap(\.self)
    if Set(asked).count > 1 {
      throw Failure.usage(
        "\(Set(asked).map(\.rawValue).sorted().joined(separator: " and ")) cannot both be printed; choose one.",
        command)
    }
    if let first = asked.first { return first }
    let path = invocation.text("output") ?? ""
    return path.hasSuffix(".html") ? .html : path.hasSuffix(".json") ? .json : .markdown
  }
}

extension FindingsReport {
  fileprivate var showsSources: Bool {
    findings.contains { $0.locations.contains { $0.excerpt != nil } }
  }
}

/// The fifth style: the tracker's file, and what the run adds to it.
///
/// There is no such file before `vbench tracker` has written one, and a report does not make one up.
enum TrackerStyle {
  static let name = "tracker"

  static func text(
    _ form: RenderedReport.Form, _ report: () throws -> FindingsReport
  ) throws -> String {
    let store = TrackerStore()
    guard store.isThere else {
      throw Failure(
        .badInput,
        "There is no tracker file at \(store.path), so there is nothing to render. Begin one with `vbench tracker add TITLE`."
      )
    }
    guard form == .markdown else {
      throw Failure(
        .usage, "The tracker is printed as Markdown; `vbench tracker list --json` has its values.")
    }
    return TrackerMarkdown.render(try store.read(), beside: try report())
  }
}
