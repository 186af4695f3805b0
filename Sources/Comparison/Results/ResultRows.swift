import Measurement
import RunRecords

/// The results of two runs, tested over their trials.
struct ResultRows {
  let base: RunRecord
  let new: RunRecord
  let procedure: Procedure
  /// What forbids verdicts, with its scope.
  let refusals: [SettingDifference]

  /// Rows of what both runs measured, headline rows first.
  func rows() -> [ResultRow] {
    let shared = pairs().filter { $0.0.direction != .neutral && !isExtreme($0.0.name) }
    let ordered = shared.filter { isHeadline($0.0) } + shared.filter { !isHeadline($0.0) }
    var changes = ordered.map { self.change($0.0, $0.1) }
    var families: [Bool: [RowDecision.Candidate]] = [:]
    for (index, pair) in ordered.enumerated() {
      guard changes[index].reason == nil, let found = candidate(index, pair, &changes[index]) else {
        continue
      }
      families[isHeadline(pair.0), default: []].append(found)
    }
    RowDecision.decide(&changes, families[true] ?? [], alpha: procedure.alphaHeadline)
    RowDecision.decide(&changes, families[false] ?? [], alpha: procedure.alphaResults)
    return zip(ordered, changes).map { pair, change in
      ResultRow(
        name: pair.0.name, unit: pair.0.unit, direction: pair.0.direction,
        operation: pair.0.operation, isHeadline: isHeadline(pair.0),
        baseTrials: pair.0.trials.count, newTrials: pair.1.trials.count, change: change)
    }
  }

  /// What is neither good nor bad, and the extremes, of which a handful says nothing.
  func facts() -> [RunComparison.Fact] {
    pairs().filter { $0.0.direction == .neutral || isExtreme($0.0.name) }.map { one, other in
      RunComparison.Fact(
        name: one.name, unit: one.unit, base: one.estimate.value, new: other.estimate.value)
    }
  }

  /// Quantities that only one of the runs has, or has as a number.
  func unmatched() -> [String] {
    let paired = Set(pairs().map { $0.0.name })
    return Set((base.results + new.results).map(\.name)).subtracting(paired).sorted()
  }

  private func pairs() -> [(RunRecord.Result, RunRecord.Result)] {
    base.results.compactMap { one in
      guard let other = new.result(one.name), other.unit == one.unit,
        one.estimate.value.isFinite, other.estimate.value.isFinite
      else { return nil }
      return (one, other)
    }
  }

  private func isHeadline(_ result: RunRecord.Result) -> Bool {
    Procedure.headlineNames.contains(result.name)
  }

  private func isExtreme(_ name: String) -> Bool { name.hasSuffix(".max") }

  // MARK: - One row

  /// The two sides without a verdict; `reason` is set when there cannot be one.
  private func change(_ one: RunRecord.Result, _ other: RunRecord.Result) -> Change {
    let (left, right) = (one.estimate.value, other.estimate.value)
    let limits = procedure.limits(of: one.name, one.unit)
    return Change(
      base: left, new: right, ratio: left > 0 && right > 0 ? right / left : nil,
      minimumEffect: limits.minimum, verdict: .cannotTell, reason: obstacle(one, other))
  }

  private func obstacle(_ one: RunRecord.Result, _ other: RunRecord.Result) -> String? {
    if let refusal = refusals.first(where: { blocks($0, one.name) }) {
      return "\(refusal.name) differs"
    }
    let (left, right) = (one.trials.count, other.trials.count)
    if min(left, right) < procedure.trialsNeeded {
      return "\(left) against \(right) trials; \(procedure.trialsNeeded) a side are needed"
    }
    return nil
  }

  /// Unequal recall forbids to speak of speed, not of recall.
  private func blocks(_ refusal: SettingDifference, _ name: String) -> Bool {
    switch refusal.scope {
    case .paced: SettingStanding.isPaced(name)
    case .everything: refusal.name != "recall" || name != "search.recall"
    }
  }

  /// Tests a row; a row that no test fits keeps `cannotTell` and gets its reason.
  private func candidate(
    _ index: Int, _ pair: (RunRecord.Result, RunRecord.Result), _ change: inout Change
  ) -> RowDecision.Candidate? {
    let (one, other) = pair
    let allowance = procedure.limits(of: one.name, one.unit).allowance
    if let test = RatioTest(base: one.trials, new: other.trials, allowance: allowance) {
      change.ratio = test.ratio
      change.interval = Estimate.Interval(
        low: test.low, high: test.high, method: "t on logarithms, runs allowed for")
      change.p = test.p
      return RowDecision.Candidate(
        index: index, p: test.p, effect: abs(test.ratio - 1),
        isImprovement: isImprovement(test.ratio > 1, one.direction),
        ranksAgree: ranksAgree(one.trials, other.trials),
        smallestDetectable: test.smallestDetectable)
    }
    if one.unit == .count { return counted(index, pair, allowance, &change) }
    change.reason = "a value that is not positive has no ratio"
    return nil
  }

  /// Counts such as errors may be zero; they are held against the operations of their trials.
  private func counted(
    _ index: Int, _ pair: (RunRecord.Result, RunRecord.Result), _ allowance: RunAllowance,
    _ change: inout Change
  ) -> RowDecision.Candidate? {
    let sides = [(pair.0, base), (pair.1, new)].map { result, record in
      zip(result.trials, exposures(record, result.trials.count))
        .map { RateTest.Trial(amount: $0, exposure: $1) }
    }
    guard
      let test = RateTest(base: sides[0], new: sides[1], eventWeight: 1, allowance: allowance)
    else {
      change.reason = "a count that is negative or not a number"
      return nil
    }
    change.p = test.p
    change.ratio = test.ratio
    return RowDecision.Candidate(
      index: index, p: test.p, effect: test.ratio.map { abs($0 - 1) } ?? .infinity,
      isImprovement: isImprovement(test.new > test.base, pair.0.direction),
      ranksAgree: ranksAgree(pair.0.trials, pair.1.trials),
      smallestDetectable: test.smallestDetectable)
  }

  private func exposures(_ record: RunRecord, _ count: Int) -> [Double] {
    let operations = record.trials.filter { $0.status == .complete }
      .map { Double($0.operations.values.reduce(0) { $0 &+ $1 }) }
    let isUsable = operations.count == count && operations.allSatisfy { $0 > 0 }
    return isUsable ? operations : [Double](repeating: 1, count: count)
  }

  private func ranksAgree(_ left: [Double], _ right: [Double]) -> Bool {
    // Beyond the sizes that are counted exactly, the t test stands alone.
    RankTests.mannWhitney(left, right).map { $0 <= procedure.rankAlpha } ?? true
  }

  private func isImprovement(_ grew: Bool, _ direction: Direction) -> Bool {
    grew == (direction == .higherIsBetter)
  }
}
