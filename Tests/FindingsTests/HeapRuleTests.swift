import Findings
import Measurement
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Rules over heap profiles, and what they say where there is none.
@Suite struct HeapRuleTests {
  /// A heap profile of ten seconds: what was allocated, and by how much what is in use grew.
  private func folder(
    megabytes: Int64, kept: Int64, record: RunRecord? = nil, seconds: Int64 = 10,
    beside cpu: SyntheticRun? = nil
  ) -> RunFolder {
    var builder = ProfileBuilder(
      sampleTypes: [
        .init("alloc_objects", "count"), .init("alloc_space", "bytes"),
        .init("inuse_objects", "count"), .init("inuse_space", "bytes"),
      ], periodType: .init("space", "bytes"), period: 524_288)
    builder.setTime(startNanoseconds: 0, durationNanoseconds: seconds * 1_000_000_000)
    builder.add(
      stack: ["runtime.growslice", "main.(*store).Lookup", "main.main"].map { .init(named: $0) },
      values: [megabytes * 1_000, megabytes << 20, kept * 1_000, kept << 20], labels: [])
    let profile = builder.profile
    let file = RunFolder.ProfileFile(
      role: Role(rawValue: "worker"), kind: .heap, trial: nil, relativePath: "worker_heap.pprof")
    let others = cpu?.folder()
    return RunFolder(
      path: "Profiles/heap", record: record, environment: nil,
      profileFiles: [file] + (others?.profileFiles ?? [])
    ) { asked in
      guard asked != file else { return profile }
      guard let others else { throw SyntheticRun.Unreadable() }
      return try others.profile(asked)
    }
  }

  @Test func `what is allocated and thrown away is churn, with who allocates it`() throws {
    let report = try FindingsEngine.report(on: folder(megabytes: 1_000, kept: 99))
    let finding = try #require(report.fired("M13").first)
    #expect(
      finding.title.plain.contains("1.00 GB") || finding.title.plain.contains("MiB")
        || finding.title.plain.contains("MB"), "\(finding.title.plain)")
    #expect(finding.evidence.contains { $0.statement.plain.contains("main.(*store).Lookup") })
    #expect(finding.severity <= .medium)
    #expect(report.roles.first?.statements.first?.kind == .heap)
  }

  @Test func `what is kept, or little, is no churn`() throws {
    #expect(try FindingsEngine.report(on: folder(megabytes: 1_000, kept: 101)).isClean("M13"))
    #expect(try FindingsEngine.report(on: folder(megabytes: 470, kept: 0)).isClean("M13"))
    let endless = try FindingsEngine.report(on: folder(megabytes: 1_000, kept: 0, seconds: 0))
    #expect(endless.reasons("M13").first?.contains("does not say how long") == true)
    let none = try SyntheticRun().report()
    #expect(none.reasons("M13") == ["the run has no heap profile"])
  }

  @Test func `allocating in the CPU profile is told with who allocates`() throws {
    var cpu = SyntheticRun()
    cpu.record = nil
    cpu.profile(
      "worker", .cpu, .init("main.(*store).Lookup;runtime.growslice;runtime.mallocgc", 300),
      .init("main.(*store).Lookup", 700))
    let report = try FindingsEngine.report(
      on: folder(megabytes: 1_000, kept: 0, beside: cpu))
    let finding = try #require(report.fired("M1").first)
    #expect(finding.evidence.contains { $0.statement.plain.hasPrefix("The heap profile has") })
    #expect(
      report.fired("M13").first?.evidence.contains { $0.statement.plain.contains("30.0 %") } == true
    )
  }

  @Test func `memory that is thrown away tells what allocating and collecting cost`() throws {
    var cpu = SyntheticRun()
    cpu.record = nil
    cpu.profile(
      "worker", .cpu, .init("main.(*store).Lookup;runtime.growslice;runtime.mallocgc", 300),
      .init("runtime.gcBgMarkWorker;runtime.gcDrain", 100), .init("main.(*store).Lookup", 600))
    let report = try FindingsEngine.report(
      on: folder(megabytes: 1_000, kept: 0, beside: cpu))
    let head = try #require(report.findings.first { $0.rule == "M13" })
    #expect(Set((head.joined ?? []).map(\.finding.rule)) == ["M1", "M10"])
    #expect(head.title.plain.contains("allocating and collecting take 40.0 %"))
    #expect(abs((head.weight?.value ?? 0) - 0.4) < 1e-9)
    let bytesAlone = try FindingsEngine.report(on: folder(megabytes: 1_000, kept: 0))
    #expect(bytesAlone.fired("M13").first?.weight == nil)
  }

  @Test func `the heap is held against vectors and links where there is a dataset`() throws {
    let data = 50_000 * (256 + 32) * 4
    var record = SyntheticRun.standardRecord()
    record.settings.append(.init(name: "m", value: "16", source: .standard))
    func report(_ bytes: Double) throws -> FindingsReport {
      try FindingsEngine.report(
        on: folder(megabytes: 1_000, kept: Int64(bytes / 1_048_576), record: record))
    }
    #expect(try report(Double(data) * 1.6).fired("M4").count == 1)
    #expect(try report(Double(data) * 1.4).isClean("M4"))
    #expect(try report(Double(data) * 0.3).reasons("M4").first?.contains("mapped itself") == true)
    #expect(
      try FindingsEngine.report(on: folder(megabytes: 10, kept: 1)).reasons("M4").first?
        .contains("dataset") == true)
  }

  @Test func `allocations of a search are counted or the reason is of this run`() throws {
    var run = SyntheticRun()
    run.profile("engine", .cpu, .init("main", 10))
    run.set("allocations.per.search", .count, 12)
    #expect(try run.report().fired("M2").count == 1)
    run.set("allocations.per.search", .count, 7)
    #expect(try run.report().isClean("M2"))
    run.record?.results.removeAll { $0.name == "allocations.per.search" }
    #expect(try run.report().reasons("M2") == ["the run has no heap profile"])
    let withHeap = try FindingsEngine.report(on: folder(megabytes: 1_000, kept: 0))
    #expect(withHeap.reasons("M2").first?.contains("nobody counted operations") == true)
    #expect(withHeap.reasons("M3").first?.contains("not how long the rest lived") == true)
    #expect(try run.report().reasons("M3") == ["the run has no heap profile"])
  }
}
