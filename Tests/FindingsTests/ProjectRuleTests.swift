import Findings
import Foundation
import Pprof
import SyntheticRuns
import Testing
import Vocabulary

/// Rules and patterns of a user's file, asked like those of vbench.
@Suite struct ProjectRuleTests {
  private func report(_ rules: String, _ run: SyntheticRun) throws -> FindingsReport {
    try FindingsEngine.report(on: run.folder(), rules: try RulesFile(reading: Array(rules.utf8)))
  }

  private static let lookup = """
    [rule lookup]
    title = Lookups
    op = search
    threshold = 5 %
      cache.*Get
    advice = Keep the last answer
    effort = S
    risk = low
    """

  private func run(_ samples: Int, op: String = "search") -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(10_000 - samples, operation: op)))
    run.files[0].stacks.append(.init("main;cache.(*LRU).Get;runtime.memmove", samples, op: op))
    return run
  }

  @Test func `a rule of the project fires, is clean, or says why not`() throws {
    let finding = try #require(try report(Self.lookup, run(700)).fired("lookup").first)
    #expect(finding.title.plain.hasPrefix("Lookups: 7.0 %"))
    #expect(finding.recommendations.map(\.action) == ["Keep the last answer"])
    #expect(finding.severity <= .medium && finding.confidence == .low)
    #expect(try report(Self.lookup, run(490)).isClean("lookup"))
    #expect(
      try report(Self.lookup, run(700, op: "insert")).reasons("lookup")
        == ["no sample of a cpu profile has the label op=search"])
    var none = run(700)
    none.remove("engine", .cpu)
    #expect(try report(Self.lookup, none).reasons("lookup") == ["the run has no cpu profile"])
  }

  @Test func `a large share of a project's rule is still only medium`() throws {
    let finding = try #require(try report(Self.lookup, run(9_000)).fired("lookup").first)
    // What it tells beside itself may be graver than its own cap.
    #expect(finding.severity == (finding.joined ?? []).map(\.finding.severity).max() ?? .medium)
  }

  @Test func `more patterns make a group larger`() throws {
    #expect(try run(0).report().fired("M1").isEmpty)
    var arena = SyntheticRun()
    arena.files.append(("engine", .cpu, RuleTests.spread(9_000, operation: "search")))
    arena.files[0].stacks.append(.init("main;shop.Basket;arena.take", 1_000, op: "search"))
    #expect(try arena.report().fired("M1").isEmpty)
    let finding = try #require(
      try report("[group allocation]\narena.*\n", arena).fired("M1").first)
    // An allocator is nobody's own code: who called it is charged.
    #expect(finding.evidence.contains { $0.statement.plain.contains("shop.Basket 100.0 %") })
  }

  @Test func `a rule about locks looks at the lock profile`() throws {
    let rule =
      "[rule tree-lock]\ntitle = Tree\nkind = mutex\nthreshold = 0.5\ntree.*\n"
    var run = SyntheticRun()
    run.record = nil
    run.profile("app", .mutex, .init("tree.Insert;sync.(*Mutex).Unlock", 600), .init("b", 300))
    #expect(try report(rule, run).fired("tree-lock").count == 1)
    run.remove("app", .mutex)
    run.profile("app", .cpu, .init("tree.Insert", 600))
    #expect(try report(rule, run).reasons("tree-lock") == ["the run has no mutex profile"])
  }
}
