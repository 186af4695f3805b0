import Measurement
package import RunRecords

/// The results of two runs whose trials are pairs, each with a three-way verdict.
///
/// - *changed* (better or worse): the test, corrected over the family of rows (Holm), is
///   significant; flipping the signs of the pairs agrees; and the change is not smaller than the
///   minimum, nor than the stored noise floor.
/// - *equivalent*: the 95 % interval lies inside ± the minimum.
/// - *inconclusive*: neither, with the number of pairs that would settle it.
///
/// The interval is Student's on the logarithms of the ratios of pairs. No allowance for the luck of
/// a run is made, for the pairs ran in turns; five pairs can never reach 0.05 by flipping signs, so
/// six are the fewest that are tested.
package struct PairedRows {
  let base: RunRecord
  let new: RunRecord
  let procedure: Procedure
  let refusals: [SettingDifference]
  package let pairs: TrialPairs

  package init(
    base: RunRecord, new: RunRecord, procedure: Procedure = .paired(),
    refusals: [SettingDifference] = []
  ) {
    self.base = base
    self.new = new
    self.procedure = procedure
    self.refusals = refusals
    pairs = TrialPairs(base: base, new: new)
  }

  /// Rows of what both runs measured, headline rows first.
  package func rows() -> [ResultRow] {
    let matched = MatchedResults(base: base, new: new)
    let ordered = matched.tested
    var changes = ordered.map { change($0.0, $0.1) }
    var tests: [(index: Int, test: PairedTest, isHeadline: Bool)] = []
    for (index, pair) in ordered.enumerated() where changes[index].reason == nil {
      guard let test = test(pair.0, pair.1, &changes[index]) else { continue }
      tests.append((index, test, Procedure.isHeadline(pair.0.name)))
    }
    for isHeadline in [true, false] {
      let alpha = isHeadline ? procedure.alphaHeadline : procedure.alphaResults
      decide(&changes, tests.filter { $0.isHeadline == isHeadline }, ordered, alpha)
    }
    return zip(ordered, changes).map { pair, change in
      ResultRow(
        name: pair.0.name, unit: pair.0.unit, direction: pair.0.direction,
        operation: pair.0.operation, isHeadline: Procedure.isHeadline(pair.0.name),
        baseTrials: pairs.numbers.count, newTrials: pairs.numbers.count,
        baseSpread: Summary(pair.0.trials).share, newSpread: Summary(pair.1.trials).share,
        change: change)
    }
  }

  // MARK: - One row

  /// The two sides without a verdict; `reason` is set when there cannot be one.
  private func change(_ one: RunRecord.Result, _ other: RunRecord.Result) -> Change {
    let values = pairs.values(one, other)
    let sides = [values?.map(\.base), values?.map(\.new)]
    let (left, right) = (
      sides[0].map { Summary($0).mean } ?? one.estimate.value,
      sides[1].map { Summary($0).mean } ?? other.estimate.value
    )
    return Change(
      base: left, new: right, ratio: left > 0 && right > 0 ? right / left : nil,
      minimumEffect: procedure.limits(of: one.name, one.unit).minimum, verdict: .cannotTell,
      reason: obstacle(one.name, values?.count))
  }

  private func obstacle(_ name: String, _ count: Int?) -> String? {
    if let refusal = refusals.first(where: { SettingStanding.blocks($0, name) }) {
      return "\(refusal.name) differs"
    }
    guard let count else { return "it has no value for each trial" }
    return count < procedure.trialsNeeded
      ? "\(count) pairs; \(procedure.trialsNeeded) are needed" : nil
  }

  /// On logarithms where all values are positive, else on shares of the base's mean.
  private func test(
    _ one: RunRecord.Result, _ other: RunRecord.Result, _ change: inout Change
  ) -> PairedTest? {
    let values = pairs.values(one, other) ?? []
    let isPositive = values.allSatisfy { $0.base > 0 && $0.new > 0 }
    // A count that is mostly zero has no ratio; one event more a trial is then a whole base.
    let scale = max(change.base, one.unit == .count ? 1 : 1e-300)
    let differences = values.map { pair in
      isPositive ? RealFunctions.logarithm(pair.new / pair.base) : (pair.new - pair.base) / scale
    }
    guard let test = PairedTest(differences) else {
      change.reason = "a value that is not a number"
      return nil
    }
    if isPositive {
      change.ratio = RealFunctions.exponential(test.mean)
      change.interval = Estimate.Interval(
        low: RealFunctions.exponential(test.low), high: RealFunctions.exponential(test.high),
        method: "t on logarithms of pairs")
    } else if change.base > 0 {
      change.interval = Estimate.Interval(
        low: 1 + test.low, high: 1 + test.high, method: "t on differences of pairs")
    }
    change.p = test.p
    change.secondP = test.flipP
    return test
  }

  // MARK: - Verdicts

  private func decide(
    _ changes: inout [Change], _ tests: [(index: Int, test: PairedTest, isHeadline: Bool)],
    _ ordered: [(RunRecord.Result, RunRecord.Result)], _ alpha: Double
  ) {
    let corrected = MultipleTests.holm(tests.map(\.test.p))
    let perRow = alpha / Double(max(1, tests.count))
    for ((index, test, _), p) in zip(tests, corrected) {
      // As a logarithm, like the differences; for small changes the two are one.
      let minimum = RealFunctions.logarithm(1 + changes[index].minimumEffect)
      let detectable = RealFunctions.exponential(test.smallestDetectable(alpha: perRow)) - 1
      changes[index].correctedP = p
      changes[index].smallestDetectable =
        detectable.isFinite ? max(changes[index].minimumEffect, detectable) : nil
      let direction = ordered[index].0.direction
      if p <= alpha, (test.flipP ?? 0) <= procedure.rankAlpha, abs(test.mean) >= minimum {
        changes[index].verdict =
          (test.mean > 0) == (direction == .higherIsBetter) ? .better : .worse
      } else if test.low >= -minimum, test.high <= minimum {
        changes[index].verdict = .equivalent
      } else {
        changes[index].verdict = .inconclusive
        changes[index].pairsNeeded = test.pairsToSettle(minimum: minimum, alpha: perRow)
          .map { max(1, $0 - test.count) }
      }
    }
  }
}
