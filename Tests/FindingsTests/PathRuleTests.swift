import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Waits of services: idle by role, for others, asleep on the way of a request.
@Suite struct PathRuleTests {
  private func run(_ role: String, _ stacks: SyntheticRun.Stack...) -> SyntheticRun {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    run.files.append((role, .block, stacks))
    return run
  }

  private static let handler = "net/http.HandlerFunc.ServeHTTP;main.(*gateway).handle"

  @Test func `a role without CPU waits for work, a busy one may not`() throws {
    let select = SyntheticRun.Stack("main.(*coordinator).watch;runtime.selectgo", 9_000)
    var idle = run("coordinator", select)
    idle.profile("coordinator", .cpu, .init("main.(*coordinator).watch", 200))
    let report = try idle.report()
    #expect(report.waits.map(\.nature) == [.idle])
    #expect(report.fired("B1").count == 1 && report.fired("B2").isEmpty)
    #expect(report.roles.first?.character == .idle)
    var busy = run("coordinator", select)
    busy.profile("coordinator", .cpu, .init("main.(*coordinator).watch", 2_000))
    #expect(try busy.report().waits.map(\.nature) == [.unknown])
    #expect(try busy.report().fired("B2").isEmpty)
  }

  @Test func `replicas are idle each by itself`() throws {
    var run = run("pd1", .init("main.run;runtime.selectgo", 100))
    run.profile("pd2", .block, .init("main.run;runtime.selectgo", 100))
    for role in ["pd1", "pd2"] { run.profile(role, .cpu, .init("main.run", 400)) }
    #expect(try run.report().roles.first?.character == .idle)
  }

  @Test func `fetching a profile is no wait of a request`() throws {
    let report = try run(
      "gateway",
      .init("net/http.HandlerFunc.ServeHTTP;net/http/pprof.Index;runtime.selectgo", 9_000)
    ).report()
    #expect(report.waits.map(\.nature) == [.idle])
  }

  @Test func `a request that waits for another service is told from one on a queue`() throws {
    let call = SyntheticRun.Stack(
      "\(Self.handler);main.(*gateway).forward;net/http.(*persistConn).roundTrip;runtime.selectgo",
      3_000)
    let idle = SyntheticRun.Stack("net/http.(*persistConn).writeLoop;runtime.selectgo", 90_000)
    let report = try run("gateway", call, idle).report()
    let finding = try #require(report.fired("B7").first, "\(report.refused ?? [])")
    #expect(finding.title.plain.contains("for 100.0 %") && finding.severity <= .low)
    #expect(finding.evidence.contains { $0.statement.plain.contains("main.(*gateway).forward") })
    #expect(report.fired("B2").isEmpty)
    let queue = SyntheticRun.Stack("\(Self.handler);runtime.chanrecv1", 9_500)
    let little = SyntheticRun.Stack(
      "\(Self.handler);net/http.(*Client).Do;runtime.selectgo", 500)
    let other = try run("gateway", queue, little).report()
    #expect(other.fired("B2").count == 1 && other.isClean("B7"))
    var none = SyntheticRun()
    none.profile("engine", .cpu, .init("a", 100))
    #expect(try none.report().reasons("B7") == ["the run has no block profile"])
    #expect(try none.report().reasons("B6") == ["the run has no block profile"])
  }

  @Test func `an operation that sleeps is polling`() throws {
    func sleeps(_ milliseconds: Int) throws -> FindingsReport {
      var run = SyntheticRun()
      run.profile(
        "engine", .block,
        .init(
          "vb_op_search;VectorStore.retry;nanosleep", milliseconds, op: "search", waits: "sleep"))
      return try run.report()
    }
    #expect(try sleeps(2_800).fired("B6").count == 1)
    #expect(try sleeps(1_300).isClean("B6"))
    let foreign = try run("gateway", .init("\(Self.handler);time.Sleep", 1_000)).report()
    #expect(foreign.fired("B6").count == 1)
  }
}
