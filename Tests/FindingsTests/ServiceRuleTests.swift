import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// The rules about services, storage engines, PostgreSQL, allocators and the kernel's network.
@Suite struct ServiceRuleTests {
  /// A stack under `main.(*server).handle`: so many of 10,000 samples fire the rule, so many do not.
  struct Case: Sendable, CustomTestStringConvertible {
    let rule: String
    let leaf: String
    let fires: Int
    let quiet: Int

    var testDescription: String { "\(rule) \(leaf)" }
  }

  static let cases: [Case] = [
    Case(rule: "C4", leaf: "sort.Slice;sort.pdqsort", fires: 300, quiet: 190),
    Case(rule: "C14", leaf: "regexp.MustCompile;regexp/syntax.Parse", fires: 300, quiet: 190),
    Case(rule: "C19", leaf: "runtime.gopark;runtime.findRunnable", fires: 1_200, quiet: 900),
    Case(rule: "C20", leaf: "encoding/json.Marshal", fires: 500, quiet: 290),
    Case(rule: "C21", leaf: "net/http.(*conn).readRequest", fires: 1_200, quiet: 900),
    Case(rule: "C22", leaf: "runtime.mapaccess2_fast64", fires: 700, quiet: 490),
    Case(rule: "C23", leaf: "container/heap.Push;container/heap.up", fires: 500, quiet: 290),
    Case(rule: "C24", leaf: "auth.Interceptor", fires: 500, quiet: 290),
    Case(rule: "M1", leaf: "runtime.mallocgc", fires: 700, quiet: 490),
    Case(rule: "M10", leaf: "runtime.gcBgMarkWorker;runtime.gcDrain", fires: 700, quiet: 490),
    Case(rule: "M11", leaf: "malloc;__lll_lock_wait_private", fires: 300, quiet: 190),
    Case(rule: "V4", leaf: "vec.normalizeInPlace", fires: 300, quiet: 190),
    Case(rule: "V10", leaf: "hnsw.(*Graph).getNeighbors;runtime.memmove", fires: 300, quiet: 190),
    Case(rule: "L5", leaf: "sync.(*Mutex).Lock;runtime.futex", fires: 700, quiet: 490),
    Case(rule: "L13", leaf: "rocksdb::DBImpl::GetAndRefSuperVersion", fires: 700, quiet: 490),
    Case(rule: "L14", leaf: "LWLockAcquire", fires: 700, quiet: 490),
    Case(rule: "S1", leaf: "rocksdb::CompactionJob::Run()", fires: 1_200, quiet: 900),
    Case(rule: "S2", leaf: "rocksdb::BlockBasedTable::Get", fires: 1_200, quiet: 900),
    Case(rule: "S3", leaf: "rocksdb::log::Writer::AddRecord", fires: 1_200, quiet: 900),
    Case(
      rule: "S4", leaf: "rocksdb::InlineSkipList<rocksdb::K const&>::Insert", fires: 1_200,
      quiet: 900),
    Case(
      rule: "S2", leaf: "github.com/cockroachdb/pebble/sstable.(*blockIter).Next", fires: 1_200,
      quiet: 900),
    Case(rule: "P1", leaf: "standard_ExecutorRun;ExecInterpExpr", fires: 2_300, quiet: 1_900),
    Case(rule: "P2", leaf: "ReadBuffer_common", fires: 1_200, quiet: 900),
    Case(rule: "P3", leaf: "XLogInsertRecord", fires: 1_200, quiet: 900),
    Case(rule: "K4", leaf: "write;entry_SYSCALL_64;tcp_sendmsg", fires: 1_200, quiet: 900),
    Case(rule: "K5", leaf: "read;entry_SYSCALL_64;_copy_to_iter", fires: 700, quiet: 490),
  ]

  private func run(_ test: Case, _ samples: Int) -> SyntheticRun {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    run.files.append(("server", .cpu, RuleTests.spread(10_000 - samples, operation: nil)))
    run.files[0].stacks.append(.init("main.main;main.(*server).handle;\(test.leaf)", samples))
    return run
  }

  @Test(arguments: cases) func `a rule fires above its threshold`(test: Case) throws {
    let finding = try #require(try run(test, test.fires).report().fired(test.rule).first)
    #expect(finding.role == "server")
    #expect(finding.evidence.contains { $0.source.command?.contains("server_cpu.pprof") == true })
    #expect(finding.severity <= .medium)
  }

  @Test(arguments: cases) func `just below its threshold a rule is clean`(test: Case) throws {
    let report = try run(test, test.quiet).report()
    #expect(report.fired(test.rule).isEmpty && report.isClean(test.rule))
  }

  @Test(arguments: cases) func `without its profile a rule says why`(test: Case) throws {
    var run = run(test, test.fires)
    run.remove("server", .cpu)
    run.profile("server", .mutex, .init("main.a;sync.(*Mutex).Unlock", 1))
    #expect(try run.report().reasons(test.rule) == ["the run has no cpu profile"])
  }

  @Test(arguments: ["K3", "K4", "K5", "M6"])
  func `a profile without kernel frames is no clean one`(rule: String) throws {
    let report = try run(Self.cases[0], 10).report()
    #expect(!report.isClean(rule))
    #expect(report.reasons(rule) == ["the CPU profile has no kernel frames"])
  }

  @Test func `advice about the search is not given to a service that does not search`() throws {
    let maps = try run(Case(rule: "", leaf: "runtime.mapaccess1", fires: 0, quiet: 0), 900).report()
    #expect(maps.fired("C5").isEmpty && maps.fired("C22").count == 1)
    let graph = try run(
      Case(rule: "", leaf: "idx.(*HNSW).searchLayer;runtime.mapaccess1", fires: 0, quiet: 0), 900
    ).report()
    #expect(graph.fired("C5").count == 1 && graph.fired("C22").isEmpty)
  }

  @Test func `a library's flush and lookup are nobody's storage`() throws {
    var run = SyntheticRun()
    run.record = nil
    run.profile(
      "server", .mutex,
      .init("main.(*server).handle;bufio.(*Writer).Flush;sync.(*Mutex).Unlock", 5_000))
    let report = try run.report()
    #expect(report.fired("L3").isEmpty && report.fired("L1").count == 1)
  }

  @Test func `guesses from names are medium at most, and their confidence is low`() throws {
    var run = run(Self.cases.first { $0.rule == "C24" } ?? Self.cases[0], 6_000)
    run.record = SyntheticRun.standardRecord()
    run.environment = SyntheticRun.standardEnvironment()
    let finding = try #require(try run.report().fired("C24").first)
    #expect(finding.isBoundedForTests && finding.severity == .medium)
    #expect(finding.confidence == .low)
  }
}

extension Finding {
  fileprivate var isBoundedForTests: Bool {
    if case .bound = gain { true } else { false }
  }
}
