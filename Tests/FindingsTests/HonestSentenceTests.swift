import Findings
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Sentences of a report that were false of some runs, each held against one of those.
@Suite struct HonestSentenceTests {
  @Test func `a client that waits for a core before operations begin is not called harmless`()
    throws
  {
    var run = SyntheticRun()
    run.profile("client", .cpu, .init("main;Harness.loop", 1_000))
    run.profile(
      "client", .block, .init("main;Harness.wait", 50_000, waits: "sleep"),
      .init("main;Harness.wait", 2_400, waits: "runnable"))
    func sentence() throws -> String {
      let client = try run.report().roles.first { $0.name == "client" }
      let waits = client?.statements.first { $0.kind == .block }
      return waits?.interpretation.map(\.plain).joined() ?? ""
    }
    #expect(try sentence().contains("wait for a core for 2.40 s"))
    run.set("search.response.mean", .seconds, 0.00101)
    run.set("insert.response.mean", .seconds, 0.00401)
    #expect(try sentence().hasPrefix("No wait here is on the way"))
  }

  @Test func `a delete that follows its insert is told by its responses being its service`() {
    var record = SyntheticRun.standardRecord()
    func set(_ name: String, _ trials: [Double]) {
      var result = SyntheticRun.result(name, .seconds, trials[0])
      result.trials = trials
      record.results.removeAll { $0.name == name }
      record.results.append(result)
    }
    #expect(record.followers.isEmpty, "an insert that waits before it begins has a time of its own")
    set("delete.service.mean", [0.0011, 0.0012])
    set("delete.response.mean", [0.0011, 0.0012])
    #expect(record.followers == ["delete"])
    set("delete.response.mean", [0.0011, 0.0013])
    #expect(record.followers.isEmpty, "one trial of all differs")
    set("delete.response.mean", [0.0011, 0.0012])
    record.settings.removeAll { $0.name == "arrival" }
    record.settings.append(.init(name: "arrival", value: "closed", source: .standard))
    #expect(record.followers.isEmpty, "where nothing is due, every response is its service")
  }

  @Test func `a limit that cannot be told leaves the capacity a plain sentence`() throws {
    var run = SyntheticRun()
    run.record?.trials = []
    let line = try #require(try run.report().verdict.first).plain
    #expect(line.hasPrefix("What limits this run cannot be told: "))
    #expect(line.contains(" Capacity is 2200/s (95 %: 2178/s to 2222/s)."))
  }

  @Test func `percentiles say how many observations one trial has, too`() throws {
    let gate = try #require(try SyntheticRun().report().gate("W4"))
    // 20,000 observations, a hundredth of them beyond the p99, in five trials.
    #expect(gate.observation.plain.contains("has 200 observations or more beyond it in all trials"))
    #expect(gate.observation.plain.contains("search.response.p99 has 40 beyond it in one"))
  }

  @Test func `a trend is told as the line that it is`() throws {
    var run = SyntheticRun()
    var capacity = SyntheticRun.result("capacity", .perSecond, 500)
    capacity.trials = [393, 494, 552, 449, 552]
    run.record?.results.removeAll { $0.name == "capacity" }
    run.record?.results.append(capacity)
    let text = try #require(try run.report().gate("W2")).observation.plain
    #expect(text.hasPrefix("a line through the trials of capacity rises by 22."))
  }

  @Test func `what is under way is held against rate times response time`() throws {
    func gate(_ seen: [Double]) throws -> GateResult {
      var run = SyntheticRun()
      for (name, trials) in [("seen", seen), ("expected", [1, 1.1, 0.9, 1, 1])] {
        var result = SyntheticRun.result("concurrency.\(name)", .count, trials.reduce(0, +) / 5)
        result.trials = trials
        run.record?.results.append(result)
      }
      return try #require(try run.report().gate("X6"))
    }
    let agrees = try gate([1.02, 1.08, 0.93, 0.97, 1.01])
    #expect(agrees.state == .pass && agrees.observation.plain.contains("0.2 % apart"))
    #expect(try gate([1.3, 1.4, 1.2, 1.3, 1.3]).state == .fail)
    // Looks that swing contradict nothing.
    #expect(try gate([2.0, 0.5, 1.9, 0.6, 1.4]).state == .pass)
  }

  @Test func `too few samples of one operation are said to be of that one`() throws {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(5_000, operation: "insert")))
    run.files[0].stacks.append(.init("main;VectorStore.a", 60, op: "search"))
    let report = try run.report()
    #expect(
      report.reasons("C6") == ["for search in engine only, which has 60 samples and needs 100"])
    #expect(report.isClean("C6"), "inserts were looked at")
  }

  @Test func `links that the engine copies are seen, and sorting is without its distances`() throws
  {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, RuleTests.spread(8_000, operation: "delete")))
    let sort = "main;VectorStore.a;sort.Slice"
    run.files[0].stacks += [
      .init("main;VectorIndex.SlotArena.copyLinks", 1_000, op: "delete"),
      .init("\(sort);VectorIndex.CandidatePool.insert", 500, op: "delete"),
      .init("\(sort);VectorIndex.DistanceKernel.distances;vb_dot_batch_avx2", 500, op: "delete"),
    ]
    let report = try run.report()
    #expect(report.fired("V10").first?.share?.samples == 1_000)
    #expect(report.fired("C4").first?.share?.samples == 500)
  }

  @Test func `a fix is tried with the option that makes it, and a result says whether it helped`()
    throws
  {
    var run = SyntheticRun()
    run.profile(
      "engine", .block,
      .init("vb_op_search;VectorIndex.search", 27_000, op: "search", waits: "runnable"))
    let waits = try #require(try run.report().fired("B3").first)
    #expect(waits.verify.commands.first?.contains("market --concurrency 2 --like") == true)
    #expect(waits.verify.commands.last?.contains("--allow concurrency") == true)
    #expect(waits.verify.passes.plain.contains("search.response.p99 does not rise"))
    #expect(waits.recommendations.first?.risk.contains("insert takes 4.00 ms") == true)
  }

  @Test func `no finding is checked by a number that is not named`() throws {
    let rules = ["V5", "V6", "V9", "B3", "C5", "C1", "I1"]
    for triple in RuleTriple.all where rules.contains(triple.rule) {
      for finding in try triple.fires().report().allFindings {
        let passes = finding.verify.passes.plain
        #expect(!passes.isEmpty && !passes.contains("named above moves"), "\(finding.rule)")
      }
    }
  }
}
