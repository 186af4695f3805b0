@testable import Findings
import FoundationEssentials
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// The arithmetic of chapters: what is printed as a whole is the sum of its parts.
@Suite struct ChapterTests {
  private func market() -> SyntheticRun {
    var run = SyntheticRun()
    run.profile(
      "engine", .cpu,
      .init("main;vb_op_search;Store.search;Graph.walk;vb_dot_avx2", 5_200, op: "search"),
      .init("main;vb_op_search;Store.search;Graph.walk;Heap.push", 3_100, op: "search"),
      .init("main;vb_op_search;Store.search;Graph.walk", 1_901, op: "search"),
      .init("main;vb_op_search;Store.search;malloc", 703, op: "search"),
      .init("main;vb_op_insert;Store.insert;Graph.link;vb_dot_avx2", 2_400, op: "insert"))
    run.profile("client", .cpu, .init("main;Loop.run", 1_000))
    run.profile(
      "engine", .block,
      .init("main;vb_op_search;Store.search;lock", 1_500, op: "search", waits: "lock"),
      .init("main;vb_op_insert;Log.sync;fdatasync", 2_600, op: "insert", waits: "disk"),
      .init("main;vb_op_background;Syncer.run", 9_000, op: "background", waits: "condition"))
    run.profile("client", .block, .init("main;Loop.wait", 40_000, waits: "sleep"))
    return run
  }

  // MARK: - Trees

  @Test func `children of a time tree sum to their parent, in shares and in amounts`() throws {
    let trees = try market().report().timeTrees
    #expect(trees.count == 2)
    for tree in trees { check(tree) }
  }

  @Test(arguments: 1...200) func `a tree of any shape sums`(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    func grow(_ depth: Int) -> TimeNode {
      let children = depth > 5 ? [] : (0..<next(5)).map { _ in grow(depth + 1) }
      let own = Double(next(1_000)) / 1e6
      let sum = children.reduce(own) { $0 + $1.seconds }
      return TimeNode(name: "n\(next(100))", seconds: sum, children: children)
    }
    check(TimeTree(grow(0), title: "t", operation: nil, role: "r"))
  }

  private func check(_ tree: TimeTree) {
    #expect(tree.rows.first?.share == 10_000)
    for (index, parent) in tree.rows.enumerated() {
      let below = tree.rows[(index + 1)...].prefix { $0.depth > parent.depth }
      let children = below.filter { $0.depth == parent.depth + 1 }
      if children.isEmpty { continue }
      #expect(children.reduce(0) { $0 + $1.share } == parent.share)
      #expect(children.reduce(0) { $0 + $1.amount } == parent.amount)
    }
  }

  @Test func `parts that exceed what was timed become the whole, and it says so`() throws {
    var run = market()
    let split = try #require(try run.report().timeSplits.first { $0.operation == "search" })
    let parts = split.parts.reduce(0) { $0 + $1.seconds }
    run.set("search.service.mean", .seconds, 0.97 * parts, observations: 20_000)
    let tree = try #require(try run.report().timeTrees.first { $0.operation == "search" })
    check(tree)
    #expect(abs(tree.whole / parts - 1) < 1e-6)
    #expect(tree.note?.plain.contains("that were timed") == true)
    // Much more than was timed is no split at all.
    run.set("search.service.mean", .seconds, 0.5 * parts, observations: 20_000)
    let report = try run.report()
    #expect(!report.timeTrees.contains { $0.operation == "search" })
    #expect(report.refused?.map(\.subject) == ["time split of search"])
  }

  // MARK: - Thread states

  @Test func `thread states add up to threads times wall time`() throws {
    let splits = try market().report().threadStates
    let load = try #require(splits.first { $0.threads != nil })
    #expect(load.whole == 80)
    let sum = load.rows.reduce(0) { $0 + $1.seconds }
    #expect(abs(sum + (load.rest ?? 0) - 80) < 1e-9)
    #expect(splits.count == 2, "the engine's own threads are told apart")
    #expect(splits[1].whole == nil && splits[1].reason != nil)
  }

  @Test func `without a block profile nothing is said of threads, and the reason is given`() throws
  {
    var run = market()
    run.remove("engine", .block)
    run.remove("client", .block)
    let report = try run.report()
    #expect(report.threadStates.isEmpty)
    #expect(
      report.limitsOfChapters.contains {
        $0.title == "Thread states" && $0.reason.contains("no block profile")
      })
  }

  // MARK: - Bounds

  @Test func `projections grow, end in the joint bound and never exceed it`() throws {
    let report = try market().report()
    guard case .bound(_, let joint, _, _) = report.jointBound else {
      Issue.record("no joint bound")
      return
    }
    var last = 0.0
    for step in report.projections {
      guard case .bound(let low, let high, _, _) = step.bound else { continue }
      #expect(low >= last - 1e-9)
      #expect(high <= joint + 1e-9)
      last = low
    }
    #expect(report.projections.count > 1)
  }

  // MARK: - Counters

  private func table(_ counters: RunCounters?, _ problem: String? = nil) throws -> CounterTable {
    var folder = market().folder()
    (folder.counters, folder.countersProblem) = (counters, problem)
    return try FindingsEngine.report(on: folder).counters
  }

  @Test func `what the kernel counted comes to so much an operation`() throws {
    var counters = RunCounters(hardwareProblem: "not supported on this machine")
    counters.counts = [
      RunCounters.Count(name: "switches_voluntary", value: 44_000, trials: [22_000, 22_000])
    ]
    let table = try table(counters)
    let switches = try #require(table.rows.first { $0.field == "switches_voluntary" })
    #expect(switches.perOperation == 2)
    #expect(switches.spread == 0)
    #expect(
      table.rows.first { $0.name == "backend bound" }?.value
        == .notEvaluable("not supported on this machine"))
  }

  @Test func `a ratio of the processor is told where both its parts were counted`() throws {
    var counters = RunCounters()
    counters.counts = [
      RunCounters.Count(role: "engine", name: "cycles", value: 1_000),
      RunCounters.Count(role: "engine", name: "instructions", value: 2_500),
      RunCounters.Count(role: "engine", name: "LLC-loads", problem: "none was free"),
    ]
    let table = try table(counters)
    #expect(table.rows.first { $0.name.contains("IPC") }?.value == .told("2.50"))
    #expect(
      table.rows.first { $0.name.contains("LLC") }?.value == .notEvaluable("none was free"))
  }

  @Test func `without counters every row of the processor has the reason`() throws {
    let table = try table(nil, "counters.json cannot be read")
    #expect(table.problem == "counters.json cannot be read")
    #expect(table.rows.allSatisfy { $0.value == .notEvaluable("counters.json cannot be read") })
    #expect(!table.rows.isEmpty)
  }

  // MARK: - Pictures

  @Test func `a flame tree keeps its sums and goes through JSON`() throws {
    let report = try market().report()
    #expect(report.flames.map(\.kind) == [.cpu, .cpu, .block, .block])
    for tree in report.flames {
      #expect(tree.frames.first?.value == tree.total)
      for (index, parent) in tree.frames.enumerated() {
        let below = tree.frames[(index + 1)...].prefix { $0.depth > parent.depth }
        let children = below.filter { $0.depth == parent.depth + 1 }
        #expect(children.reduce(0) { $0 + $1.value } <= parent.value)
      }
      #expect(try JSONDecoder().decode(FlameTree.self, from: JSONEncoder().encode(tree)) == tree)
    }
  }

  @Test(arguments: ["0 0 1", "0 9 1 1", "0 0 1 99", "a b c d"])
  func `frames that are none are refused`(text: String) {
    let json =
      #"{"role":"r","kind":"cpu","total":1,"isTime":true,"omitted":0,"names":["all"],"frames":"\#(text)"}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FlameTree.self, from: Data(json.utf8))
    }
  }
}
