@testable import Findings
import FoundationEssentials
@testable import Reporting
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// What every style has to say first, and what none may leave hanging.
@Suite struct FirstPageTests {
  private static let report = Result { try FindingsEngine.report(on: MarketRun.folder()) }

  private func text(_ style: ReportStyle) throws -> String {
    try RenderedReport.text(try Self.report.get(), style: style, form: .markdown)
  }

  @Test(arguments: ReportStyle.allCases)
  func `who uses the CPU is on the first page of every style`(style: ReportStyle) throws {
    let text = try text(style)
    let table = try #require(text.firstRange(of: "| CPU of | Role | Seconds | Of all CPU |"))
    let card = try #require(text.firstRange(of: "## Run Card"))
    #expect(table.lowerBound < card.lowerBound)
  }

  @Test(arguments: ReportStyle.allCases)
  func `every finding is told in every style, or named among those that are not`(
    style: ReportStyle
  ) throws {
    let text = try text(style)
    for finding in try Self.report.get().findings {
      let id = finding.id
      let places = ["of \(id)</summary>", "<summary>\(id) ", "- \(id) ("]
      #expect(places.contains { text.contains($0) }, "\(id) in \(style)")
    }
  }

  @Test(arguments: ReportStyle.allCases)
  func `no evidence line carries a pattern that nobody reads`(style: ReportStyle) throws {
    for line in try text(style).split(separator: "\n") where line.contains(" — `") {
      let filters = line.components(separatedBy: " — ").last ?? ""
      #expect(!filters.contains("-show=") && filters.count < 300, "\(filters)")
    }
  }

  @Test func `commands that verify two findings are printed once`() throws {
    var report = try Self.report.get()
    let commands = ["vbench market --like it", "vbench compare it new"]
    for index in report.findings.indices { report.findings[index].verify.commands = commands }
    let text = try RenderedReport.text(report, style: .counters, form: .markdown)
    let told = report.findings.filter { $0.severity > .info }
    let analysis = try #require(text.components(separatedBy: "## Optimization Priority").first)
    #expect(told.count > 1)
    #expect(analysis.components(separatedBy: "vbench compare it new").count == 2)
    #expect(analysis.contains("It is verified by the same commands as \(told[0].id)."))
  }

  @Test func `a rule without its functions is not called clean`() throws {
    let text = try text(.findings)
    let clean = try #require(text.components(separatedBy: "## Checked And Clean").last)
    #expect(!clean.contains("P1 PostgreSQL's executor"))
    #expect(text.contains("for functions that these profiles do not have, so nothing was checked"))
  }

  // MARK: - What the findings reach

  private func reach(_ target: Double) throws -> String {
    var report = try Self.report.get()
    report.jointBound = .bound(low: 0.1, high: 0.2, metric: "capacity", basis: "all")
    report.jointCeiling = JointCeiling(
      open: ["F9"], ceiling: Ceiling(low: 0.4, value: 0.45, high: 0.5))
    let row = TargetRow(
      metric: "capacity", unit: .perSecond, bound: .atLeast, target: target, source: "a",
      current: .init(value: 500, count: 5), status: .missed, remark: "")
    return GapReach.blocks(report, [row]).flatMap { block -> [String] in
      if case .bullets(let items) = block { items.map(\.text.plain) } else { [] }
    }.joined()
  }

  @Test func `a gap that no finding closes is told with how far they reach`() throws {
    #expect(try reach(1_500).contains("no finding closes this gap"))
    #expect(try reach(1_500).contains("at most 600/s of 1500/s"))
    #expect(try reach(1_500).contains("at most 1000/s even then"))
    #expect(try reach(550).contains("only together could the findings close this gap"))
  }
}
