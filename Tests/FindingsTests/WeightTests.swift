import Findings
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Findings stand in the order of what they could free of everything there is.
@Suite struct WeightTests {
  /// An engine in which `copy` of the 500 samples of deletes copy, and `sort` of 9,500 searches sort.
  private func run(copy: Int, sort: Int) -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(9_500 - sort, operation: "search")))
    run.files[0].stacks += [
      .init("main;VectorStore.a;sort.Slice", sort, op: "search"),
      .init("main;VectorStore.b;memmove", copy, op: "delete"),
      .init("main;VectorStore.c", 500 - copy, op: "delete"),
    ]
    return run
  }

  @Test(arguments: [true, false])
  func `60 % of an operation with 5 % of the CPU stands below 20 % of all`(isLimited: Bool) throws {
    var run = run(copy: 300, sort: 2_000)
    if !isLimited { run.environment?.cores = 64 }
    let report = try run.report()
    let places = ["C4", "C6"].map { rule in report.findings.firstIndex { $0.rule == rule } }
    let sort = try #require(places[0])
    let copy = try #require(places[1])
    #expect(sort < copy)
    let weight = try #require(report.findings[copy].weight)
    #expect(weight.of == .cpu && abs(weight.value - 0.03) < 1e-9)
    #expect(abs((report.findings[sort].weight?.value ?? 0) - 0.2) < 1e-9)
    #expect(report.findings[copy].severity <= .medium)
  }

  @Test func `of equal severity the one that could free more stands first`() throws {
    var run = run(copy: 300, sort: 2_000)
    run.environment?.cores = 64
    let report = try run.report()
    for (left, right) in zip(report.findings, report.findings.dropFirst())
    where left.severity == right.severity {
      #expect((left.weight?.low ?? -1) >= (right.weight?.low ?? -1), "\(left.id)")
    }
  }

  @Test func `a lock is weighed by the time of the requests where most time is`() throws {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    let stack = "net/http.HandlerFunc.ServeHTTP;main.(*server).handle;sync.(*Mutex)"
    for (role, waits) in [("front", 9_000), ("back", 1_000)] {
      run.profile(role, .mutex, .init("\(stack).Unlock", waits))
      run.profile(role, .block, .init("\(stack).Lock", waits))
    }
    let report = try run.report()
    let back = try #require(report.fired("L1").first { $0.role == "back" })
    #expect(back.share?.value == 1)
    #expect(abs((back.weight?.value ?? 0) - 1.0 / 9) < 1e-9 && back.weight?.of == .requests)
    #expect(report.findings.first?.role == "front")
  }
}
