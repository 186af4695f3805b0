import Findings
import Foundation
import Ledger
import Reporting
import RunRecords
import Testing

/// The fifth document that people wrote by hand, the list of optimizations, taken apart into what it
/// tells.
///
/// Every section and kind of statement of it is a line here. The tracker of the committed runs tells
/// the same from what was measured, or the list says why it cannot. The other four documents have
/// their lists in `ChecklistTests`.
@Suite struct TrackerChecklistTests {
  struct Item: Sendable, CustomTestStringConvertible {
    /// What the document has.
    let what: String
    /// What a line of ours holds that tells it.
    let needle: String

    init(_ what: String, _ needle: String) { (self.what, self.needle) = (what, needle) }

    var testDescription: String { what }
  }

  static let items: [Item] = [
    Item("title", "# Performance Optimization Tracker\n"),
    Item("date", "Last change: 2026-11-21."), Item("how many of each", "1 pending, 1 deferred, "),
    // "Context: Mixed load, heavy bulk writes + high search QPS."
    Item("context: the load", "- Workload: `market`, started `20"),
    Item("context: how long", "- Duration: "), Item("context: the data", "- Dataset: `clustered`"),
    Item("context: the machine", "- Machine: "),
    // "## Pending", and the backlog with its buttons.
    Item("pending", "## Pending"), Item("a button to tick", "- [ ] **T1** "),
    Item("which evidence asked for it", "  - asked for by `"),
    Item("what that evidence was", " of `Profiles/example-faulty`: "),
    Item("put off, with its reason", "## Deferred"),
    Item("the reason", "  - why: approximate grouping can affect correctness"),
    // "## Done": fifty-seven lines without a figure.
    Item("done", "## Done"), Item("what was done", "### T3 Choose the distance kernel"),
    Item("when", "- done on 2026-11-21"), Item("what it brought", "| `capacity` | "),
    Item("how sure that is", "| Result | Change | 95 % interval | Verdict |"),
    Item("better", " better |"),
    Item("against what", "- base: `Profiles/kernel-portable` `sha256:"),
    Item("with what", "- new: `Profiles/kernel-automatic` `sha256:"),
    Item(
      "how to see it again", "vbench compare Profiles/kernel-portable Profiles/kernel-automatic"),
    // "Evaluate …": a try that brought nothing is no line of the document, and should be.
    Item("tried in vain", "## Tried Without Gain"), Item("nothing seen", "no difference seen; ±"),
    Item("left as it is", "## Accepted As It Is"), Item("a ticked button", "- [x] **T5** "),
    Item("done once, and taken up again", "  - was accepted on 2026-11-21"),
    // What nobody has taken up.
    Item("found and on no list", "## Found And Not Tracked"),
    Item("what to do about it", "- [ ] "), Item("what it may bring at most", "  - bound: "),
    Item("what it costs to try", ", effort S)"),
  ]

  /// Kinds of statement that no measurement makes; the page of documentation says so of each.
  static let notEvaluable: [(what: String, example: String, reason: String)] = [
    (
      "why a change should help", "to cut hot-path CPU",
      "a reason nobody measured is not made up"
    ),
    ("what else a change does", "with legacy fallback", "it is in the code, not in a run"),
    ("done without a figure", "\"done\", without a figure", "refused"),
  ]

  @Test(arguments: items) func `the tracker tells it`(item: Item) throws {
    #expect(try Self.text.get().contains(item.needle), "no line holds \(item.needle)")
  }

  @Test func `a checklist misses what is not there`() {
    let empty = TrackerMarkdown.render(Tracker())
    for item in Self.items.dropFirst() { #expect(!empty.contains(item.needle), "\(item.what)") }
  }

  @Test func `what cannot be told of an optimization is said with its reason`() throws {
    let page = try String(
      contentsOfFile: "\(Self.root)/Sources/vbench/Documentation.docc/Tracker.md", encoding: .utf8)
    for (what, example, reason) in Self.notEvaluable {
      let line = page.split(separator: "\n").first { $0.contains(example) }
      #expect(line?.contains(reason) == true, "\(what)")
    }
  }

  @Test func `a finding that an item answers is not told as one that nobody took up`() throws {
    let report = try Self.report()
    let taken = report.findings[0].key
    let text = try Self.text.get()
    let open = try #require(text.components(separatedBy: "## Found And Not Tracked").last)
    #expect(!open.contains("`\(taken.rule):\(taken.place)`"))
    #expect(open.contains("`V5:") || open.contains("`M2:") || open.contains("`C1:"))
  }

  @Test func `without a run the page is the file's alone`() throws {
    let page = TrackerMarkdown.render(try Self.tracker(of: Self.report()))
    #expect(!page.contains("Context:") && !page.contains("## Found And Not Tracked"))
    #expect(page.contains("## Pending"))
  }

  // MARK: - The tracker of the committed runs

  private static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")

  private static let text = Result { () throws -> String in
    let told = try report()
    return TrackerMarkdown.render(try tracker(of: told), beside: told)
  }

  private static func report() throws -> FindingsReport {
    try FindingsEngine.report(on: RunReader.open("\(root)/Profiles/example-faulty"))
  }

  /// Runs by the paths that stand in a tracker: from the project's folder on.
  private static let shelf = RunShelf(
    open: { try RunReader.open("\(root)/\($0)") },
    digest: { try RunShelf.disk.digest("\(root)/\($0)") },
    isThere: { RunShelf.disk.isThere("\(root)/\($0)") })

  private static func tracker(of report: FindingsReport) throws -> Tracker {
    let day = "2026-11-21"
    var tracker = Tracker()
    func asked(_ finding: Finding) -> TrackedItem.Asked {
      .init(run: "Profiles/example-faulty", key: finding.key, title: finding.title.plain)
    }
    let first = report.findings[0]
    _ = try tracker.add(first.recommendations[0].action, asked: asked(first), on: day)
    _ = try tracker.add("Coalesce requests of one batch", on: day)
    _ = try tracker.deferItem(
      "T2", because: "approximate grouping can affect correctness", on: day)
    _ = try tracker.add("Choose the distance kernel by what the processor can do", on: day)
    let maker = ProofMaker(shelf: shelf)
    let (slow, fast) = ("Profiles/kernel-portable", "Profiles/kernel-automatic")
    _ = try tracker.close(
      "T3", as: .done,
      proof: try maker.proof(of: "T3", as: .done, base: [slow], new: [fast]), on: day)
    _ = try tracker.add("The same run once more", on: day)
    _ = try tracker.close(
      "T4", as: .tried,
      proof: try maker.proof(of: "T4", as: .tried, base: [fast], new: [fast]), on: day)
    _ = try tracker.add("Keep the write-ahead log in one file", on: day)
    _ = try tracker.accept("T5", because: "it costs nothing that was measured", on: day)
    _ = try tracker.reopen("T5", because: "a larger load may tell", on: day)
    _ = try tracker.accept("T5", because: "a larger load told nothing", on: day)
    return tracker
  }
}
