import Measurement
import RunRecords

/// The results of two runs, tested over their trials.
struct ResultRows {
  let matched: MatchedResults
  let procedure: Procedure
  /// What forbids verdicts, with its scope.
  let refusals: [SettingDifference]

  /// Rows of what both runs measured, headline rows first.
  func rows() -> [ResultRow] {
    let ordered = matched.tested
    var changes = ordered.map { self.change($0.0, $0.1) }
    var families: [Bool: [RowDecision.Candidate]] = [:]
    for (index, pair) in ordered.enumerated() {
      guard changes[index].reason == nil, let found = candidate(index, pair, &changes[index]) else {
        continue
      }
      families[Procedure.isHeadline(pair.0.name), default: []].append(found)
    }
    RowDecision.decide(&changes, families[true] ?? [], alpha: procedure.alphaHeadline)
    RowDecision.decide(&changes, families[false] ?? [], alpha: procedure.alphaResults)
    return zip(ordered, changes).map { pair, change in
      ResultRow(
        name: pair.0.name, unit: pair.0.unit, direction: pair.0.direction,
        operation: pair.0.operation, isHeadline: Procedure.isHeadline(pair.0.name),
        baseTrials: pair.0.trials.count, newTrials: pair.1.trials.count,
        baseSpread: Summary(pair.0.trials).share, newSpread: Summary(pair.1.trials).share,
        change: change)
    }
  }

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
    if let refusal = refusals.first(where: { SettingStanding.blocks($0, one.name) }) {
      return "\(refusal.name) differs"
    }
    return procedure.missing(one.trials.count, other.trials.count)
  }

  /// Tests a row; a row that no test fits keeps `cannotTell` and gets its reason.
  private func candidate(
    _ index: Int, _ pair: (RunRecord.Result, RunRecord.Result), _ change: inout Change
  ) -> RowDecision.Candidate? {
    let (one, other) = pair
    let allowance = procedure.limits(of: one.name, one.unit).allowance
    if let test = RatioTest(
      base: one.trials, new: other.trials, allowance: allowance,
      spread: procedure.design == .runs ? .common : .own)
    {
      change.ratio = test.ratio
      change.interval = Estimate.Interval(
        low: test.low, high: test.high,
        method: procedure.design == .runs
          ? "t on logarithms of runs" : "t on logarithms, runs allowed for")
      change.p = test.p
      change.secondP = RankTests.mannWhitney(one.trials, other.trials)
      return RowDecision.Candidate(
        index: index, p: test.p, effect: abs(test.ratio - 1),
        isImprovement: isImprovement(test.ratio > 1, one.direction),
        ranksAgree: procedure.ranksAgree(one.trials, other.trials),
        smallestDetectable: test.smallestDetectable)
    }
    guard let least = Self.least(one.unit) else {
      change.reason = "a value that is not positive has no ratio"
      return nil
    }
    return counted(index, pair, least, allowance, &change)
  }

  /// The least that is something, where zero is a value like others; no time is nothing.
  private static func least(_ unit: MetricUnit) -> Double? {
    switch unit {
    case .count, .bytes, .perSecond: 1
    case .ratio: 0.01
    case .seconds: nil
    }
  }

  /// What may be zero, tested as an amount; counts such as errors are held against the operations
  /// of their trials.
  private func counted(
    _ index: Int, _ pair: (RunRecord.Result, RunRecord.Result), _ least: Double,
    _ allowance: RunAllowance, _ change: inout Change
  ) -> RowDecision.Candidate? {
    let isCount = pair.0.unit == .count
    let sides = [(pair.0, matched.base), (pair.1, matched.new)].map { result, record in
      let ones = [Double](repeating: 1, count: result.trials.count)
      return zip(result.trials, isCount ? exposures(record, result.trials.count) : ones)
        .map { RateTest.Trial(amount: $0, exposure: $1) }
    }
    if sides.contains(where: { $0.count < 2 }) {
      change.reason = "what is zero needs two runs a side"
      return nil
    }
    guard
      let test = RateTest(base: sides[0], new: sides[1], eventWeight: least, allowance: allowance)
    else {
      change.reason = "a value that is negative or not a number"
      return nil
    }
    change.p = test.p
    change.ratio = test.ratio
    return RowDecision.Candidate(
      index: index, p: test.p, effect: test.ratio.map { abs($0 - 1) } ?? .infinity,
      isImprovement: isImprovement(test.new > test.base, pair.0.direction),
      ranksAgree: procedure.ranksAgree(pair.0.trials, pair.1.trials),
      smallestDetectable: test.smallestDetectable)
  }

  private func exposures(_ record: RunRecord, _ count: Int) -> [Double] {
    let operations = record.trials.filter { $0.status == .complete }
      .map { Double($0.operations.values.reduce(0) { $0 &+ $1 }) }
    let isUsable = operations.count == count && operations.allSatisfy { $0 > 0 }
    return isUsable ? operations : [Double](repeating: 1, count: count)
  }

  private func isImprovement(_ grew: Bool, _ direction: Direction) -> Bool {
    grew == (direction == .higherIsBetter)
  }
}
