import Findings
import Measurement
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// The rules about locks, queues and the disk.
///
/// The standard run spends 28 s inside operations:
/// 20,000 searches of 1 ms and 2,000 inserts of 4 ms.
@Suite struct WaitRuleTests {
  private func run(_ kind: ProfileKind, _ stacks: SyntheticRun.Stack...) -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(("engine", kind, stacks))
    return run
  }

  private func locks(milliseconds: Int, operation: String = "insert") -> SyntheticRun {
    var run = run(
      .block,
      .init(
        "vb_op_insert;VectorStore.upsert;Basics.InstrumentedLock.lock()", milliseconds,
        op: operation, waits: "lock", lock: "graph"))
    run.profile(
      "engine", .mutex,
      .init(
        "vb_op_insert;VectorIndex.GraphIndex.link;Basics.InstrumentedLock.unlock()", milliseconds,
        op: operation, lock: "graph"))
    return run
  }

  @Test func `lock waits fire from a twentieth of the time inside operations`() throws {
    let finding = try #require(try locks(milliseconds: 2_800).report().fired("L1").first)
    #expect(
      finding.evidence.contains { $0.statement.plain.contains("VectorIndex.GraphIndex.link") })
    #expect(finding.evidence.contains { $0.statement.plain.contains("lock graph") })
    #expect(!finding.evidence.contains { $0.statement.plain.hasPrefix("Released by Basics") })
    let quiet = try locks(milliseconds: 1_300).report()
    #expect(quiet.isClean("L1") && quiet.fired("L1").isEmpty)
    #expect(try run(.block).report().reasons("L1") == ["the run has no mutex profile"])
  }

  @Test func `a reader that waits for a lock is found by its operation`() throws {
    #expect(try locks(milliseconds: 1_000, operation: "search").report().fired("L4").count == 1)
    #expect(try locks(milliseconds: 500, operation: "search").report().isClean("L4"))
    #expect(try run(.block).report().reasons("L4") == ["the run has no mutex profile"])
  }

  @Test func `work under a lock is told from the functions that released it`() throws {
    func run(_ owner: String) throws -> FindingsReport {
      try self.run(
        .mutex,
        .init(
          "vb_op_insert;VectorStore.upsert;\(owner);Basics.InstrumentedLock.unlock()", 500,
          op: "insert")
      ).report()
    }
    #expect(try run("StorageEngine.Log.flushBuffer").fired("L3").count == 1)
    #expect(try run("StorageEngine.Log.append").isClean("L3"))
    #expect(try self.run(.cpu).report().reasons("L3") == ["the run has no mutex profile"])
  }

  @Test func `a worker with an empty queue is idle, an operation on a queue is not`() throws {
    let idle = try run(
      .block,
      .init(
        "vb_op_background;StorageEngine.Syncer.run;Basics.InstrumentedCondition.wait()", 5_000,
        op: "background", waits: "condition")
    )
    .report()
    #expect(idle.fired("B1").count == 1 && idle.isClean("B2"))
    #expect(idle.waits.map(\.nature) == [.idle])
    let busy = try run(
      .block,
      .init(
        "vb_op_insert;StorageEngine.Log.commit;Basics.InstrumentedCondition.wait()", 3_000,
        op: "insert", waits: "condition")
    )
    .report()
    #expect(busy.fired("B2").count == 1 && busy.isClean("B1"))
    #expect(busy.waits.map(\.nature) == [.wasted])
    #expect(try run(.cpu).report().reasons("B1") == ["the run has no block profile"])
    #expect(try run(.cpu).report().reasons("B2") == ["the run has no block profile"])
  }

  @Test func `sync waits are weighed against the time of writes`() throws {
    func run(_ milliseconds: Int) -> SyntheticRun {
      self.run(
        .block,
        .init(
          "vb_op_insert;StorageEngine.Log.sync;fdatasync", milliseconds, op: "insert", waits: "disk"
        ))
    }
    let finding = try #require(try run(2_000).report().fired("I1").first)
    guard case .bound(let low, let high, let metric, _) = finding.gain else {
      Issue.record("a wait on the way of an operation has a bound")
      return
    }
    #expect(metric == "mean time of a write" && low < 1.0 / 3 && high > 1.0 / 3)
    #expect(try run(700).report().isClean("I1"))
    var untimed = run(2_000)
    untimed.record?.results.removeAll { $0.name.hasPrefix("insert.") }
    #expect(try untimed.report().reasons("I1") == ["the run timed no writes"])
  }

  @Test func `maintenance that holds a lock is a stall`() throws {
    func run(_ milliseconds: Int) -> SyntheticRun {
      self.run(
        .mutex,
        .init(
          "vb_op_flush;StorageEngine.Checkpoint.write;Basics.InstrumentedLock.unlock()",
          milliseconds, op: "flush"))
    }
    #expect(try run(2_800).report().fired("I3").count == 1)
    #expect(try run(1_300).report().isClean("I3"))
    var untimed = run(2_800)
    untimed.record?.results = []
    #expect(try untimed.report().reasons("I3").count == 1)
  }

  @Test func `a lock of which few waits were recorded must be wanted more to be called contended`()
    throws
  {
    func run(recorded: Int) -> SyntheticRun {
      var run = SyntheticRun()
      // Ten waits of 100 ms in ten seconds: a tenth of them.
      run.profile("plant", .mutex, .init("main;holder;unlock", 10, each: 100_000_000))
      run.record?.profiling.quality?.switches = 1_000
      run.record?.profiling.quality?.switchesWithStack = recorded
      return run
    }
    #expect(try run(recorded: 1_000).report().fired("L1").count == 1)
    #expect(try run(recorded: 100).report().isClean("L1"), "one wait in ten stands for all")
  }

  @Test func `a wait for a core is told apart when the recorder says so`() throws {
    func run(_ milliseconds: Int) -> SyntheticRun {
      self.run(
        .block,
        .init("vb_op_search;VectorIndex.search", milliseconds, op: "search", waits: "runnable"))
    }
    #expect(try run(2_800).report().fired("B3").count == 1)
    #expect(try run(1_300).report().isClean("B3"))
    #expect(
      try locks(milliseconds: 100).report().reasons("B3")
        == ["no wait was recorded as waiting for a core"])
  }

  @Test func `a wait for a core that the load explains is no fault, and the rest of it is`() throws
  {
    func run(_ milliseconds: Int, busy: Double, arrival: String) throws -> Finding {
      var run = self.run(
        .block,
        .init("vb_op_search;VectorIndex.search", milliseconds, op: "search", waits: "runnable"))
      run.record?.settings.removeAll { $0.name == "arrival" }
      run.record?.settings.append(.init(name: "arrival", value: arrival, source: .flag))
      for index in 0..<5 { run.record?.trials[index].cpuSecondsByRole = ["engine": 2 * busy] }
      return try #require(try run.report().fired("B3").first)
    }
    // One of two cores busy at random waits for a third of the 10 s of CPU: 3.3 s of 28 s.
    let explained = try run(4_000, busy: 1, arrival: "poisson")
    #expect(explained.severity == .info)
    #expect(explained.evidence.contains { $0.statement.plain.contains("11.9 % of their time") })
    let crowded = try run(9_800, busy: 1, arrival: "poisson")
    #expect(crowded.severity == .high)
    #expect(abs((crowded.share?.value ?? 0) - (9.8 - 10.0 / 3) / 28) < 1e-6)
    // Eight workers on two cores in a closed loop: three others stand before each.
    #expect(try run(9_800, busy: 0.4, arrival: "closed").severity == .info)
    #expect(try run(25_000, busy: 0.4, arrival: "closed").severity > .info)
  }

  @Test func `a lock frame at the leaf is a note, not a cost`() throws {
    func run(_ other: Int) throws -> FindingsReport {
      try self.run(
        .mutex, .init("vb_op_insert;VectorStore.a;sync.(*Mutex).Unlock", 500, op: "insert"),
        .init("vb_op_insert;VectorStore.b", other, op: "insert")
      ).report()
    }
    let note = try #require(try run(400).fired("L8").first)
    #expect(note.severity == .info && note.recommendations.isEmpty)
    #expect(try run(600).isClean("L8"))
    #expect(try self.run(.cpu).report().reasons("L8") == ["the run has no mutex profile"])
  }

  @Test func `low recall is critical, ample recall is advice, no recall is a reason`() throws {
    var run = run(.block)
    run.set("search.recall", .ratio, 0.8)
    run.set("search.recall.upper", .ratio, 0.82)
    let low = try run.report()
    #expect(low.findings.first?.rule == "V6" && low.findings.first?.severity == .critical)
    run.set("search.recall", .ratio, 0.97)
    run.set("search.recall.upper", .ratio, 0.97)
    #expect(try run.report().isClean("V6") && run.report().isClean("V5"))
    run.record?.results.removeAll { $0.name.hasPrefix("search.recall") }
    var perfect = SyntheticRun.result("search.recall", .ratio, 1)
    perfect.estimate.interval = nil
    run.record?.results.append(perfect)
    #expect(try run.report().fired("V5").first?.severity == .medium)
    run.record?.results.removeAll { $0.name.hasPrefix("search.recall") }
    #expect(try run.report().reasons("V5") == ["the run has no result search.recall"])
    #expect(try run.report().reasons("V6") == ["the run has no result search.recall"])
  }
}
