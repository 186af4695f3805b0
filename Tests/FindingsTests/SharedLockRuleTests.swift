import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// What a contended lock is for: the log, reads and flushes, a client, the storage engine.
@Suite struct SharedLockRuleTests {
  /// Ten seconds of a service; a stack's count is in milliseconds of delay.
  private func run(_ stacks: SyntheticRun.Stack...) -> SyntheticRun {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    run.files.append(("gateway", .mutex, stacks))
    return run
  }

  private static let log =
    "net/http.HandlerFunc.ServeHTTP;main.(*gateway).handle;main.(*requestLog).record;sync.(*Mutex).Unlock"

  @Test func `a log's lock is named with its caller, not with Unlock`() throws {
    let report = try run(.init(Self.log, 3_000), .init("main.other;sync.(*Mutex).Unlock", 1_000))
      .report()
    let finding = try #require(report.fired("L9").first)
    #expect(
      finding.title.plain.contains("main.(*requestLog).record, called by main.(*gateway).handle"))
    #expect(!finding.title.plain.contains("Unlock") && finding.severity <= .medium)
    #expect(finding.confidence == .low)
    let quiet = try run(.init(Self.log, 90), .init("main.other;sync.(*Mutex).Unlock", 910)).report()
    #expect(quiet.fired("L9").isEmpty && quiet.isClean("L9"))
    var none = run()
    none.files = []
    none.profile("gateway", .cpu, .init("main.a", 200))
    for rule in ["L6", "L9", "L10", "L11", "L12"] {
      #expect(try none.report().reasons(rule) == ["the run has no mutex profile"], "\(rule)")
    }
  }

  @Test func `the log of a library is charged to who logs`() throws {
    let stack =
      "main.serve;middleware.LoggingInterceptor;log.(*Logger).Output;sync.(*Mutex).Unlock"
    let finding = try #require(try run(.init(stack, 1_000)).report().fired("L9").first)
    #expect(finding.title.plain.contains("middleware.LoggingInterceptor, called by main.serve"))
  }

  @Test func `the CPU profile tells what is done under the log's lock`() throws {
    var run = run(.init(Self.log, 3_000))
    run.profile(
      "gateway", .cpu,
      .init("main.(*gateway).handle;main.(*requestLog).record;encoding/json.Marshal", 300),
      .init("main.(*gateway).handle;main.(*requestLog).record", 100), .init("main.idle", 600))
    let finding = try #require(try run.report().fired("L9").first)
    #expect(
      finding.evidence.contains {
        $0.statement.plain.contains("40.0 %") && $0.statement.plain.contains("encoding 75.0 %")
      })
  }

  @Test func `hardly any delay is no finding, whatever its shares`() throws {
    let report = try run(.init(Self.log, 90)).report()
    for rule in ["L1", "L3", "L8", "L9"] {
      #expect(report.fired(rule).isEmpty && report.isClean(rule), "\(rule)")
    }
  }

  @Test func `reads and flushes of one type share its lock`() throws {
    let reads = SyntheticRun.Stack(
      "main.(*store).search;main.(*store).Lookup;sync.(*RWMutex).RUnlock", 500)
    let flush = SyntheticRun.Stack("main.(*store).Flush;sync.(*RWMutex).Unlock", 4_000)
    let finding = try #require(try run(reads, flush).report().fired("L10").first)
    #expect(finding.title.plain.hasPrefix("Reads and writes share a lock of main.(*store)"))
    #expect(finding.severity <= .medium && finding.confidence == .low)
    #expect(try run(flush).report().isClean("L10"))
    let elsewhere = SyntheticRun.Stack("cache.(*LRU).Lookup;sync.(*RWMutex).RUnlock", 500)
    #expect(try run(elsewhere, flush).report().isClean("L10"))
    var waiting = run(reads, flush)
    waiting.profile(
      "gateway", .block, .init("main.(*store).Lookup;sync.(*RWMutex).RLock", 4_000))
    let evidence = try #require(try waiting.report().fired("L10").first).evidence
    #expect(evidence.contains { $0.statement.plain.contains("main.(*store).Lookup (4.00 s)") })
  }

  @Test func `an RWMutex tells who keeps whom waiting, and no holder is left out`() throws {
    let report = try run(
      .init("main.(*store).Lookup;sync.(*RWMutex).RUnlock", 5_000),
      .init("main.(*store).Insert;sync.(*RWMutex).Unlock", 3_000),
      .init("main.(*store).Flush;sync.(*RWMutex).Unlock", 600),
      .init("main.(*store).Insert;sync.(*RWMutex).Unlock;sync.(*Mutex).Unlock", 1_400)
    ).report()
    let finding = try #require(report.fired("L10").first)
    #expect(
      finding.title.plain.contains(
        "(reads wait for main.(*store).Insert and main.(*store).Flush, writes for main.(*store).Lookup)"
      ))
    let text = finding.evidence.map(\.statement.plain)
    #expect(text.contains("Released by main.(*store).Insert: 44.0 % of the delay"))
    #expect(text.contains { $0.hasPrefix("A writer kept readers waiting: 3.60 s, 36.0 %") })
    #expect(text.contains { $0.hasPrefix("A writer kept another waiting: 1.40 s, 14.0 %") })
    #expect(finding.recommendations.first?.action.hasPrefix("Give reads a snapshot") == true)
  }

  @Test func `a client's pool and the storage engine are told apart`() throws {
    let pool = SyntheticRun.Stack("main.get;redis.(*Client).Process;sync.(*Mutex).Unlock", 1_000)
    let raft = SyntheticRun.Stack(
      "main.put;github.com/hashicorp/raft.(*Raft).Apply;sync.(*Mutex).Unlock", 1_000)
    let other = SyntheticRun.Stack("main.other;sync.(*Mutex).Unlock", 1_000)
    #expect(try run(pool, other).report().fired("L11").count == 1)
    #expect(try run(raft, other).report().isClean("L11"))
    #expect(try run(raft, other).report().fired("L12").count == 1)
    #expect(try run(pool, other).report().isClean("L12"))
  }

  @Test func `a hot shard is told from even ones`() throws {
    func shards(_ first: Int) throws -> FindingsReport {
      try run(
        .init("main.put;sync.(*Mutex).Unlock", first, lock: "shard[0]"),
        .init("main.put;sync.(*Mutex).Unlock", 500, lock: "shard[1]"),
        .init("main.put;sync.(*Mutex).Unlock", 500, lock: "shard[2]"),
        .init("main.put;sync.(*Mutex).Unlock", 500, lock: "shard[3]")
      ).report()
    }
    #expect(try shards(1_600).fired("L6").first?.title.plain.contains("shard[0]") == true)
    #expect(try shards(1_400).isClean("L6"))
    #expect(try run(.init("main.put;sync.(*Mutex).Unlock", 500)).report().reasons("L6").count == 1)
  }

  @Test func `a mutex profile without a window says at most`() throws {
    var run = run(.init(Self.log, 3_000))
    run.durationSeconds = 0
    #expect(
      try run.report().fired("L1").first?.title.plain.contains("of delay in all") == true)
  }
}
