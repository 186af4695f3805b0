import Findings
import SyntheticRuns
import Testing

/// Every rule that can fire fires, is silent just below its threshold, and says when it cannot tell.
@Suite struct RuleTripleTests {
  /// Rules whose three cases have a test of their own, each with the suite that has it.
  static let elsewhere = [
    "SharedLockRuleTests": ["L6", "L9", "L10", "L11", "L12"],
    "PathRuleTests": ["B6", "B7"], "HeapRuleTests": ["M2", "M4", "M13"],
    "CounterRuleTests": ["B4", "I2", "I4", "I6", "I7"],
  ]

  @Test func `every rule of the book has a triple`() {
    let tested = Set(
      RuleTriple.all.map(\.rule) + ServiceRuleTests.cases.map(\.rule)
        + Self.elsewhere.values.joined())
    #expect(RuleBook.ids.filter { !tested.contains($0) } == [])
    #expect(tested.subtracting(RuleBook.ids) == [])
    #expect(Set(RuleBook.ids).count == RuleBook.ids.count)
  }

  @Test(arguments: RuleTriple.all) func `a rule fires on what it is about`(
    triple: RuleTriple
  ) throws {
    let report = try triple.fires().report()
    #expect(!report.fired(triple.rule).isEmpty, "\(report.reasons(triple.rule))")
    #expect(report.fired(triple.rule).allSatisfy { !$0.evidence.isEmpty })
  }

  @Test(arguments: RuleTriple.all) func `a near miss leaves a rule silent`(
    triple: RuleTriple
  ) throws {
    let report = try triple.nearMiss().report()
    #expect(report.fired(triple.rule).map(\.title.plain) == [])
    #expect(report.isClean(triple.rule))
  }

  @Test(arguments: RuleTriple.all) func `without its evidence a rule says that it cannot tell`(
    triple: RuleTriple
  ) throws {
    let report = try triple.blind().report()
    #expect(report.fired(triple.rule).isEmpty && !report.isClean(triple.rule))
    #expect(!report.reasons(triple.rule).isEmpty)
  }

  @Test func `a rule that no run can answer is in every report, with its reason`() throws {
    let report = try SyntheticRun().report()
    for id in ["M7", "M8", "M9", "V3", "C11", "C16", "C17", "L2", "L7", "B5"] {
      #expect(report.reasons(id).count == 1, "\(id)")
      #expect(!RuleBook.ids.contains(id), "\(id) can fire")
    }
  }
}

extension RuleTriple: CustomTestStringConvertible {
  var testDescription: String { rule }
}
