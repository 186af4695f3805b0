import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Each rule in three cases: it fires, it just does not, it cannot be evaluated.
@Suite struct RuleTests {
  /// A CPU rule told by the leaf of a stack: `fires` samples of 10,000 fire it, `quiet` do not.
  struct Case: Sendable, CustomTestStringConvertible {
    let rule: String
    let leaf: String
    let fires: Int
    let quiet: Int
    var operation = "search"
    /// What the processor can do.
    var instructionSets = ["avx2"]

    var testDescription: String { rule }

    /// A run with so many samples of 10,000 on the leaf.
    func run(_ samples: Int) -> SyntheticRun {
      var run = SyntheticRun()
      run.environment?.instructionSets = instructionSets
      run.record?.profiling.method = RunRecord.Profiling.kernelEvents
      run.files.append(("engine", .cpu, RuleTests.spread(10_000 - samples, operation: operation)))
      run.files[0].stacks.append(
        .init(
          "main;vb_op_search;VectorIndex.GraphIndex.searchLayer(ef: Swift.Int);\(leaf)", samples,
          op: operation))
      return run
    }
  }

  static let cases: [Case] = [
    Case(
      rule: "K1", leaf: "write;entry_SYSCALL_64;__x64_sys_write;vfs_write", fires: 2_500,
      quiet: 1_900),
    Case(
      rule: "K2", leaf: "write;entry_SYSCALL_64;__x64_sys_write;vfs_write", fires: 500, quiet: 290),
    Case(
      rule: "C3", leaf: "VectorIndex.CandidateQueue.push(VectorIndex.Candidate) -> ()", fires: 500,
      quiet: 290),
    Case(rule: "C5", leaf: "Swift.Hasher._combine(Swift.UInt) -> ()", fires: 500, quiet: 290),
    Case(rule: "C6", leaf: "__memmove_avx_unaligned_erms", fires: 500, quiet: 290),
    Case(rule: "C7", leaf: "__memset_avx2_unaligned_erms", fires: 500, quiet: 290),
    Case(rule: "C8", leaf: "swift_retain", fires: 700, quiet: 490),
    Case(rule: "C9", leaf: "swift_beginAccess", fires: 300, quiet: 190),
    Case(rule: "C10", leaf: "swift_getWitnessTable", fires: 300, quiet: 190),
    Case(rule: "C12", leaf: "vsnprintf", fires: 300, quiet: 190),
    Case(rule: "C13", leaf: "clock_gettime", fires: 200, quiet: 90),
    Case(rule: "C18", leaf: "swift_task_create", fires: 500, quiet: 290),
    Case(rule: "M1", leaf: "malloc;_int_malloc", fires: 700, quiet: 490),
    Case(rule: "M6", leaf: "asm_exc_page_fault;exc_page_fault", fires: 300, quiet: 190),
    Case(
      rule: "V1", leaf: "vb_dot_batch_avx2", fires: 5_000, quiet: 3_900,
      instructionSets: ["avx2", "avx512f"]),
    Case(rule: "V2", leaf: "vb_dot_batch_portable", fires: 700, quiet: 490),
    Case(rule: "V11", leaf: "runtime.cgocall", fires: 700, quiet: 490),
    Case(rule: "C1", leaf: "VectorIndex.GraphIndex.linkNeighbors()", fires: 2_000, quiet: 1_400),
  ]

  /// Work that fires nothing: many functions with a little each.
  static func spread(_ samples: Int, operation: String?) -> [SyntheticRun.Stack] {
    (0..<20).map {
      .init("main;vb_op_search;VectorStore.part\($0)", samples / 20, op: operation)
    }
  }

  @Test(arguments: cases) func `a rule fires above its threshold`(test: Case) throws {
    let report = try test.run(test.fires).report()
    let finding = try #require(report.fired(test.rule).first)
    #expect(finding.operation == test.operation)
    #expect(!finding.evidence.isEmpty)
    #expect(finding.evidence.allSatisfy { $0.source.command?.contains("engine_cpu.pprof") == true })
  }

  @Test(arguments: cases) func `just below its threshold a rule is clean`(test: Case) throws {
    let report = try test.run(test.quiet).report()
    #expect(report.fired(test.rule).isEmpty)
    #expect(report.isClean(test.rule))
  }

  @Test(arguments: cases) func `without its profile a rule says why it cannot tell`(
    test: Case
  ) throws {
    var run = test.run(test.fires)
    run.remove("engine", .cpu)
    let report = try run.report()
    #expect(report.fired(test.rule).isEmpty)
    #expect(report.reasons(test.rule) == ["the run has no cpu profile"])
  }

  @Test func `a profile of few samples is not judged`() throws {
    var run = SyntheticRun()
    run.profile("engine", .cpu, .init("main;vb_op_search;VectorStore.a;malloc", 99, op: "search"))
    let report = try run.report()
    #expect(report.fired("M1").isEmpty)
    #expect(
      report.reasons("M1") == ["for search in engine only, which has 99 samples and needs 100"])
  }

  @Test func `a flat profile is told from one with a hotspot`() throws {
    var flat = SyntheticRun()
    flat.files.append(
      ("engine", .cpu, (0..<50).map { .init("main;VectorStore.part\($0)", 200, op: "search") }))
    #expect(try flat.report().fired("C2").count == 1)
    var peaked = SyntheticRun()
    peaked.files.append(("engine", .cpu, Self.spread(10_000, operation: "search")))
    #expect(try peaked.report().isClean("C2"))
  }

  @Test func `memory given back and faulted in again fires only when both are seen`() throws {
    var run = SyntheticRun()
    run.files.append(("engine", .cpu, Self.spread(9_000, operation: "search")))
    run.files[0].stacks += [
      .init("main;VectorStore.a;madvise;__x64_sys_madvise", 400, op: "search"),
      .init("main;VectorStore.a;asm_exc_page_fault;exc_page_fault", 600, op: "search"),
    ]
    #expect(try run.report().fired("K3").count == 1)
    run.files[0].stacks.remove(at: run.files[0].stacks.count - 2)
    #expect(try run.report().isClean("K3"))
    run.files = []
    #expect(try run.report().reasons("K3") == ["the run has no cpu profile"])
  }

  @Test func `a large beam keeps the advice about the candidate heap away`() throws {
    var run = Self.cases[2].run(500)
    run.record?.settings.removeAll { $0.name == "ef" }
    run.record?.settings.append(.init(name: "ef", value: "400", source: .flag))
    let report = try run.report()
    #expect(report.fired("C3").isEmpty)
    #expect(report.reasons("C3").first?.contains("ef is 400") == true)
  }
}
