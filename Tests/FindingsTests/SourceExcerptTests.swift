import Findings
import FoundationEssentials
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Lines of sources beside their cost, and silence where they may be others than those measured.
@Suite struct SourceExcerptTests {
  private static let path = "/build/Sources/Shop/Basket.swift"
  /// The synthetic run began at 18:17:49 that day.
  private static let before = "2026-02-06T18:00:00Z"

  /// Half of the CPU in the allocator, called from two lines of `Shop.fill`.
  private func folder() -> RunFolder {
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")], period: 1_000_000)
    builder.setTime(startNanoseconds: 0, durationNanoseconds: 10_000_000_000)
    func add(_ leaf: String?, _ line: Int64, _ count: Int64) {
      let own = ProfileBuilder.Frame(
        lines: [(Profile.Function(name: "Shop.fill", filename: Self.path), line)])
      builder.add(
        stack: (leaf.map { [.init(named: $0)] } ?? []) + [own, .init(named: "main")],
        values: [count, count * 1_000_000],
        labels: [Profile.Label(LabelKey.operation, "search")])
    }
    add("malloc", 12, 3_000)
    add("malloc", 14, 1_000)
    add(nil, 30, 4_000)
    let profile = builder.profile
    let file = RunFolder.ProfileFile(
      role: .engine, kind: .cpu, trial: nil, relativePath: "engine_cpu.pprof")
    return RunFolder(
      path: "Profiles/x", record: SyntheticRun.standardRecord(),
      environment: SyntheticRun.standardEnvironment(), profileFiles: [file]
    ) { _ in profile }
  }

  private func location(lines: Int, changed: String, path: String = path) throws -> CodeLocation {
    let file = SourceFile(
      lines: (1...lines).map { "\t\t  line \($0)" }, changed: try Date(changed, strategy: .iso8601))
    let report = try FindingsEngine.report(on: folder()) { $0 == path ? file : nil }
    return try #require(report.fired("M1").first?.locations.first)
  }

  @Test func `the lines around the hottest one are shown with what they cost`() throws {
    let location = try location(lines: 40, changed: Self.before)
    #expect(location.place == "Shop/Basket.swift:12")
    let lines = try #require(location.excerpt).lines
    #expect(lines.map(\.number) == Array(9...15))
    #expect(lines.map(\.text) == (9...15).map { "line \($0)" })
    #expect(lines.map(\.share) == [nil, nil, nil, 0.75, nil, 0.25, nil])
  }

  @Test func `an excerpt ends where its file does`() throws {
    let lines = try #require(location(lines: 13, changed: Self.before).excerpt).lines
    #expect(lines.map(\.number) == Array(9...13))
  }

  @Test(arguments: [
    (40, "2026-02-06T18:17:50Z", "/build/Sources/Shop/Basket.swift"),
    (11, "2026-02-06T18:00:00Z", "/build/Sources/Shop/Basket.swift"),
    (40, "2026-02-06T18:00:00Z", "/elsewhere/Basket.swift"),
  ]) func `what is newer than the run, too short or not there leaves file and line`(
    lines: Int, changed: String, path: String
  ) throws {
    let location = try location(lines: lines, changed: changed, path: path)
    #expect(location.excerpt == nil)
    #expect(location.place == "Shop/Basket.swift:12")
  }

  @Test func `without being asked a report is the same to the last word`() throws {
    let plain = try FindingsEngine.report(on: folder())
    #expect(try FindingsEngine.report(on: folder()) { _ in nil } == plain)
    #expect(plain.findings.allSatisfy { $0.locations.allSatisfy { $0.excerpt == nil } })
  }
}
