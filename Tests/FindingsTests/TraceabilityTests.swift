import Findings
import Pprof
import ProfileViews
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// A number in a report can be seen again with the command beside it.
@Suite struct TraceabilityTests {
  @Test(arguments: RuleTests.cases.filter { $0.rule != "C1" && $0.rule != "K1" })
  func `the filters of a finding leave exactly its samples`(test: RuleTests.Case) throws {
    var run = SyntheticRun()
    run.environment?.instructionSets = test.instructionSets
    run.files.append(("engine", .cpu, RuleTests.spread(10_000 - test.fires, operation: "search")))
    run.files[0].stacks += [
      .init("main;vb_op_search;VectorIndex.walk;\(test.leaf)", test.fires, op: "search"),
      .init("main;vb_op_insert;VectorIndex.walk;\(test.leaf)", 1_000, op: "insert"),
    ]
    let folder = run.folder()
    let report = try FindingsEngine.report(on: folder)
    let finding = try #require(
      report.fired(test.rule).first { $0.operation == "search" })
    let source = try #require(finding.evidence.first).source
    let share = try #require(finding.share)
    #expect(abs(try seconds(in: folder, source) - share.part) < 1e-9)
  }

  private func seconds(in folder: RunFolder, _ source: EvidenceItem.Source) throws -> Double {
    let file = try #require(folder.profileFiles.first { $0.relativePath == source.file })
    let profile = try folder.profile(file)
    var filter = ViewFilter()
    for word in source.filters {
      if word.hasPrefix("-focus=") { filter.focus = try NamePattern(String(word.dropFirst(7))) }
      if word.hasPrefix("-tagfocus=") {
        filter.tagFocus = try TagPattern(String(word.dropFirst(10)))
      }
    }
    let index = try #require(profile.sampleTypes.firstIndex { $0.type == source.field })
    return filter.apply(to: profile).samples.reduce(0) { $0 + Double($1.values[index]) } / 1e9
  }
}
