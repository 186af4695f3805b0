import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Findings that stand on the same samples are told once, under the one nearest to the cause.
@Suite struct SharedEvidenceTests {
  private static let handler = "net/http.HandlerFunc.ServeHTTP;main.(*gateway).handle"
  private static let record = "\(handler);main.(*requestLog).record"

  /// A service whose log is written under a lock: `elsewhere` samples of text are made without it.
  private func gateway(textElsewhere: Int = 0) -> SyntheticRun {
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    run.profile("gateway", .mutex, .init("\(Self.record);sync.(*Mutex).Unlock", 3_000))
    run.profile("gateway", .block, .init("\(Self.record);sync.(*Mutex).Lock", 30_000))
    let others = (0..<20).map { SyntheticRun.Stack("\(Self.handler);main.part\($0)", 50) }
    run.files.append(
      (
        "gateway", .cpu,
        [
          .init("\(Self.record);fmt.Fprintf", 400),
          .init("\(Self.handler);fmt.Sprintf", textElsewhere),
        ] + others
      ))
    return run
  }

  private func joined(_ report: FindingsReport, under rule: String) -> [String: Double] {
    let head = report.findings.first { $0.rule == rule }
    return (head?.joined ?? []).reduce(into: [:]) { $0[$1.finding.rule] = $1.part }
  }

  @Test func `a lock that is held while logging is one finding and not five`() throws {
    let report = try gateway().report()
    #expect(report.findings.map(\.rule) == ["L9"])
    #expect(Set(joined(report, under: "L9").keys) == ["L1", "L8", "C12", "C1"])
    #expect(joined(report, under: "L9").values.allSatisfy { $0 == 1 })
    let head = try #require(report.findings.first)
    #expect(head.joined?.map(\.finding.id) == ["F1.1", "F1.2", "F1.3", "F1.4"])
    #expect(head.severity == report.allFindings.map(\.severity).max())
    let line = report.verdict.first { $0.plain.hasPrefix("First of 1 finding: ") }
    #expect(line?.plain.contains("Logging holds a lock in gateway") == true)
  }

  @Test func `what was joined is in the JSON as its rule made it`() throws {
    let report = try gateway().report()
    let other = try #require(report.allFindings.first { $0.rule == "C12" })
    #expect(other.title.plain.hasPrefix("Text formatting and logging: 28.6 %"))
    #expect(!other.evidence.isEmpty && !other.recommendations.isEmpty)
    #expect(other.evidence.allSatisfy { $0.source.command != nil })
  }

  @Test func `four fifths of the samples make one finding of two, less do not`() throws {
    let most = try gateway(textElsewhere: 99).report()
    #expect(abs(try #require(joined(most, under: "L9")["C12"]) - 400.0 / 499) < 1e-9)
    let less = try gateway(textElsewhere: 101).report()
    #expect(joined(less, under: "L9")["C12"] == nil)
    let text = try #require(less.findings.first { $0.rule == "C12" })
    let overlap = try #require(text.overlaps?.first)
    #expect(overlap.finding == "F1" && abs(overlap.part - 400.0 / 501) < 1e-9)
  }

  @Test func `findings of two roles are never one`() throws {
    var run = gateway()
    run.profile("other", .cpu, .init("\(Self.record);fmt.Fprintf", 400), .init("main.a", 1_000))
    let report = try run.report()
    #expect(report.findings.contains { $0.rule == "C12" && $0.role == "other" })
  }

  @Test func `a joined finding that contradicts itself is left out and said to be`() throws {
    var report = try gateway().report()
    let place = try #require(report.findings[0].joined?.firstIndex { $0.finding.rule == "C12" })
    report.findings[0].joined?[place].part = 0.5
    let passed = ReportAudit.passed(report)
    #expect(passed.refused?.map(\.check) == ["X1"])
    #expect(!passed.allFindings.contains { $0.rule == "C12" })
    #expect(passed.findings.map(\.rule) == ["L9"])
  }

  @Test func `what a refused finding told does not go with it`() throws {
    var report = try gateway().report()
    report.findings[0].share?.low = -1
    let passed = ReportAudit.passed(report)
    #expect(Set(passed.findings.map(\.rule)) == ["L1", "L8", "C12", "C1"])
  }
}
