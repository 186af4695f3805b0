import Findings
import FoundationEssentials
import Glibc
import Pprof
import Reporting
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Whole documents, each named by the question it answers.
///
/// `VBENCH_REFRESH_GOLDEN=1` rewrites them.
@Suite struct GoldenReportTests {
  @Test func `a market run reads like a findings document`() throws {
    try compare(MarketRun.folder(), with: "what-limits-a-market-run.md")
  }

  @Test func `a directory of Go services without run.json reads like one too`() throws {
    try compare(ServiceDirectory.folder(), with: "where-do-go-services-spend-their-time.md")
  }

  private func compare(_ folder: RunFolder, with name: String) throws {
    let text = FindingsMarkdown.render(try FindingsEngine.report(on: folder))
    let path = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    let file = "/\(path)/Golden/\(name)"
    if ProcessInfo.processInfo.environment["VBENCH_REFRESH_GOLDEN"] != nil {
      try Data(text.utf8).write(to: URL(filePath: file))
    }
    let golden = try String(contentsOf: URL(filePath: file), encoding: .utf8)
    let difference = zip(text.split(separator: "\n"), golden.split(separator: "\n"))
      .first { $0 != $1 }
    #expect(text == golden, "first difference: \(String(describing: difference))")
  }
}

/// Our own engine under a mixed load.
enum MarketRun {
  static func folder() -> RunFolder {
    var run = SyntheticRun()
    run.profile(
      "engine", .cpu,
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;VectorIndex.GraphIndex.search;VectorIndex.GraphIndex.searchLayer;vb_dot_avx2",
        5_200, op: "search"),
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;VectorIndex.GraphIndex.search;VectorIndex.GraphIndex.searchLayer",
        3_100, op: "search"),
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;VectorIndex.GraphIndex.search;VectorIndex.GraphIndex.searchLayer;VectorIndex.CandidateQueue.push",
        1_900, op: "search"),
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;VectorIndex.GraphIndex.search;swift_allocObject;malloc;_int_malloc",
        1_300, op: "search"),
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;VectorIndex.GraphIndex.search;__memset_avx2_unaligned_erms",
        700, op: "search"),
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;VectorIndex.GraphIndex.insert;VectorIndex.GraphIndex.searchLayer;vb_dot_avx2",
        2_400, op: "insert"),
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;StorageEngine.WriteAheadLog.append;write;entry_SYSCALL_64;do_syscall_64;__x64_sys_write;vfs_write",
        500, op: "insert"),
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;StorageEngine.WriteAheadLog.sync;fdatasync;entry_SYSCALL_64;do_syscall_64;__x64_sys_fdatasync",
        900, op: "insert"),
      .init(
        "start_thread;vb_op_background;StorageEngine.Syncer.run;fdatasync;entry_SYSCALL_64;do_syscall_64;__x64_sys_fdatasync",
        300, op: "background"))
    run.profile("client", .cpu, .init("start_thread;Harness.TrialRunner.loop", 1_000))
    run.profile(
      "engine", .mutex,
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;VectorIndex.GraphIndex.link;Basics.InstrumentedLock.unlock()",
        2_100, op: "insert", waits: "lock", lock: "graph"),
      .init(
        "start_thread;vb_op_flush;StorageEngine.Checkpoint.write;Basics.InstrumentedLock.unlock()",
        300, op: "flush", waits: "lock", lock: "log"))
    run.profile(
      "engine", .block,
      .init(
        "start_thread;vb_op_search;VectorStore.VectorStore.search;Basics.InstrumentedLock.lock()",
        1_500, op: "search", waits: "lock", lock: "graph"),
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;Basics.InstrumentedLock.lock()",
        900, op: "insert", waits: "lock", lock: "graph"),
      .init(
        "start_thread;vb_op_insert;VectorStore.VectorStore.upsert;StorageEngine.WriteAheadLog.sync;fdatasync",
        2_600, op: "insert", waits: "disk"),
      .init(
        "start_thread;vb_op_background;StorageEngine.Syncer.run;Basics.InstrumentedCondition.wait()",
        9_000, op: "background", waits: "condition"))
    return run.folder()
  }
}

/// The directory that a hand-written findings document once described, with its shares.
enum ServiceDirectory {
  static func folder() -> RunFolder {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    run.durationSeconds = 15
    worker("worker1", scale: 100, into: &run)
    worker("worker2", scale: 110, into: &run)
    gateway(into: &run)
    placement(into: &run)
    return run.folder()
  }

  private static let search =
    "main.serve;translator._Worker_Search_Handler;vectron/internal/worker.(*Server).Search;idxhnsw.(*HNSW).Search;idxhnsw.(*HNSW).searchLayer"

  private static func worker(_ role: String, scale: Int, into run: inout SyntheticRun) {
    run.profile(
      role, .cpu,
      .init(
        "runtime.goexit;dragonboat.(*engine).stepWorkerMain;os.(*File).Write;internal/poll.(*FD).Write;syscall.write;internal/runtime/syscall.Syscall6",
        21 * scale),
      .init("\(search);runtime.cgocall", 12 * scale),
      .init(search, 6 * scale),
      .init("\(search);container/heap.Push;container/heap.down", 5 * scale),
      .init("\(search);idxhnsw.(*HNSW).getNode", 3 * scale),
      .init("\(search);runtime.makeslice;runtime.mallocgc", 8 * scale),
      .init("\(search);runtime.memclrNoHeapPointers", 5 * scale),
      .init("runtime.gcBgMarkWorker;runtime.scanobject", 14 * scale),
      .init("runtime.mcall;runtime.park_m;runtime.schedule;runtime.findRunnable", 26 * scale))
    run.profile(
      role, .mutex,
      .init("pebble.(*DB).AsyncFlush;sync.(*Mutex).Unlock", 445),
      .init("pebble.(*DB).Flush;sync.(*RWMutex).Unlock", 388),
      .init(
        "dragonboat.(*NodeHost).StaleRead;rsm.(*StateMachine).Lookup;sync.(*RWMutex).RUnlock", 167))
    run.profile(
      role, .block,
      .init("dragonboat.(*engine).stepWorkerMain;runtime.selectgo", 780, each: 100_000_000),
      .init("pebble/record.(*LogWriter).flushLoop;sync.(*Cond).Wait", 150, each: 100_000_000),
      .init(
        "grpc.(*Server).handleStream;translator._Worker_Search_Handler;runtime.chanrecv1", 70,
        each: 100_000_000))
  }

  private static func gateway(into run: inout SyntheticRun) {
    run.profile(
      "apigateway", .cpu,
      .init(
        "grpc.(*Server).handleStream;net/http.(*conn).serve;internal/poll.(*FD).Read;syscall.read;internal/runtime/syscall.Syscall6",
        210),
      .init(
        "grpc.(*Server).handleStream;vectron/gateway.(*Server).Search;runtime.memclrNoHeapPointers",
        60),
      .init(
        "grpc.(*Server).handleStream;vectron/gateway.(*Server).Search;encoding/json.checkValid", 50),
      .init("grpc.(*Server).handleStream;vectron/gateway.(*Server).Search", 680))
    run.profile(
      "apigateway", .mutex,
      .init(
        "apigateway._VectronService_Search_Handler;middleware.LoggingInterceptor;log.(*Logger).Output;sync.(*Mutex).Unlock",
        830),
      .init(
        "apigateway._VectronService_Search_Handler;redis.(*Client).Process;sync.(*Mutex).Unlock",
        100),
      .init("apigateway._VectronService_Search_Handler;sync.(*RWMutex).Unlock", 70))
    run.profile(
      "apigateway", .block,
      .init(
        "apigateway._VectronService_Search_Handler;sync.(*WaitGroup).Wait", 300, each: 100_000_000),
      .init(
        "grpc/transport.(*controlBuffer).get;grpc/transport.(*loopyWriter).run;runtime.selectgo",
        700, each: 100_000_000))
  }

  private static func placement(into run: inout SyntheticRun) {
    for role in ["pd1", "pd2", "pd3"] {
      run.profile(
        role, .cpu,
        .init(
          "dragonboat.(*engine).workerMain;internal/poll.(*FD).Write;syscall.write;internal/runtime/syscall.Syscall6",
          80),
        .init("runtime.mcall;runtime.schedule;runtime.futex", 26),
        .init("dragonboat.(*engine).workerMain;dragonboat.(*node).step", 94))
      run.profile(
        role, .block,
        .init("dragonboat.(*engine).workerMain;runtime.selectgo", 970, each: 100_000_000),
        .init("dragonboat.(*node).run;runtime.chanrecv1", 30, each: 100_000_000))
    }
  }
}
