import Findings
import Measurement
import SyntheticRuns
import Testing
import Vocabulary

/// What contradicts itself is left out of a report, with the figures that do not fit; the rest stays.
@Suite struct ReportAuditTests {
  /// A report in which everything holds and there is something of each kind.
  private func sound() throws -> FindingsReport {
    var run = SyntheticRun()
    run.profile(
      "engine", .cpu,
      .init("main;vb_op_search;Store.search;Graph.walk", 8_000, op: "search"),
      .init("main;vb_op_search;Store.search;malloc", 4_000, op: "search"))
    run.profile("client", .cpu, .init("main;Loop.run", 1_000))
    run.profile(
      "engine", .block,
      .init("main;vb_op_search;Store.search;lock", 1_500, op: "search", waits: "lock"))
    return try run.report()
  }

  private func refusals(_ change: (inout FindingsReport) throws -> Void) throws -> [Refusal] {
    var report = try sound()
    try change(&report)
    return ReportAudit.passed(report).refused ?? []
  }

  @Test func `a sound report passes as it is`() throws {
    let report = try sound()
    #expect(report.refused == nil)
    #expect(!report.timeSplits.isEmpty && !report.waits.isEmpty && !report.findings.isEmpty)
    #expect(ReportAudit.passed(report) == report)
  }

  // MARK: - Sums

  @Test func `a time split whose parts do not add up goes, and no other row with it`() throws {
    var report = try sound()
    report.timeSplits[0].parts[0].seconds += 0.000_5
    let passed = ReportAudit.passed(report)
    #expect(passed.timeSplits.map(\.operation) == ["insert"])
    #expect(passed.refused?.map(\.check) == ["X1"])
    #expect(passed.refused?.map(\.subject) == ["time split of search"])
    #expect(passed.refused?[0].reason.hasSuffix("the operation takes 1.00 ms") == true)
    (report.timeSplits, report.refused) = (passed.timeSplits, passed.refused)
    #expect(passed == report)
  }

  @Test func `a part of less than nothing, and parts far beyond their whole, are refused`() throws {
    let negative = try refusals { report in
      report.timeSplits[0].parts[0].seconds = -0.000_1
      report.timeSplits[0].parts.removeSubrange(1...)
      report.timeSplits[0].rest = report.timeSplits[0].service + 0.000_1
    }
    #expect(negative.map(\.reason).first?.contains("less than nothing") == true)
    func exceeding(_ part: Double) throws -> [Refusal] {
      try refusals { report in
        let service = report.timeSplits[0].service
        report.timeSplits[0].parts.removeSubrange(1...)
        report.timeSplits[0].parts[0].seconds = service * (1 + part)
        report.timeSplits[0].rest = -service * part
      }
    }
    #expect(try exceeding(0.19).isEmpty)
    #expect(try exceeding(0.21).map(\.subject) == ["time split of search"])
  }

  @Test func `a time that is no number is refused`() throws {
    for value in [Double.nan, .infinity, -1] {
      #expect(try refusals { $0.timeSplits[0].service = value }.count == 1, "\(value)")
    }
  }

  @Test func `waits of a role beyond the whole take all rows of that role`() throws {
    var report = try sound()
    report.waits += report.waits
    report.waits.append(report.waits[0])
    report.waits[report.waits.count - 1].role = "other"
    report.waits[report.waits.count - 1].share = 0.4
    let passed = ReportAudit.passed(report)
    #expect(passed.waits.map(\.role) == ["other"])
    #expect(passed.refused?.map(\.subject) == ["waits of engine"])
    #expect(passed.refused?[0].reason == "their shares add up to 200.0 %")
  }

  @Test func `a single wait that cannot be goes alone`() throws {
    for change in [
      { $0.waits[0].seconds = -1 }, { $0.waits[0].share = 1.01 }, { $0.waits[0].count = -1 },
      { $0.waits[0].seconds = .infinity },
    ] as [(inout FindingsReport) -> Void] {
      let found = try refusals(change)
      #expect(found.map(\.check) == ["X1"])
      #expect(found[0].subject.hasPrefix("wait of engine in "))
    }
  }

  @Test func `roles that have more than all the CPU lose their shares, not their lines`() throws {
    var report = try sound()
    for index in report.roles.indices { report.roles[index].shareOfAllCPU = 0.6 }
    let passed = ReportAudit.passed(report)
    #expect(passed.roles.count == report.roles.count && report.roles.count > 1)
    #expect(passed.roles.allSatisfy { $0.shareOfAllCPU == nil })
    #expect(passed.refused?.map(\.subject) == ["shares of the roles"])
    let negative = try refusals { $0.roles[0].shareOfAllCPU = -0.1 }
    #expect(negative.count == 1)
  }

  // MARK: - Units

  @Test(arguments: [
    ("search.recall", 1.2, "no part of a whole"), ("search.recall", -0.1, "no part of a whole"),
    ("client.cpu.share", 1.01, "no part of a whole"), ("capacity", -1, "less than nothing"),
    ("search.response.p99", -0.001, "less than nothing"),
    ("search.response.p99", 0.1, "outside of its own interval"),
  ]) func `a result that its name or its interval does not allow is left out`(
    name: String, value: Double, words: String
  ) throws {
    var report = try sound()
    let index = try #require(report.results.firstIndex { $0.name == name })
    report.results[index].estimate.value = value
    let passed = ReportAudit.passed(report)
    #expect(!passed.results.contains { $0.name == name })
    #expect(passed.results.count == report.results.count - 1)
    #expect(passed.refused?.map(\.check) == ["X2"])
    #expect(passed.refused?[0].subject == "result \(name)")
    #expect(passed.refused?[0].reason.contains(words) == true)
  }

  // MARK: - Findings

  @Test func `a share that is none takes its finding along`() throws {
    for change in [
      { $0.part = $0.whole * 1.01 }, { $0.part = -1 }, { $0.part = .nan },
      { $0.samples = $0.samplesOfWhole + 1 }, { $0.low = $0.value + 0.01 },
      { $0.high = $0.value - 0.01 }, { $0.high = 1.2 }, { $0.low = -0.1 },
    ] as [(inout Share) -> Void] {
      var report = try sound()
      let index = try #require(report.findings.firstIndex { $0.rule == "M1" })
      var share = try #require(report.findings[index].share)
      change(&share)
      report.findings[index].share = share
      let passed = ReportAudit.passed(report)
      #expect(!passed.findings.contains { $0.rule == "M1" }, "\(share)")
      #expect(passed.findings.count == report.findings.count - 1)
      #expect(passed.refused?.map(\.check) == ["X1"], "\(share)")
    }
  }

  @Test func `a bound may not run backwards, nor exceed the joint one of the same metric`() throws {
    func bounded(_ gain: GainBound) throws -> [Refusal] {
      try refusals { report in
        report.jointBound = .bound(low: 0.1, high: 0.2, metric: "capacity", basis: "all")
        for index in report.findings.indices {
          report.findings[index].gain = .notBounded(reason: "none")
        }
        report.findings[0].gain = gain
      }
    }
    func bound(_ low: Double, _ high: Double, _ metric: String = "capacity") -> GainBound {
      .bound(low: low, high: high, metric: metric, basis: "one")
    }
    #expect(try bounded(bound(0.15, 0.3)).isEmpty, "the intervals overlap")
    #expect(try bounded(bound(0.3, 0.4, "time of insert")).isEmpty, "of something else")
    #expect(try bounded(bound(0.21, 0.3)).map(\.check) == ["X3"])
    #expect(try bounded(bound(0.2, 0.1)).map(\.check) == ["X3"])
    #expect(try bounded(bound(-0.1, 0.1)).map(\.check) == ["X3"])
    #expect(try bounded(bound(0, .infinity)).map(\.check) == ["X3"])
  }

  @Test func `evidence without a way back takes its finding along`() throws {
    let found = try refusals { report in
      report.findings[0].evidence[0].source = .init(file: "engine_cpu.pprof", field: "")
    }
    #expect(found.map(\.check) == ["X5"])
    #expect(found[0].reason.contains("names neither a command nor a field"))
    #expect(
      try refusals { $0.findings[0].evidence[0].source = .init(file: "run.json", field: "results") }
        .isEmpty)
    #expect(
      try refusals {
        $0.findings[0].evidence[0].source = .init(file: "x", field: "x", command: "")
      }.map(\.check) == ["X5"])
  }

  @Test func `several contradictions are all told, findings first`() throws {
    let found = try refusals { report in
      report.results[0].estimate.value = -1
      report.timeSplits[0].rest += 1
      report.findings[0].evidence[0].source = .init(file: "", field: "")
    }
    #expect(found.map(\.check) == ["X5", "X1", "X2"])
  }
}
