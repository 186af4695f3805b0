import Findings
import FoundationEssentials
import Reporting
import RunRecords
import Testing

/// Four of the five documents that people wrote by hand, taken apart into what they tell.
///
/// Every section, table and kind of statement of theirs is a line of these lists. The report of the
/// example run must tell the same, or say of it why it cannot. The fifth is the tracker's; its list is
/// in `TrackerChecklistTests`.
@Suite struct ChecklistTests {
  struct Item: Sendable, CustomTestStringConvertible {
    /// What the document has.
    let what: String
    /// What a line of ours holds that tells it.
    let needle: String
    /// What another run of the same kind has instead.
    var other: String?

    init(_ what: String, _ needle: String, or other: String? = nil) {
      (self.what, self.needle, self.other) = (what, needle, other)
    }

    var testDescription: String { what }
  }

  // MARK: - Findings (services, by role)

  static let findings: [Item] = [
    Item("run timestamp", "started `20"), Item("profile directory", "# Performance Findings: `"),
    Item("workload parameters", "`read-ratio="),
    Item("What Was Collected", "## What Was Collected"),
    Item("files by role", "- `engine`: `engine_"),
    Item("Summary Of Findings", "## Summary Of Findings"),
    Item("a numbered finding a role and kind", "### 1) CPU of `"),
    Item("from which file", "<summary>Numbers from <code>engine_cpu.pprof</code>"),
    Item("share flat of a function", "% ±"), Item("share cumulative", " cumulative"),
    Item("interpretation of each", "(F1)"), Item("mutex profile", "engine_mutex.pprof</code>"),
    Item("block profile", "engine_block.pprof</code>"),
    Item("a light role", "is not a CPU hotspot"),
    Item("a role that is no bottleneck", "optimizing it would not shift throughput"),
    Item("Implications", "## Implications"), Item("advice below an implication", "   - "),
    Item("Commands Used", "## Commands Used"), Item("CPU commands", "<summary>CPU: "),
    Item("mutex commands", "<summary>Locks: "),
    Item(
      "a command that shows a profile again", "go tool pprof -top -nodecount=8 Profiles/example"),
    Item("Suggested Next Experiments", "## Suggested Next Experiments"),
    Item("higher load", "At four fifths of its capacity"),
    Item("search only", "vbench search-only --like"),
    Item("write only", "vbench write-only --like"),
    Item("Deep Dive", "## Deep Dive"), Item("A: hot path", "### A) CPU of `engine`"),
    Item("B: where threads wait", ") Waits of `engine`"),
    Item("a finding with its interpretation", "Means:"),
    Item("what it does not mean", "Does not mean: "), Item("potential fixes", "Do:"),
    Item("E: mostly idle", ") `client`: idle"),
    Item("F: latency chain", ") End-To-End Latency Chain"),
    Item("the slow tail", "The slow tail:"),
    Item(
      "what slow operations are made of", "the slowest 1",
      or: "not evaluable: what a slow operation does"),
    Item("G: wasted and necessary", ") What Is Wasted And What Is Necessary"),
    Item("kept from its work", "| kept from its work |"), Item("necessary", "| necessary |"),
    Item("idle", "| idle |"),
    Item("H: fixes with the highest return", ") Fixes With The Highest Return"),
    Item("I: profiling extensions", ") Profiling Extensions To Validate Fixes"),
    Item("capture a heap profile", "eap"), Item("capture a trace", "timeline"),
    Item("where the time goes", "## Where The Time Goes"), Item("resources", "## Resources"),
    Item("thread states", "## Thread States"),
  ]

  // MARK: - Counters

  static let counters: [Item] = [
    Item("date", "started `20"), Item("workload", "- Dataset: "), Item("hardware", "- Machine: "),
    Item("configuration", "`ef="), Item("Executive Summary", "## Executive Summary"),
    Item("critical bottlenecks", "The bottlenecks that weigh most:"),
    Item("top optimizations with a bound", "capacity at most +"),
    Item("Profiling Data", "## Profiling Data"),
    Item("Performance Counters", "### Performance Counters"),
    Item("Backend Bound", "| backend bound |"), Item("cache misses", "| cache misses |"),
    Item("LLC misses", "| last-level cache (LLC) load misses |"),
    Item("branch misses", "| branch misses |"), Item("IPC", "| instructions per cycle (IPC) |"),
    Item("context switches", "| context switches, involuntary |"),
    Item("Memory Allocations", "### Memory Allocations"),
    Item("total allocations", "| allocations |"),
    Item("temporary allocations", "| temporary allocations |"),
    Item("leaked allocations", "| live at the end |"),
    Item("peak memory", "| peak resident memory |"),
    Item("Query Performance", "### Latency And Throughput"),
    Item("average", "`search.response.mean`"), Item("p95", "`search.response.p95`"),
    Item("p99", "`search.response.p99`"), Item("against a baseline", "no base was given"),
    Item("build speed", "`load.rate`"), Item("Bottleneck Analysis", "## Bottleneck Analysis"),
    Item("a bottleneck with its severity", "(MEDIUM)"), Item("what it means", "What it means:"),
    Item("root causes", "Causes, by the code that pays:"), Item("solutions", "Solutions:"),
    Item("expected impact", "Impact: "), Item("source lines", ".swift:", or: ".c:"),
    Item("Optimization Priority", "## Optimization Priority"),
    Item("tasks", "| Priority | Tasks |"),
    Item("effort", "Effort: S is hours"), Item("risk", "| Effort | Risk |"),
    Item("Performance Projections", "## Projections"),
    Item("current performance", "| as measured |"),
    Item("after the first", "| F1: "), Item("cumulative", "all findings up to it"),
    Item("Next Steps", "## Next Steps"), Item("Success Criteria", "## Success Criteria"),
    Item("current, target, stretch", "Target and stretch are not evaluable: "),
    Item("Files Generated", "## Files Generated"), Item("a file with its size", "| `run.json` |"),
    Item("status and next", "Next: "),
  ]

  // MARK: - Gap

  static let gap: [Item] = [
    Item("date", "started `20"), Item("hardware", "- Machine: "),
    Item("test configuration", "- Dataset: "), Item("Executive Summary", "## Executive Summary"),
    Item(
      "metric, current, expected, gap, status", "| Metric | Current | Expected | Gap | Status |"),
    Item("a gap as a factor", " × off |"), Item("a status", "| MISSED |"),
    Item("what is positive", "On target: "), Item("a source for every target", "| Source |"),
    Item("conclusion", "Of 7 targets in"), Item("stability", "## Stability"),
    Item("run against run", "### Over Several Runs"),
    Item("metric and variance", "| trial 1 | trial 2 |"), Item("observation", "no drift seen"),
    Item("Critical Issues", "## Issues"), Item("an issue with its severity", "### Issue 1: "),
    Item("measured data", "Measured:"), Item("root causes", "Causes:"),
    Item("code locations", "Code:"), Item("Code-Level Root Cause", "## Code-Level Causes"),
    Item("Memory Allocation Hotspots", "### Memory Allocation Hotspots"),
    Item("Lock Contention Analysis", "### Lock Contention"),
    Item("Recommendations", "## Recommendations"), Item("P0", "### P1: "), Item("P1", "### P1: "),
    Item("expected gain", "| At most |"), Item("Validation", "## Validation And Profiling"),
    Item("micro-benchmarks", "`vbench micro`"), Item("profiling commands", "go tool pprof -top"),
    Item("targets by date", "## Targets By Date"), Item("short term", "### Within a week"),
    Item("medium term", "### Within a month"), Item("long term", "### Within a quarter"),
    Item("Action Items", "## Action Items"), Item("immediate", "### This week"),
    Item("short term", "### This month"), Item("a task to tick off", "- [ ] "),
    Item("raw output", "## Appendix: Raw Output"), Item("raw value", "search.response.p99   "),
    Item("recall", "`search.recall`"), Item("storage size", "`store.bytes`"),
  ]

  // MARK: - Ingest

  static let ingest: [Item] = [
    Item("date", "started `20"), Item("baseline", "Baseline: `insert.vectors`"),
    Item("Profiling Results", "## Profiling Results"),
    Item("time distribution", "### Time Distribution"), Item("100 % at the root", "100.0 %  "),
    Item("a branch", "├─ "), Item("key finding with both bases", "Key finding: "),
    Item("Identified Bottlenecks", "## Bottlenecks"), Item("first bottleneck", "### 1. "),
    Item("problem", "Where:"), Item("issue", "Issue:"), Item("impact", "Impact:"),
    Item("severity", "Severity: "),
    Item("Optimization Opportunities (Ranked)", "## Optimization Opportunities, Ranked"),
    Item("priority", "### Priority 1: "), Item("current", "- Current: "),
    Item("proposed", "- Proposed: "), Item("expected gain", "- Gain: "),
    Item("effort", "- Effort: "),
    Item("risk", "Risk: "), Item("note", "- Note: "),
    Item("Recommended Testing Order", "## Recommended Test Order"), Item("a test", "### Test 1: "),
    Item("pass condition", "Passes when "), Item("combined test", ": All Together"),
    Item("Expected Performance Targets", "## Targets"), Item("baseline row", "| as measured |"),
    Item("gain of a row", "| F1: "), Item("realistic target", "ceiling over the union"),
    Item("Other Observations", "## Other Observations"),
    Item("what is necessary", "necessary, for it was asked for"),
    Item("what is no bottleneck", "looked and found nothing"), Item("Next Steps", "## Next Steps"),
  ]

  @Test(arguments: findings) func `findings tells it`(item: Item) throws {
    expect(item, in: try Self.findingsText.get())
  }

  @Test(arguments: counters) func `counters tells it`(item: Item) throws {
    expect(item, in: try Self.countersText.get())
  }

  @Test(arguments: gap) func `gap tells it`(item: Item) throws {
    expect(item, in: try Self.gapText.get())
  }

  @Test(arguments: ingest) func `ingest tells it`(item: Item) throws {
    expect(item, in: try Self.ingestText.get())
  }

  @Test func `a checklist misses what is not there`() {
    for item in Self.findings + Self.counters + Self.gap + Self.ingest {
      #expect(!Self.isTold(item, in: "# Nothing\n\nNothing was measured.\n"), "\(item.what)")
    }
  }

  @Test func `whatever is not evaluable has its reason`() throws {
    for text in [Self.findingsText, Self.countersText, Self.gapText, Self.ingestText] {
      for line in try text.get().split(separator: "\n") {
        for start in line.ranges(of: "ot evaluable").map(\.upperBound) {
          let reason = line[start...].drop { ": .".contains($0) }
          #expect(reason.prefix { $0 != "|" }.count > 12, "\(line)")
        }
      }
    }
  }

  // MARK: - Reading

  private func expect(_ item: Item, in text: String) {
    #expect(Self.isTold(item, in: text), "no line holds \(item.needle)")
  }

  private static func isTold(_ item: Item, in text: String) -> Bool {
    text.contains(item.needle) || item.other.map(text.contains) == true
  }

  private static let findingsText = Result { try Example.text(.findings) }
  private static let countersText = Result { try Example.text(.counters) }
  private static let gapText = Result { try Example.text(.gap, targets: true) }
  private static let ingestText = Result { try Example.text(.ingest) }
}

/// The run that is kept beside the sources, and its file of targets.
enum Example {
  static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  /// The run with a fault in it: a clean one has no bound and no bottleneck to tell of.
  static func report(targets: Bool = false) throws -> FindingsReport {
    let run = try RunReader.open("\(root)/Profiles/example-faulty")
    let file = targets ? try targetsFile() : nil
    return try FindingsEngine.report(on: run, targets: file)
  }

  static func targetsFile() throws -> TargetsFile {
    let name = "Reports/example-targets.txt"
    let text = try String(contentsOf: URL(filePath: "\(root)/\(name)"), encoding: .utf8)
    return try TargetsFile(text, name: name)
  }

  static func text(
    _ style: ReportStyle, targets: Bool = false, form: RenderedReport.Form = .markdown
  ) throws -> String {
    try RenderedReport.text(try report(targets: targets), style: style, form: form)
  }
}
