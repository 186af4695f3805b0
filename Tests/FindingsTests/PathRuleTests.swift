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

  @Test func `what fetches a profile is in no share and no command, and is said once`() throws {
    var run = run(
      "gateway",
      .init("net/http.HandlerFunc.ServeHTTP;net/http/pprof.Index;runtime.selectgo", 9_000),
      .init("\(Self.handler);sync.(*Mutex).Lock", 1_000))
    run.profile("gateway", .mutex, .init("\(Self.handler);sync.(*Mutex).Unlock", 1_000))
    let report = try run.report()
    #expect(report.waits.map(\.seconds) == [1] && report.waits.map(\.share) == [1])
    #expect(report.method.plain.contains("(gateway 9.00 s of waiting):"))
    let commands = report.fired("L1").flatMap(\.evidence).compactMap(\.source.command)
    let blocks = commands.filter { $0.contains("_block.pprof") }
    #expect(!blocks.isEmpty)
    #expect(blocks.allSatisfy { $0.contains(#"'-ignore=net/http/pprof\.Index'"#) })
  }

  @Test func `work under a label is not the profiler's`() throws {
    let report = try run("gateway", .init("runtime/pprof.Do;main.work;sync.(*Mutex).Lock", 900))
      .report()
    #expect(report.waits.map(\.owner) == ["main.work"])
  }

  @Test func `a blocked sender is not idle, not even where nothing else happens`() throws {
    var run = run(
      "coordinator", .init("main.(*coordinator).watch;runtime.selectgo", 900),
      .init("main.(*coordinator).watch;runtime.chansend1", 300))
    run.profile("coordinator", .cpu, .init("main.(*coordinator).watch", 100))
    let report = try run.report()
    #expect(report.waits.map(\.nature) == [.wasted, .idle])
    #expect(report.waits.map(\.waitClass) == ["runtime.chansend1", "runtime.selectgo"])
  }

  @Test(arguments: [(9_700, WaitNature.idle), (5_000, .unknown), (19_400, .unknown)])
  func `one thread that receives all the time is idle, by the sum alone`(
    milliseconds: Int, nature: WaitNature
  ) throws {
    var run = run("worker", .init("main.heartbeat;runtime.chanrecv2", milliseconds))
    run.profile("worker", .cpu, .init("main.work", 5_000))
    let report = try run.report()
    #expect(report.waits.map(\.nature) == [nature])
    let gain: GainBound? =
      nature == .idle ? .nothing(reason: "an idle wait costs nothing") : nil
    #expect(report.fired("B1").first?.gain == gain)
  }

  @Test func `what Go does not record is not called clean`() throws {
    let wait = SyntheticRun.Stack("\(Self.handler);sync.(*Mutex).Lock", 1_000)
    let report = try run("gateway", wait).report()
    #expect(report.reasons("B6") == ["Go's block profile has no time.Sleep"])
    let moment = SyntheticRun.Stack("\(Self.handler);runtime.chansend1", 1, each: 50_000)
    let hardly = try run("gateway", moment).report()
    let clean = try #require(hardly.clean.first { $0.rule == "B2" })
    #expect(clean.observation.plain == "gateway: no request was seen to wait for long")
  }

  @Test func `what recording the waits costs is a warning, with its share`() throws {
    var run = run("gateway", .init("\(Self.handler);sync.(*Mutex).Lock", 1_000))
    let recording = SyntheticRun.Stack(
      "\(Self.handler);sync.(*Mutex).Unlock;runtime.mutexevent;runtime.saveblockevent", 80)
    run.profile("gateway", .cpu, recording, .init("\(Self.handler);main.work", 920))
    let report = try run.report()
    let gate = try #require(report.gate("Q4"))
    #expect(
      gate.state == .warning && gate.observation.plain.contains("8.0 % of the CPU of gateway"))
    #expect(report.roles.first?.cpuSeconds == 0.92)
    run.remove("gateway", .cpu)
    run.profile("gateway", .cpu, .init("\(Self.handler);main.work", 920))
    #expect(try run.report().gate("Q4")?.state == .notEvaluable)
  }

  @Test func `a network protocol is called what the stacks have`() throws {
    var run = run("gateway", .init("\(Self.handler);sync.(*Mutex).Lock", 1_000))
    run.profile(
      "gateway", .cpu, .init("net/http.(*conn).serve;net/http.(*conn).readRequest", 500),
      .init("main.work", 500))
    let plain = try #require(try run.report().fired("C21").first)
    #expect(plain.title.plain.hasPrefix("HTTP: 50.0 %"))
    #expect(!plain.recommendations.contains { $0.action.contains("onnections") })
    run.files[1].stacks.append(
      .init("net/http.(*Transport).dialConn;crypto/tls.(*Conn).Handshake", 100))
    let dialing = try #require(try run.report().fired("C21").first)
    #expect(dialing.title.plain.hasPrefix("HTTP and TLS: "))
    #expect(dialing.recommendations.contains { $0.action.hasPrefix("Reuse connections") })
  }

  @Test func `what no profile of the services behind explains is said`() throws {
    var run = run(
      "gateway",
      .init("\(Self.handler);net/http.(*persistConn).roundTrip;runtime.selectgo", 3_000))
    run.profile("worker", .cpu, .init("\(Self.handler);main.search", 500))
    let means = try #require(try run.report().fired("B7").first).means.map(\.plain)
    #expect(means.contains { $0.contains("at least 2.50 s of the 3.00 s (83.3 %)") })
    let first = try run.report().fired("B7").first?.recommendations.first
    #expect(first?.action.hasPrefix("Time a call on both sides") == true)
    run.remove("worker", .cpu)
    run.profile("worker", .cpu, .init("\(Self.handler);main.search", 3_500))
    let all = try #require(try run.report().fired("B7").first).means.map(\.plain)
    #expect(!all.contains { $0.contains("in none of them") })
  }

  @Test func `counts that Go scaled up make no interval`() throws {
    var run = run("gateway", .init("\(Self.handler);sync.(*Mutex).Lock", 1_000))
    run.profile("gateway", .mutex, .init("\(Self.handler);sync.(*Mutex).Unlock", 1_000))
    let lock = try #require(try run.report().fired("L1").first)
    #expect(!lock.title.plain.contains("±") && lock.title.plain.contains("100.0 %"))
    #expect(lock.evidence.contains { $0.statement.plain.contains("events, scaled up") })
    #expect(!lock.evidence.contains { $0.statement.plain.contains("95 % interval") })
  }

  @Test func `each service has a line of what its requests do`() throws {
    var run = run(
      "gateway", .init("\(Self.handler);sync.(*Mutex).Lock", 20_000),
      .init("\(Self.handler);net/http.(*persistConn).roundTrip;runtime.selectgo", 10_000))
    run.profile("gateway", .cpu, .init("main.other", 2_000))
    let verdict = try run.report().verdict.map(\.plain)
    #expect(verdict[0].hasSuffix("All CPU together is 0.20 of a core (2.00 s in 10.0 s)."))
    #expect(
      verdict[1].hasPrefix(
        "gateway: 3 requests at a time are seen: 2 wait for a lock in main.(*gateway).handle and 1 wait"
      ))
    #expect(verdict[2].contains("Blocking system calls"))
    #expect(try SyntheticRun().report().verdict.count == 3)
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
