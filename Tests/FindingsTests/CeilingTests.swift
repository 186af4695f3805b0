import Findings
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// What a finding could be worth if it cost nothing, where nobody knows how much of it can go.
@Suite struct CeilingTests {
  /// Inserts have 10,000 samples, and searches so many; half of either is in one function.
  private func run(searches: Int) -> SyntheticRun {
    var run = SyntheticRun()
    var recall = SyntheticRun.result("search.recall", .ratio, 1)
    recall.estimate.interval = nil
    run.record?.results.removeAll { $0.name.hasPrefix("search.recall") }
    run.record?.results.append(recall)
    run.files.append(("engine", .cpu, RuleTests.spread(5_000, operation: "insert")))
    run.files[0].stacks += [
      .init("main;vb_op_insert;VectorStore.a;VectorStore.hot", 5_000, op: "insert"),
      .init("main;vb_op_search;VectorStore.b;VectorStore.walk", searches, op: "search"),
    ]
    return run
  }

  @Test func `a hot function has a ceiling of its share of all CPU, not of its operation`() throws {
    let report = try run(searches: 10_000).report()
    let hot = try #require(report.fired("C1").first { $0.operation == "insert" })
    let ceiling = try #require(hot.ceiling)
    #expect(abs(ceiling.value - 0.25) < 1e-9 && ceiling.low < 0.25 && ceiling.high > 0.25)
    #expect(abs(Ceiling.factor(ceiling.value) - 4.0 / 3) < 1e-9)
    #expect(hot.severity == .low, "a ceiling makes nothing graver")
    #expect(ceiling.operation == nil, "it is of the function, not of all inserts")
    #expect(report.fired("V5").first?.ceiling?.operation == "search")
  }

  @Test(arguments: [(200, Severity.info), (330, .low), (10_000, .medium)])
  func `a beam that is too wide matters as much as searches have of the CPU`(
    searches: Int, severity: Severity
  ) throws {
    let finding = try #require(try run(searches: searches).report().fired("V5").first)
    #expect(finding.severity == severity)
    #expect(
      abs((finding.ceiling?.value ?? 0) - Double(searches) / Double(10_000 + searches)) < 1e-9)
  }

  @Test func `where CPU does not limit, saved CPU has no ceiling`() throws {
    var run = run(searches: 10_000)
    run.environment?.cores = 64
    let report = try run.report()
    #expect(report.fired("V5").first?.ceiling == nil && report.jointCeiling == nil)
    #expect(report.fired("V5").first?.severity == .medium)
  }

  @Test func `a union that holds one finding is as wide as that finding`() throws {
    var run = run(searches: 4_000)
    run.profile("client", .cpu, .init("main;Harness.loop", 3_000))
    run.files[0].stacks.append(.init("main;VectorStore.c;malloc", 2_500, op: "insert"))
    let report = try run.report()
    guard case .bound(let low, let high, _, _) = report.jointBound,
      case .bound(let lowOfOne, let highOfOne, _, _) = report.fired("M1").first?.gain
    else {
      Issue.record("a CPU-bound run has bounds")
      return
    }
    #expect(
      report.allFindings.filter { if case .bound = $0.gain { true } else { false } }.count == 1)
    #expect(abs(low - lowOfOne) < 1e-12 && abs(high - highOfOne) < 1e-12)
  }

  @Test func `what has a ceiling only is not said to be in the joint bound`() throws {
    let report = try run(searches: 10_000).report()
    #expect(
      report.jointBound
        == .notBounded(reason: "how much can go is not known of any finding about CPU"))
    let joint = try #require(report.jointCeiling)
    #expect(Set(joint.open) == Set(report.findings.filter { $0.ceiling != nil }.map(\.id)))
    // All searches, and half of the inserts.
    #expect(abs(joint.ceiling.value - 0.75) < 1e-9)
  }

  // MARK: - The build

  @Test func `a build is not questioned where recall is not to spare`() throws {
    var run = RuleTriple.built(searching: 4_000)
    #expect(try run.report().fired("V9").count == 1)
    run.record?.results.removeAll { $0.name == "search.recall" }
    run.record?.results.append(SyntheticRun.result("search.recall", .ratio, 0.98))
    #expect(try run.report().isClean("V9"))
  }

  @Test func `the command that measures half the effort names it`() throws {
    let finding = try #require(
      try RuleTriple.built(searching: 4_000).report().fired("V9").first)
    #expect(
      finding.verify.commands == [
        "vbench ab --b \"--ef-construction 100\" --allow recall -- market --like Profiles/20260206_234749"
      ])
    #expect(finding.verify.passes.plain.contains("cpu.per.insert falls"))
    #expect(finding.operation == "insert" && finding.severity == .medium)
  }

  // MARK: - Who uses the CPU

  @Test func `who uses the CPU adds up in every column`() throws {
    var run = run(searches: 333)
    run.profile("client", .cpu, .init("main;Harness.loop", 777))
    run.record?.settings.append(.init(name: "write-batch", value: "50", source: .standard))
    let use = try #require(try run.report().cpuUse)
    #expect(use.rows.map { $0.operation ?? $0.role } == ["insert", "client", "search"])
    #expect(use.rows.reduce(0) { $0 + $1.tenths } == 1_000)
    #expect(use.rows.reduce(0) { $0 + $1.hundredths } == 1_111)
    #expect(use.rows.reduce(0) { $0 + $1.samples } == use.samples && use.samples == 11_110)
    #expect(use.batch == 50)
    let verdict = try run.report().verdict[0].plain
    #expect(verdict.contains("; insert uses 90.0 % of all CPU and search 3.0 %. "))
  }

  @Test func `profiles that tell no operations apart have no such table`() throws {
    var run = SyntheticRun()
    run.profile("engine", .cpu, .init("main;VectorStore.a", 1_000))
    #expect(try run.report().cpuUse == nil)
  }
}
