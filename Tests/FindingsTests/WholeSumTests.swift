import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Tables of a report add up, and say what they leave out and why.
@Suite struct WholeSumTests {
  /// A service whose mutex profile has a tenth of the delay that its block profile has, or all of it.
  private func service(waits: Int) -> SyntheticRun {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    let write = "net/http.HandlerFunc.ServeHTTP;main.(*store).write;sync.(*Mutex)"
    run.profile("db", .mutex, .init("\(write).Unlock", 3_000))
    run.profile("db", .block, .init("\(write).Lock", waits))
    return run
  }

  @Test func `a lock's time in two profiles that differ tenfold is told with the reason`() throws {
    let report = try service(waits: 30_000).report()
    let means = try #require(report.fired("L1").first).means.map(\.plain)
    let note = try #require(means.first { $0.contains("block profile has 30.0 s in 30,000 waits") })
    #expect(note.contains("The mutex profile has 3.00 s in 3,000 waits"))
    #expect(note.contains("one waiter of a lock at a time before Go 1.22"))
    let locks = try #require(report.usage.first { $0.resource == "locks" })
    guard case .told(let text) = locks.saturation else {
      Issue.record("the delay is known")
      return
    }
    #expect(text.plain.contains("the block profiles have 30.0 s of db"))
  }

  @Test func `a lock's time in two profiles that agree needs no note`() throws {
    let report = try service(waits: 3_300).report()
    let finding = try #require(report.fired("L1").first)
    #expect(!finding.means.contains { $0.plain.contains("mutex profile has") })
  }

  @Test func `small waits are added up in a row of their own, so that a role's rows are whole`()
    throws
  {
    var run = service(waits: 10_000)
    run.files[1].stacks += (1...3).map {
      .init("net/http.HandlerFunc.ServeHTTP;main.part\($0);sync.(*Mutex).Lock", 10)
    }
    let report = try run.report()
    let rest = try #require(report.waits.first { $0.rows != nil })
    #expect(rest.rows == 3 && rest.count == 30 && rest.nature == .wasted)
    #expect(abs(report.waits.reduce(0) { $0 + $1.seconds } - 10.03) < 1e-9)
    #expect(abs(report.waits.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  @Test func `system calls behind the dearest are one row, and none is lost`() throws {
    var run = SyntheticRun()
    run.record = nil
    run.files.append(
      (
        "db", .cpu,
        (1...12).map { .init("main.part\($0);write;entry_SYSCALL_64;__x64_sys_write", 10 * $0) }
      ))
    let rows = try run.report().systemCalls
    #expect(rows.count == 9 && rows.last?.rows == 4)
    #expect(rows.reduce(0) { $0 + $1.cpuSamples } == 780)
  }

  // MARK: - What was not seen

  /// Eight workers and a thread that measures, each with a second of waiting.
  private func threads(named others: [String]) -> SyntheticRun {
    var run = SyntheticRun()
    let workers = (0..<8).map { ("client-\($0)", "search" as String?) }
    let all = workers + others.map { ($0, nil) }
    run.files.append(
      (
        "client", .block,
        all.map { name, operation in
          var stack = SyntheticRun.Stack("main;Loop.run", 1_000, op: operation, waits: "sleep")
          stack.labels.append(Profile.Label(LabelKey.thread, name))
          return stack
        }
      ))
    return run
  }

  @Test func `threads beside the workers have their time, and are named`() throws {
    let states = try #require(try threads(named: ["client-gauge"]).report().threadStates.first)
    #expect(states.threads == 9 && states.whole == 90 && states.others == ["client-gauge"])
    #expect(abs((states.rest ?? 0) - 81) < 1e-9)
    let alone = try #require(try threads(named: []).report().threadStates.first)
    #expect(alone.threads == 8 && alone.others.isEmpty)
  }

  @Test func `a rule for another program's functions is told from one that found too little`()
    throws
  {
    var run = SyntheticRun()
    run.record = nil
    run.files.append(("db", .cpu, RuleTests.spread(9_980, operation: nil)))
    run.files[0].stacks.append(.init("main.a;sort.Slice", 20))
    let report = try run.report()
    #expect(report.clean.first { $0.rule == "C4" }?.isElsewhere == nil)
    #expect(report.clean.first { $0.rule == "P1" }?.isElsewhere == true)
    #expect(report.isClean("C4") && report.isClean("P1"))
  }

  @Test func `a question about a run of vbench is set apart only where there is none`() throws {
    var run = SyntheticRun()
    run.profile("engine", .cpu, .init("main;VectorStore.a", 1_000, op: "search"))
    run.record?.results.removeAll { $0.name == "search.recall" }
    #expect(try run.report().notEvaluable.first { $0.rule == "V6" }?.asksForOwnRun == nil)
    run.record = nil
    #expect(try run.report().notEvaluable.first { $0.rule == "V6" }?.asksForOwnRun == true)
  }
}
