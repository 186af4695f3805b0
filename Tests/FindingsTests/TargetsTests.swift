@testable import Findings
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// A file of targets, and what a run is against it.
@Suite struct TargetsTests {
  private func gaps(_ text: String, change: (inout SyntheticRun) -> Void = { _ in }) throws
    -> TargetGaps
  {
    var run = SyntheticRun()
    run.profile("engine", .cpu, .init("main;work", 2_000))
    change(&run)
    let file = try TargetsFile(text, name: "wanted/targets.txt")
    return try #require(
      try FindingsEngine.report(on: run.folder(), targets: file).targets)
  }

  private func sentence(_ text: String) throws -> String {
    let error = try #require(throws: FindingsError.self) { try gaps(text) }
    return "\(error)"
  }

  @Test func `a target is met, missed or cannot be told by the whole interval`() throws {
    // Capacity is 2200/s ± 1 %.
    let text = "capacity at least %/s source: the owner"
    let expected: [(String, TargetRow.Status)] = [
      ("2000", .met), ("2200", .cannotTell), ("2500", .missed),
    ]
    for (value, status) in expected {
      let row = try #require(try gaps(text.replacing("%", with: value)).rows.first)
      #expect(row.status == status, "\(value)")
      #expect(row.source == "the owner")
    }
  }

  @Test(arguments: [(5.16, TargetRow.Status.missed), (3.9, .cannotTell)])
  func `what every trial misses is missed, however wide the interval is`(
    first: Double, status: TargetRow.Status
  ) throws {
    let row = try #require(
      try gaps("search.response.p99 at most 4 ms source: a") { run in
        let trials = [first, 5.92, 4.30, 27.7, 4.24].map { $0 / 1_000 }
        run.record?.results.removeAll { $0.name == "search.response.p99" }
        run.record?.results.append(
          RunRecord.Result(
            name: "search.response.p99", unit: .seconds, direction: .lowerIsBetter,
            estimate: Estimate(
              value: 0.0095, interval: .init(low: 0.0036, high: 0.0252, method: "t on log"),
              count: 5), trials: trials))
      }.rows.first)
    #expect(row.status == status && row.trialsMissed == (status == .missed ? 5 : nil))
  }

  @Test func `a gap is how many times the value is off`() throws {
    let rows = try gaps(
      """
      # comment

      search.response.p99 <= 2 ms source: the shop
      capacity at least 4400/s stretch 8.8k/s by month source: the shop
      """
    ).rows
    #expect(rows.map(\.metric) == ["search.response.p99", "capacity"])
    #expect(rows.map(\.factor).allSatisfy { abs(($0 ?? 0) - 2) < 1e-9 })
    #expect(rows[1].horizon == "month")
    #expect(rows[1].stretch == 8_800)
  }

  @Test func `what is missed most comes first, what was not measured last`() throws {
    let rows = try gaps(
      """
      nobody.knows at most 1 s source: a
      search.recall at least 0.5 source: a
      capacity at least 3000/s source: a
      search.response.p99 at most 1ms source: a
      """
    ).rows
    #expect(
      rows.map(\.metric) == [
        "search.response.p99", "capacity", "search.recall", "nobody.knows",
      ])
    #expect(rows[3].status == .notMeasured)
  }

  @Test func `a value without an interval is told as one value`() throws {
    let rows = try gaps("load.rate at least 1/s source: a") { run in
      run.record?.results.append(
        RunRecord.Result(
          name: "load.rate", unit: .perSecond, direction: .higherIsBetter,
          estimate: Estimate(value: 5, count: 1), trials: [5]))
    }.rows
    #expect(rows[0].remark.plain.contains("one value without an interval"))
  }

  static let wrong: [(String, String)] = [
    ("", "t.txt:1:1: the file holds no target"),
    ("# only a comment", "t.txt:1:1: the file holds no target"),
    ("capacity", "t.txt:1:9: after the metric comes `at most` or `at least`"),
    ("capacity at", "t.txt:1:10: after `at` comes `most` or `least`"),
    ("capacity about 5", "t.txt:1:10: after the metric comes"),
    ("capacity at least", "t.txt:1:18: a value is missing"),
    ("capacity at least fast", "t.txt:1:19: fast is not a number with a unit"),
    ("capacity at least nan source: a", "t.txt:1:19: nan is not a number"),
    ("capacity at least inf source: a", "t.txt:1:19: inf is not a number"),
    ("capacity at least -5/s source: a", "t.txt:1:19: -5/s is below zero"),
    ("capacity at least 5/h source: a", "t.txt:1:19: /h is no unit"),
    ("capacity at least 5/s", "t.txt:1:22: the target of capacity names no source"),
    ("capacity at least 5/s source:", "t.txt:1:23: the target of capacity names no source"),
    (
      "capacity at least 5/s by noon source: a", "t.txt:1:26: after `by` comes week, month, quarter"
    ),
    ("capacity at least 5/s please source: a", "t.txt:1:23: please is not understood here"),
    ("capacity at least 5/s stretch 4/s source: a", "t.txt:1:31: the stretch is not harder"),
    ("capacity at least 5/s stretch 4 ms source: a", "t.txt:1:31: target and stretch are in units"),
    (
      "\ncapacity at least 5/s source: a\ncapacity at least 6/s source: a",
      "t.txt:3:1: capacity has a target on line 2 already"
    ),
    ("capacity at least 1e300GiB source: a", "t.txt:1:19: 1e300GiB is too large"),
    (
      "capacity at least " + String(repeating: "e", count: 100_000) + " source: a", "t.txt:1:19: ee"
    ),
    ("source: me", "t.txt:1:1: a line begins with the name of a metric"),
    (
      "capacity at least 5/s source: " + String(repeating: "x", count: 301),
      "t.txt:1:1: the source has more than 300 letters"
    ),
  ]

  @Test(arguments: wrong) func `an error names line, column and the way out`(
    text: String, expected: String
  ) throws {
    let error = try #require(throws: FindingsError.self) { try TargetsFile(text, name: "t.txt") }
    #expect("\(error)".hasPrefix(expected), "\(error)")
    #expect("\(error)".hasSuffix("."))
  }

  @Test func `a unit that does not fit the metric is refused with a sentence`() throws {
    #expect(
      try sentence("search.response.p99 at most 95 % source: a").hasPrefix(
        "wanted/targets.txt:1:29: search.response.p99 is a time, and 95 is a share; write it in ns")
    )
    #expect(
      try sentence("search.response.p99 at most 95 source: a").contains("a number without a unit"))
    #expect(
      try sentence("capacity at least 5 ms source: a").contains("capacity is a rate"))
  }

  @Test func `a bound on the wrong side is refused`() throws {
    let error = try #require(throws: FindingsError.self) {
      try gaps("load.rate at most 1/s source: a") { run in
        run.record?.results.append(
          RunRecord.Result(
            name: "load.rate", unit: .perSecond, direction: .higherIsBetter,
            estimate: Estimate(value: 5, count: 1), trials: [5]))
      }
    }
    #expect("\(error)".contains("of load.rate, more is better; write `at least`"))
  }

  @Test(arguments: 1...300) func `whatever stands in the file, it is read or refused`(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    let words = [
      "capacity", "at", "most", "least", "<=", ">=", "5", "ms", "5ms", "1e400", "-", "%", "stretch",
      "by", "week", "source:", "#", "\n", "\t", "\u{202E}", "e5", ".", "+", "5/s", "|", "",
    ]
    var text = ""
    for _ in 0..<(seed % 30) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += words[Int(state >> 33) % words.count] + (seed.isMultiple(of: 2) ? " " : "")
    }
    do {
      #expect(try !TargetsFile(text, name: "t").targets.isEmpty)
    } catch {
      #expect("\(error)".hasPrefix("t:"), "seed \(seed)")
    }
  }
}
