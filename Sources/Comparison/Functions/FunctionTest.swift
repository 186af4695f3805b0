import Measurement
import Vocabulary

/// One function (or group of names) of a slice, put to the test.
struct FunctionTest {
  let slice: ProfileSlice
  let names: [String]
  let basis: FunctionTable.Basis
  let procedure: Procedure
  private let test: RateTest?

  init(
    slice: ProfileSlice, names: [String], basis: FunctionTable.Basis, prior: Double?,
    procedure: Procedure
  ) {
    self.slice = slice
    self.names = names
    self.basis = basis
    self.procedure = procedure
    test = RateTest(
      base: slice.flat(names, slice.base), new: slice.flat(names, slice.new),
      eventWeight: slice.eventWeight, prior: prior, allowance: procedure.functionAllowance)
  }

  /// The two sides without a verdict; `reason` says why there cannot be one.
  func change(blockedBy refusal: String?) -> Change {
    let factor = CostUnit.scale(slice.type, basis).factor
    let rates = slice.sides.map { slice.rate(names, $0) * factor }
    var change = Change(
      base: rates[0], new: rates[1],
      ratio: rates[0] > 0 && rates[1] > 0 ? rates[1] / rates[0] : nil,
      minimumEffect: procedure.minimumEffect, verdict: .cannotTell)
    change.reason = refusal.map { "\($0) differs" } ?? obstacle()
    if let test, test.ratio != nil {
      change.interval = Estimate.Interval(
        low: test.low, high: test.high,
        method: procedure.design == .blocked ? "quasi-Poisson, runs allowed for" : "quasi-Poisson")
    }
    change.p = test?.p
    if change.reason != nil { change.smallestDetectable = byChanceAlone() }
    return change
  }

  private func obstacle() -> String? {
    let counts = slice.sides.map(\.count)
    if let missing = procedure.missing(counts[0], counts[1]) { return missing }
    if counts.contains(1) {
      return "one run against \(counts.max() ?? 0); functions need two a side"
    }
    return test == nil ? "its numbers are negative or not numbers, so they are no cost" : nil
  }

  /// What the samples alone could show if trials were all alike; real ones show less.
  private func byChanceAlone() -> Double? {
    let weight = slice.eventWeight
    let amounts = slice.sides.map { slice.amount(names, $0) }
    // A sample of the heap stands for many allocations, so their number says nothing of chance.
    guard slice.kind != .heap, weight > 0, amounts.allSatisfy({ $0 > 0 }) else { return nil }
    let floor = procedure.functionAllowance.floor
    let variance = weight / amounts[0] + weight / amounts[1] + 2 * floor * floor
    let change = DetectableChange.ratio(
      standardError: variance.squareRoot(), degrees: 1e6, alpha: 0.05)
    return change.isFinite ? change : nil
  }

  func candidate(_ index: Int) -> RowDecision.Candidate? {
    guard let test else { return nil }
    let values = slice.sides.map { side in
      slice.flat(names, side).map { $0.amount / $0.exposure }
    }
    return RowDecision.Candidate(
      index: index, p: test.p, effect: test.ratio.map { abs($0 - 1) } ?? .infinity,
      isImprovement: test.new < test.base,
      ranksAgree: procedure.ranksAgree(values[0], values[1]),
      smallestDetectable: test.smallestDetectable)
  }
}
