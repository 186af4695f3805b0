package import Measurement

/// How a difference becomes a claim; stored with the comparison, so that a reader can object.
///
/// A row is called better or worse when three things hold: its test, corrected over its family
/// (Holm), is significant; the orderings of the trials agree (Mann–Whitney); and the change is not
/// smaller than the minimum, nor than the stored noise floor.
///
/// The trials of two runs are not interleaved, so the tests allow for runs that differ on their
/// own (`RunAllowance`). The families share the allowed error unequally: the few headline rows get
/// most of it, for they are what people look at.
///
/// What this does was simulated with 38 result rows and 48 functions a pair, five trials a side,
/// trial noise of 2 … 12 %, and a luck of the run on top, half of it common to all rows. Share of
/// pairs of equal runs in which any row claims a change: 0 % when runs have no luck of their own,
/// 1 % at 1.5 %, 5 % at 2 % (6 % when noisy rows have more of it), and a planted 10 % at 2 % noise
/// is found 84 times in 100. Below roughly 8 % nothing is claimed from five trials a side without
/// a stored noise floor: two blocked runs cannot show less, `ab` can.
package struct Procedure: Codable, Sendable, Equatable {
  /// Fewer trials a side than this give no verdict.
  package var trialsNeeded = 5
  package var alphaHeadline = 0.025
  package var alphaResults = 0.005
  package var alphaFunctions = 0.005
  /// For timings and rates; recall and sizes have their own, see `allowance(of:)`.
  package var headlineAllowance = RunAllowance(floor: 0.0175, scale: 0.77, quiet: 0.025)
  package var otherAllowance = RunAllowance(floor: 0.02, scale: 0.77, quiet: 0.025)
  package var minimumEffect = 0.03
  /// The spread of equal runs where it was measured; it replaces the assumption.
  package var noise: MeasuredNoise?
  /// The rank test's level, a second opinion that five against five can still give.
  package var rankAlpha = 0.05

  /// How the trials of the two sides came about, which decides the test.
  package var design = Design.blocked

  package enum Design: String, Codable, Sendable {
    /// One run after the other; the trials of a run share its luck.
    case blocked
    /// In turns, so that the trials of one number are a pair.
    case paired
    /// Several runs a side; a run is one value.
    case runs
  }

  package init() {}

  /// For trials that ran in turns: no allowance between runs, and six pairs at least, for five
  /// cannot reach 0.05 by flipping signs.
  package static func paired(minimumEffect: Double = 0.03) -> Procedure {
    var procedure = Procedure()
    procedure.minimumEffect = minimumEffect
    procedure.pair()
    return procedure
  }

  mutating func pair() {
    design = .paired
    trialsNeeded = 6
    headlineAllowance = .none
    otherAllowance = .none
  }

  /// The quantities that decide first.
  package static let headlineNames: Set<String> = [
    "capacity", "search.response.p50", "search.response.p99", "insert.response.p50",
    "cpu.per.search", "cpu.per.insert", "cpu.per.operation", "search.recall",
  ]

  /// Several runs a side: with five runs in all, a run is one value and the spread between runs is
  /// what it is; with fewer, the assumed spread stands in, smaller for being averaged.
  func adapted(baseRuns: Int, newRuns: Int) -> Procedure {
    guard design == .blocked, baseRuns + newRuns > 2 else { return self }
    var adapted = self
    if baseRuns + newRuns >= Self.runsNeeded {
      adapted.design = .runs
      adapted.headlineAllowance = .none
      adapted.otherAllowance = .none
      return adapted
    }
    let averaged = ((1 / Double(baseRuns) + 1 / Double(newRuns)) / 2).squareRoot()
    adapted.headlineAllowance.floor *= averaged
    adapted.otherAllowance.floor *= averaged
    adapted.noise?.average(by: averaged)
    return adapted
  }

  /// Runs of both sides together below which their spread is not estimated.
  package static let runsNeeded = 5

  /// Why so many values a side give no verdict; nil when they do.
  func missing(_ base: Int, _ new: Int, of what: String = "trials") -> String? {
    switch design {
    case .runs:
      base < 1 || new < 1 || base + new < Self.runsNeeded
        ? "\(base) against \(new) runs; \(Self.runsNeeded) in all are needed" : nil
    case .blocked, .paired:
      min(base, new) < trialsNeeded
        ? "\(base) against \(new) \(what); \(trialsNeeded) a side are needed" : nil
    }
  }

  /// Whether the ordering of the values does not speak against a change.
  ///
  /// Where so few values could never reach the level, it has no voice; beyond the sizes that are
  /// counted exactly, the t test stands alone.
  func ranksAgree(_ left: [Double], _ right: [Double]) -> Bool {
    guard RankTests.least(left.count, right.count) <= rankAlpha,
      let p = RankTests.mannWhitney(left, right)
    else { return true }
    return p <= rankAlpha
  }

  /// What the cost of a function may differ by.
  var functionAllowance: RunAllowance {
    design == .blocked ? noise?.functions ?? otherAllowance : otherAllowance
  }

  static func isHeadline(_ name: String) -> Bool { headlineNames.contains(name) }

  /// What equal runs may differ by in this quantity, and the least change worth a claim.
  func limits(of name: String, _ unit: MetricUnit) -> (allowance: RunAllowance, minimum: Double) {
    var limits = standardLimits(of: name, unit)
    if let measured = noise?.allowances[name] {
      if design == .blocked { limits.allowance = measured }
      limits.minimum = max(limits.minimum, measured.floor)
    }
    return limits
  }

  private func standardLimits(
    of name: String, _ unit: MetricUnit
  ) -> (allowance: RunAllowance, minimum: Double) {
    switch unit {
    // Recall and sizes come from seeded data, not from a clock: the luck of a run hardly moves them.
    case .ratio: (design == .blocked ? RunAllowance(floor: 0.001) : .none, 0.005)
    case .bytes: (design == .blocked ? RunAllowance(floor: 0.002) : .none, 0.01)
    case .seconds, .perSecond, .count:
      (Self.headlineNames.contains(name) ? headlineAllowance : otherAllowance, minimumEffect)
    }
  }
}
