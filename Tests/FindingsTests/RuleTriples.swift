import Findings
import Measurement
import Pprof
import RunRecords
import SyntheticRuns
import Vocabulary

/// A rule in its three cases: a run in which it fires, a near miss, and one it cannot judge.
struct RuleTriple: Sendable {
  let rule: String
  let fires: @Sendable () -> SyntheticRun
  let nearMiss: @Sendable () -> SyntheticRun
  let blind: @Sendable () -> SyntheticRun

  static let all = cpu + special + waits + recall

  // MARK: CPU

  /// Told by the leaf of a stack; without its profile nothing can be told.
  private static let cpu = RuleTests.cases.map { test in
    RuleTriple(
      rule: test.rule, fires: { test.run(test.fires) }, nearMiss: { test.run(test.quiet) },
      blind: {
        var run = test.run(test.fires)
        run.remove("engine", .cpu)
        return run
      })
  }

  private static let special = [
    RuleTriple(
      rule: "C2", fires: { spread(over: 50) }, nearMiss: { spread(over: 20) },
      blind: { SyntheticRun() }),
    RuleTriple(
      rule: "K3", fires: { givenBack(faults: 600) }, nearMiss: { givenBack(faults: 0) },
      blind: {
        // A process that samples itself by signal sees nothing of the kernel.
        var run = givenBack(faults: 600)
        run.record?.profiling.method = RunRecord.Profiling.threadTimers
        return run
      }),
  ]

  private static func spread(over functions: Int) -> SyntheticRun {
    var run = SyntheticRun()
    run.files.append(
      (
        "engine", .cpu,
        (0..<functions).map {
          .init("main;VectorStore.part\($0)", 10_000 / functions, op: "search")
        }
      ))
    return run
  }

  private static func givenBack(faults: Int) -> SyntheticRun {
    var run = SyntheticRun()
    run.record?.profiling.method = RunRecord.Profiling.kernelEvents
    run.files.append(("engine", .cpu, RuleTests.spread(9_000, operation: "search")))
    run.files[0].stacks += [
      .init("main;VectorStore.a;madvise;__x64_sys_madvise", 400, op: "search"),
      .init("main;VectorStore.a;asm_exc_page_fault;exc_page_fault", faults, op: "search"),
    ]
    return run
  }

  // MARK: Waits

  /// One stack of a block or mutex profile with so many milliseconds.
  private static func waiting(
    _ rule: String, _ kind: ProfileKind, _ stack: String, op: String? = nil, as wait: String? = nil,
    fires: Int, nearMiss: Int, others: Int = 0
  ) -> RuleTriple {
    let make: @Sendable (Int) -> SyntheticRun = { milliseconds in
      var run = SyntheticRun()
      run.profile(
        "engine", kind, .init(stack, milliseconds, op: op, waits: wait),
        .init("vb_op_insert;VectorStore.upsert;VectorIndex.link", others, op: "insert"))
      return run
    }
    return RuleTriple(
      rule: rule, fires: { make(fires) }, nearMiss: { make(nearMiss) },
      blind: {
        var run = make(fires)
        run.remove("engine", kind)
        return run
      })
  }

  private static let waits = [
    waiting(
      "L1", .mutex, "vb_op_insert;VectorIndex.link;Basics.InstrumentedLock.unlock()", op: "insert",
      fires: 2_800, nearMiss: 1_300),
    waiting(
      "L3", .mutex,
      "vb_op_insert;VectorStore.upsert;StorageEngine.Log.flushBuffer;Basics.InstrumentedLock.unlock()",
      op: "insert", fires: 500, nearMiss: 15, others: 500),
    waiting(
      "L4", .mutex, "vb_op_search;VectorIndex.search;Basics.InstrumentedLock.unlock()",
      op: "search", fires: 500, nearMiss: 8, others: 500),
    waiting(
      "L8", .mutex, "vb_op_insert;VectorStore.a;sync.(*Mutex).Unlock", op: "insert", fires: 600,
      nearMiss: 480, others: 500),
    waiting(
      "B1", .block, "vb_op_background;StorageEngine.Syncer.run;Basics.InstrumentedCondition.wait()",
      op: "background", as: "condition", fires: 5_000, nearMiss: 0, others: 500),
    waiting(
      "B2", .block, "vb_op_insert;StorageEngine.Log.commit;Basics.InstrumentedCondition.wait()",
      op: "insert", as: "condition", fires: 2_800, nearMiss: 1_300),
    waiting(
      "B3", .block, "vb_op_search;VectorIndex.search", op: "search", as: "runnable", fires: 27_000,
      nearMiss: 1_300),
    waiting(
      "I1", .block, "vb_op_insert;StorageEngine.Log.sync;fdatasync", op: "insert", as: "disk",
      fires: 2_000, nearMiss: 700),
    waiting(
      "I3", .mutex, "vb_op_flush;StorageEngine.Checkpoint.write;Basics.InstrumentedLock.unlock()",
      op: "flush", fires: 2_800, nearMiss: 1_300),
  ]

  // MARK: Recall

  private static let recall = [
    RuleTriple(
      rule: "V6", fires: { found(0.8, upTo: 0.82) }, nearMiss: { found(0.88, upTo: 0.92) },
      blind: { foundNothing }),
    RuleTriple(
      rule: "V5", fires: { found(1, upTo: 1) }, nearMiss: { found(0.996, upTo: 0.999) },
      blind: { foundNothing }),
    RuleTriple(
      rule: "V9", fires: { built(searching: 2_000) }, nearMiss: { built(searching: 950) },
      blind: {
        var run = built(searching: 2_000)
        run.remove("engine", .cpu)
        return run
      }),
    RuleTriple(
      rule: "V7", fires: { walked(200) }, nearMiss: { walked(80) },
      blind: { SyntheticRun() }),
  ]

  /// All is found, and so many of 10,000 samples of inserts are in the search for neighbors.
  static func built(searching samples: Int) -> SyntheticRun {
    var run = found(1, upTo: 1)
    run.record?.settings += [.init(name: "ef-construction", value: "200", source: .standard)]
    run.files.append(("engine", .cpu, RuleTests.spread(10_000 - samples, operation: "insert")))
    run.files[0].stacks.append(
      .init(
        "main;vb_op_insert;VectorIndex.GraphIndex.link;VectorIndex.GraphIndex.searchLayer",
        samples, op: "insert"))
    return run
  }

  private static func found(_ recall: Double, upTo upper: Double) -> SyntheticRun {
    var run = foundNothing
    var low = SyntheticRun.result("search.recall", .ratio, recall)
    // One percent to either side is the standard; nothing can be above one.
    if recall == 1 { low.estimate.interval = nil }
    run.record?.results += [low, SyntheticRun.result("search.recall.upper", .ratio, upper / 1.01)]
    return run
  }

  /// At an ef of 40, which explains up to 80 hops.
  private static func walked(_ hops: Double) -> SyntheticRun {
    var run = SyntheticRun()
    run.record?.results += [
      SyntheticRun.result("hops.per.search", .count, hops),
      SyntheticRun.result("distances.per.search", .count, 14 * hops),
    ]
    return run
  }

  private static var foundNothing: SyntheticRun {
    var run = SyntheticRun()
    run.record?.results.removeAll { $0.name.hasPrefix("search.recall") }
    return run
  }
}
