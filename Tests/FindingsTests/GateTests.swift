import Findings
import Measurement
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

@Suite struct GateTests {
  private func run() -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(18_000, operation: "search")))
    run.files[0].stacks.append(
      .init("main;vb_op_search;VectorIndex.GraphIndex.searchLayer;malloc", 2_000, op: "search"))
    return run
  }

  @Test func `the standard run fails no gate`() throws {
    let report = try run().report()
    #expect(report.gates.filter { $0.state == .fail || $0.state == .warning }.map(\.id) == [])
    #expect(report.fired("M1").first?.severity == .high)
  }

  @Test func `a sampler that disagrees with the kernel silences the rules about CPU`() throws {
    var run = run()
    run.record?.profiling.quality?.sampledCPUSeconds = 12
    let report = try run.report()
    #expect(report.gate("Q6")?.state == .fail)
    #expect(report.fired("M1").isEmpty)
    #expect(report.suppressed.contains { $0.rule == "M1" && $0.gate == "Q6" })
  }

  @Test func `a debug build lowers every confidence`() throws {
    var run = run()
    run.environment?.buildMode = "debug"
    let finding = try #require(try run.report().fired("M1").first)
    #expect(finding.confidence == .low && finding.cappedBy == ["Q9"])
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let gate: String
    let state: GateResult.State
    let apply: @Sendable (inout SyntheticRun) -> Void

    var testDescription: String { "\(gate) \(state.rawValue)" }
  }

  static let changes: [Change] = [
    Change(gate: "Q2", state: .warning) { $0.record?.profiling.quality?.lostRecords = 100 },
    Change(gate: "Q2", state: .fail) { $0.record?.profiling.quality?.lostRecords = 1_000 },
    Change(gate: "Q3", state: .warning) { $0.record?.profiling.quality?.namedUserFrames = 180_000 },
    Change(gate: "Q3", state: .fail) { $0.record?.profiling.quality?.namedUserFrames = 100_000 },
    Change(gate: "Q4", state: .warning) { $0.record?.profiling.quality?.recorderCPUSeconds = 2 },
    Change(gate: "Q5", state: .fail) { $0.record?.profiling.windowOverlap = 0.9 },
    Change(gate: "Q6", state: .warning) { $0.record?.profiling.quality?.sampledCPUSeconds = 19.5 },
    Change(gate: "Q10", state: .warning) { $0.environment?.stealShare = 0.02 },
    Change(gate: "Q10", state: .notEvaluable) { $0.environment?.stealShare = nil },
    Change(gate: "W1", state: .warning) { run in
      run.record?.settings.removeAll { $0.name == "arrival" }
      run.record?.settings.append(.init(name: "arrival", value: "closed", source: .flag))
    },
    Change(gate: "W2", state: .warning) { run in
      var result = SyntheticRun.result("capacity", .perSecond, 2_200)
      result.trials = [1_000, 1_500, 1_700, 2_100, 2_400]
      run.record?.results.removeAll { $0.name == "capacity" }
      run.record?.results.append(result)
    },
    Change(gate: "W3", state: .warning) { $0.record?.trials.removeLast() },
    Change(gate: "W3", state: .fail) { $0.record?.trials.removeLast(3) },
    Change(gate: "W4", state: .warning) {
      $0.set("search.response.p99", .seconds, 0.1, observations: 900)
    },
    Change(gate: "W5", state: .warning) { $0.set("client.cpu.share", .ratio, 0.2) },
    Change(gate: "W5", state: .warning) { $0.set("generator.lag.p99", .seconds, 0.001) },
    Change(gate: "W6", state: .fail) { $0.set("throughput.achieved", .perSecond, 1_500) },
    Change(gate: "W7", state: .warning) { $0.record?.dataset?.rows = 100 },
    Change(gate: "W10", state: .fail) { $0.record?.trials[0].status = .failed },
    Change(gate: "X4", state: .fail) {
      $0.set("search.response.mean", .seconds, 0.001, observations: 19_000)
    },
    Change(gate: "X6", state: .fail) { $0.set("search.service.mean", .seconds, 0.01) },
    Change(gate: "X7", state: .fail) { $0.record?.trials[0].cpuSecondsByRole = ["engine": 40] },
    Change(gate: "Q5", state: .fail) { $0.record = nil },
    Change(gate: "Q9", state: .notEvaluable) { $0.environment = nil },
  ]

  @Test(arguments: changes) func `a gate answers what is wrong with a run`(change: Change) throws {
    var run = run()
    change.apply(&run)
    #expect(try run.report().gate(change.gate)?.state == change.state)
  }

  @Test func `a percentile with too few observations beyond it is not shown`() throws {
    var run = run()
    run.set("search.response.p99", .seconds, 0.1, observations: 900)
    run.set("search.response.p999", .seconds, 0.1, observations: 20_000)
    let names = try run.report().results.map(\.name)
    #expect(!names.contains("search.response.p99") && names.contains("search.response.p999"))
  }
}
