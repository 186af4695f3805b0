import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

@Suite struct ReportTests {
  private func run(_ first: String, _ second: String) -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(6_000, operation: "search")))
    run.files[0].stacks += [
      .init("main;VectorIndex.walk;\(first)", 3_000, op: "search"),
      .init("main;VectorIndex.walk;\(second)", 1_000, op: "search"),
    ]
    return run
  }

  @Test func `when two functions swap their samples the findings swap`() throws {
    let one = try run("malloc", "swift_retain").report()
    let other = try run("swift_retain", "malloc").report()
    let first = try #require(one.fired("M1").first?.share)
    let second = try #require(other.fired("C8").first?.share)
    #expect(first == second)
    #expect(one.fired("C8").first?.share == other.fired("M1").first?.share)
    #expect(first.value == 0.3)
  }

  @Test func `a file that is taken away takes its sentences along`() throws {
    var run = run("malloc", "swift_retain")
    run.profile(
      "engine", .block,
      .init("vb_op_insert;StorageEngine.sync;fdatasync", 2_000, op: "insert", waits: "disk"))
    #expect(try run.report().fired("I1").count == 1)
    run.remove("engine", .block)
    let without = try run.report()
    #expect(without.fired("I1").isEmpty)
    #expect(without.reasons("I1") == ["the run has no block profile"])
    #expect(without.waits.isEmpty)
    #expect(!without.roles.contains { $0.statements.contains { $0.kind == .block } })
    #expect(without.fired("M1").count == 1)
  }

  @Test func `a file that cannot be read is named with its problem`() throws {
    var run = run("malloc", "swift_retain")
    run.unreadable = ["engine_cpu.pprof"]
    let report = try run.report()
    #expect(report.collected.first?.problem == "the file is cut short")
    #expect(report.reasons("M1") == ["engine_cpu.pprof could not be read: the file is cut short"])
  }

  @Test func `the bound of CPU is of all CPU, and only where CPU limits`() throws {
    var run = run("malloc", "swift_retain")
    run.profile("client", .cpu, .init("main;Harness.loop", 10_000))
    let finding = try #require(try run.report().fired("M1").first)
    guard case .bound(let low, let high, let metric, _) = finding.gain else {
      Issue.record("a CPU-bound run has a bound")
      return
    }
    #expect(metric == "capacity")
    #expect(low < 1 / 0.85 - 1 && high > 1 / 0.85 - 1)
    #expect(high < 0.2)
    run.environment?.cores = 16
    #expect(high < 0.2)
    run.environment?.cores = 16
    guard case .notBounded(let reason) = try run.report().fired("M1").first?.gain else {
      Issue.record("idle cores leave no bound")
      return
    }
    #expect(reason.hasPrefix("CPU is not known to limit this run: 2 of 16 cores"))
  }

  @Test func `the joint bound counts a stack with two faults once`() throws {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(8_000, operation: "search")))
    run.files[0].stacks.append(
      .init("main;VectorIndex.walk;Swift.Dictionary.subscript.modify;malloc", 2_000, op: "search"))
    let report = try run.report()
    #expect(report.fired("M1").count == 1 && report.fired("C5").count == 1)
    guard case .bound(let low, let high, _, _) = report.jointBound,
      case .bound(let single, _, _, _) = report.fired("M1")[0].gain
    else {
      Issue.record("a CPU-bound run has bounds")
      return
    }
    #expect(low <= 0.25 && high >= 0.25 && high < 0.3)
    #expect(abs(low - single) < 0.02)
  }

  @Test func `a cost is charged to the first project frame above it, for each operation`() throws {
    var run = SyntheticRun()
    run.profile(
      "engine", .cpu,
      .init("main;vb_op_search;VectorIndex.search;swift_allocObject;malloc", 1_000, op: "search"),
      .init("main;vb_op_search;VectorIndex.search", 4_000, op: "search"),
      .init("main;vb_op_insert;StorageEngine.append;malloc", 2_000, op: "insert"),
      .init("main;vb_op_insert;StorageEngine.append", 3_000, op: "insert"))
    let findings = try run.report().fired("M1")
    func evidence(_ operation: String) -> String {
      findings.first { $0.operation == operation }?.evidence.map(\.statement.plain)
        .joined(separator: "\n") ?? ""
    }
    #expect(evidence("search").contains("VectorIndex.search 100.0 %"))
    #expect(evidence("search").contains("per search"))
    #expect(evidence("insert").contains("StorageEngine.append 100.0 %"))
    #expect(findings.first { $0.operation == "insert" }?.share?.value == 0.4)
  }

  @Test(arguments: ["_init", "_fini", "frame_dummy", "_GLOBAL__sub_I_main"])
  func `what the linker and the start files made is nobody's project code`(name: String) throws {
    var run = SyntheticRun()
    run.profile(
      "engine", .cpu, .init("main;VectorIndex.walk;\(name);malloc", 3_000, op: "search"),
      .init("main;VectorIndex.walk", 7_000, op: "search"))
    let finding = try #require(try run.report().fired("M1").first)
    #expect(finding.locations.map(\.function) == ["VectorIndex.walk"])
  }

  @Test func `the same run gives the same report`() throws {
    #expect(try run("malloc", "free").report() == run("malloc", "free").report())
  }

  @Test func `an empty folder is an error that says what to do`() {
    let folder = RunFolder(path: "nowhere", record: nil, environment: nil, profileFiles: []) { _ in
      throw SyntheticRun.Unreadable()
    }
    #expect(throws: FindingsError.nothingToReport(run: "nowhere")) {
      try FindingsEngine.report(on: folder)
    }
  }

  @Test func `no absolute path reaches the report`() throws {
    var run = run("malloc", "swift_retain")
    run.record?.replay =
      "vbench market --store-dir /home/somebody/store --data=/home/somebody/x.fvecs"
    run.record?.settings.append(
      .init(name: "store-dir", value: "/home/somebody/store", source: .flag))
    let report = try FindingsEngine.report(on: run.folder(path: "/home/somebody/runs/one"))
    #expect(!"\(report)".contains("/home/somebody"))
    #expect(report.commands.first?.command == "vbench market --store-dir store --data=x.fvecs")
  }
}
