import Findings
import Measurement
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Rules over `counters.json`: the standard run has 20 s of CPU, 22,000 operations and 100,000 vectors.
@Suite struct CounterRuleTests {
  private func report(
    _ values: [String: Int]?, hardware: String? = "not supported on this machine",
    problem: String? = nil, change: (inout RunRecord) -> Void = { _ in }
  ) throws -> FindingsReport {
    var record = SyntheticRun.standardRecord()
    change(&record)
    var folder = RunFolder(
      path: "Profiles/counters", record: record,
      environment: SyntheticRun.standardEnvironment(), profileFiles: []
    ) { _ in throw SyntheticRun.Unreadable() }
    folder.counters = values.map { RunCounters(values: $0, hardwareProblem: hardware) }
    folder.countersProblem = problem
    return try FindingsEngine.report(on: folder)
  }

  @Test func `involuntary switches are weighed by the CPU used`() throws {
    #expect(try report(["switches_involuntary": 4_100]).fired("B4").count == 1)
    #expect(try report(["switches_involuntary": 3_900]).isClean("B4"))
    #expect(try report(nil).reasons("B4") == ["the run has no counters.json"])
    #expect(try report([:]).reasons("B4") == ["counters.json does not say switches_involuntary"])
    #expect(
      try report(nil, problem: "counters.json cannot be read").reasons("B4")
        == ["counters.json cannot be read"])
  }

  @Test func `small writes are many and little`() throws {
    func writes(_ calls: Int, _ bytes: Int) throws -> FindingsReport {
      try report(["write_calls": calls, "write_bytes_asked": bytes])
    }
    #expect(try writes(50_000, 50_000 * 4_000).fired("I2").count == 1)
    #expect(try writes(50_000, 50_000 * 5_000).isClean("I2"))
    #expect(try writes(40_000, 40_000 * 4_000).isClean("I2"))
    #expect(try report(["write_calls": 50_000]).reasons("I2").isEmpty == false)
  }

  @Test func `write amplification is of the vectors written`() throws {
    let raw = 100_000 * 256 * 4
    #expect(try report(["write_bytes_asked": raw * 11]).fired("I4").first?.severity == .low)
    #expect(try report(["write_bytes_asked": raw * 9]).isClean("I4"))
    // Whole folios made dirty say nothing of what the device wrote.
    let dirty = try report(["write_bytes_asked": raw * 2, "write_bytes_device": raw * 15])
    #expect(dirty.isClean("I4"))
    #expect(
      dirty.clean.first { $0.rule == "I4" }?.observation.plain.contains("was not counted") == true)
    #expect(
      try report(["write_bytes_asked": 1]) { record in
        for index in record.trials.indices { record.trials[index].vectorsWritten = 0 }
      }.reasons("I4") == ["the run wrote no vectors"])
  }

  @Test func `stored bytes are held against vectors and links`() throws {
    func stored(_ bytes: Double?) throws -> FindingsReport {
      try report([:]) { record in
        record.settings.append(.init(name: "m", value: "16", source: .standard))
        if let bytes {
          record.results.append(SyntheticRun.result("store.bytes", .bytes, bytes))
        }
      }
    }
    let plain = Double(50_000 * (256 + 32) * 4)
    #expect(try stored(plain * 1.2).fired("I6").count == 1)
    #expect(try stored(plain * 1.05).isClean("I6"))
    #expect(try stored(nil).reasons("I6") == ["the run has no result store.bytes"])
  }

  @Test func `pages read on a touch are counted for each operation`() throws {
    #expect(try report(["page_faults_major": 300]).fired("I7").count == 1)
    #expect(try report(["page_faults_major": 200]).isClean("I7"))
    #expect(try report([:]).reasons("I7") == ["counters.json does not say page_faults_major"])
  }

  @Test func `what hardware counters would tell says what this run knows of them`() throws {
    #expect(
      try report([:]).reasons("M7").first?.hasPrefix("hardware counters are not supported") == true)
    #expect(try report(nil).reasons("M8").first?.hasPrefix("the run has no counters.json") == true)
    #expect(
      try report([:], hardware: nil).reasons("V3").first?.contains("no rule reads them yet") == true
    )
  }
}
