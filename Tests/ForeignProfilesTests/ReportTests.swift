import Testing

@testable import ForeignProfiles

struct ReportTests {
  @Test func `perf stat for people and perf stat -x say the same kind of thing`() throws {
    let text = try PerfStatReport.read(Fixture.bytes("perf_stat.txt"))
    let table = try PerfStatReport.read(Fixture.bytes("perf_stat.csv"))
    #expect(text.counters.map(\.event) == table.counters.map(\.event))
    #expect(text.counters.map(\.state) == table.counters.map(\.state))
    #expect(text.counters.map(\.unit) == table.counters.map(\.unit))
    #expect(text.counters[0].value == 995.36)
    #expect(text.counters[0].metric == "CPUs utilized")
    #expect(text.counters[0].metricValue == 0.499)
    #expect(text.counters[4].state == .notSupported)
    #expect(text.counters[4].value == nil)
    #expect(text.elapsedSeconds == [1.996556703])
    #expect(text.userSeconds == [0.985473])
    #expect(text.systemSeconds == [0.012116])
    #expect(text.command == "./burnp")
    #expect(table.counters[1].metricValue == 280.078)
  }

  @Test func `repeated runs carry how far they differ`() throws {
    let text = try PerfStatReport.read(Fixture.bytes("perf_stat_runs.txt"))
    let table = try PerfStatReport.read(Fixture.bytes("perf_stat_runs.csv"))
    #expect(text.runs == 3)
    #expect(text.counters[0].deviationPercent == 0.40)
    #expect(text.elapsedSeconds == [1.572])
    #expect(table.counters[0].deviationPercent == 0.53)
    #expect(table.counters[0].runningPercent == 100)
  }

  @Test func `a decimal comma is read as one, and reports one behind the other keep their times`()
    throws
  {
    let one = """
       Performance counter stats for './x':

                1.001,52 msec task-clock       #    0,998 CPUs utilized   ( +-  0,40% )
           3.104.118.220      cycles           #    3,099 GHz

             1,003984713 seconds time elapsed
      """
    let report = try PerfStatReport.read(Array((one + "\n\n" + one).utf8))
    #expect(report.counters.map(\.value) == [1_001.52, 3_104_118_220, 1_001.52, 3_104_118_220])
    #expect(report.counters[0].metricValue == 0.998 && report.counters[0].deviationPercent == 0.4)
    #expect(report.elapsedSeconds == [1.003984713, 1.003984713])
    let swiss = " Performance counter stats for './x':\n\n  1'234'567      cycles\n\n"
    #expect(try PerfStatReport.read(Array(swiss.utf8)).counters.map(\.value) == [1_234_567])
  }

  @Test func `intervals keep their time, sockets their name`() throws {
    let report = try PerfStatReport.read(Fixture.bytes("perf_stat_interval.csv"))
    #expect(report.counters.allSatisfy { ($0.seconds ?? 0) > 0.2 })
    #expect(Set(report.counters.map(\.event)) == ["task-clock", "page-faults"])
    let line = "S0,2,1234567,,cycles:u,1000,25.00,0.5,insn per cycle"
    let socket = try PerfStatReport.read(Array(line.utf8)).counters[0]
    #expect(socket.place == "S0")
    #expect(socket.event == "cycles")
    #expect(socket.value == 1_234_567)
    #expect(socket.runningPercent == 25)
  }

  @Test func `perf stat -j says what perf stat -x says`() throws {
    let report = try PerfStatReport.read(Fixture.bytes("perf_stat.json"))
    #expect(report.counters.map(\.event) == ["task-clock", "cycles", "page-faults"])
    #expect(report.counters.map(\.state) == [.counted, .notSupported, .counted])
    #expect(report.counters[0].value == 0.632930)
    #expect(report.counters[0].unit == "msec")
    #expect(report.counters[0].metric == "CPUs utilized")
    #expect(report.counters[2].value == 48)
    let runs = try PerfStatReport.read(Fixture.bytes("perf_stat_runs.json"))
    #expect(runs.counters.map(\.deviationPercent) == [4.75, 1.15])
    let odd = """
      {"interval" : 0.1, "core" : "S0-D0-C1", "counter-value" : 12, "unit" : "", \
      "event" : "cycles:u", "event-runtime" : 1, "pcnt-running" : 25.00, "metric-value" : -nan, \
      "metric-unit" : "insn per cycle"}
      """
    let counter = try PerfStatReport.read(Array(odd.utf8)).counters[0]
    #expect(counter.event == "cycles")
    #expect(counter.value == 12)
    #expect(counter.place == "S0-D0-C1")
    #expect(counter.seconds == 0.1)
    #expect(counter.runningPercent == 25)
    #expect(counter.metricValue == nil)
  }

  @Test(arguments: [
    ("perf_stat.txt", true), ("perf_stat_runs.csv", true), ("perf_stat.json", true),
    ("go_bench.txt", true), ("heaptrack_print.txt", true), ("perf_script.txt", false),
    ("go_heap.pprof", false), ("go_heap.txt", false), ("perf.data", false),
  ])
  func `a report is told from a profile by its content`(name: String, isReport: Bool) throws {
    #expect(try (ToolReport.read(Fixture.bytes(name)) != nil) == isReport)
  }

  @Test func `thousands are parted by commas, counters take turns`() throws {
    let title = " Performance counter stats for './x':\n\n"
    let text =
      title + "     1,234,567      cycles:u     #    1.50  GHz     ( +-  0.10% )  (83.21%)\n"
    let counter = try PerfStatReport.read(Array(text.utf8)).counters[0]
    #expect(counter.value == 1_234_567)
    #expect(counter.runningPercent == 83.21)
    #expect(counter.deviationPercent == 0.10)
    #expect(counter.metric == "GHz")
  }

  @Test func `Go benchmarks keep repetitions, processors and every unit`() throws {
    let benchmarks = try GoBenchmarks.read(Fixture.bytes("go_bench.txt"))
    #expect(benchmarks.configuration["goos"] == "linux")
    #expect(
      benchmarks.results.map(\.name) == ["Alloc", "Alloc", "Search/ef=40", "Plain"])
    #expect(benchmarks.results.map(\.processors) == [2, 2, 2, nil])
    #expect(benchmarks.results[2].value("recall") == 0.98)
    #expect(benchmarks.results[2].value("allocs/op") == 3)
    #expect(benchmarks.results[3].value("ns/op") == 0.2513)
    #expect(benchmarks.results[0].package == "example.org/index")
  }

  @Test func `heaptrack's sums and its busiest places are read`() throws {
    let summary = try HeaptrackSummary.read(Fixture.bytes("heaptrack_print.txt"))
    #expect(summary.command == "./burnp")
    #expect(summary.allocationCalls == 122)
    #expect(summary.temporaryAllocations == 0)
    #expect(summary.peakHeapBytes == 12.08e6)
    #expect(summary.leakedBytes == 12e6)
    #expect(summary.runtimeSeconds == 5.36)
    #expect(summary.mostCalls[0].function == "grab")
    #expect(summary.mostCalls[0].calls == 120)
    #expect(summary.mostCalls[0].peakBytes == 12e6)
    #expect(summary.mostCalls[0].source?.hasSuffix("burn.c:6") == true)
  }

  @Test func `what is no report is refused`() {
    let bytes = Array("hello\n1 2 3\n".utf8)
    #expect(throws: ForeignError.self) { try PerfStatReport.read(bytes) }
    #expect(throws: ForeignError.self) { try GoBenchmarks.read(bytes) }
    #expect(throws: ForeignError.self) { try HeaptrackSummary.read(bytes) }
  }
}
