import Measurement
import Testing

/// Numbers computed elsewhere: SciPy 1.17 (`stats.t`, `ttest_ind`, `mannwhitneyu`,
/// `false_discovery_control`), enumeration of all arrangements, or closed forms.
struct ReferenceTests {
  private func near(_ got: Double?, _ want: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs((got ?? .nan) - want) <= tolerance * max(1, abs(want))
  }

  @Test(arguments: [
    (1.0, 0.95, 12.706204736174694), (2.5, 0.90, 2.5582186141359355),
    (2.5, 0.95, 3.5746548420036817), (4, 0.99, 4.604094871349992), (4, 0.9999, 15.544100581546113),
    (8, 0.95, 2.306004135204166), (8, 0.9999, 7.1200038827346495), (30, 0.9999, 4.482417175409786),
  ])
  func `quantiles of t agree, fractions of degrees and far tails too`(
    degrees: Double, confidence: Double, expected: Double
  ) {
    #expect(near(StudentT.quantile(confidence: confidence, degrees: degrees), expected, 1e-7))
  }

  @Test(arguments: [
    (1.0, 0.18731554186375868), (2.5, 0.05940212877944413), (8, 0.010858851609992946),
    (30, 0.002499307439798054),
  ])
  func `the chance beyond 3.3 agrees`(degrees: Double, expected: Double) {
    #expect(near(StudentT.twoSided(3.3, degrees: degrees), expected))
  }

  private let left = [10.1, 10.4, 9.8, 10.0, 10.3]
  private let right = [11.2, 10.9, 11.5, 11.0, 11.1, 11.4]

  @Test func `Welch's test of a difference agrees`() throws {
    let test = try #require(DifferenceTest(base: left, new: right))
    #expect(near(test.p, 5.142314368000438e-05, 1e-6))
    #expect(near(test.degrees, 8.5355980793026))
    #expect(near(test.low, 0.7379769463959706, 1e-7))
    #expect(near(test.high, 1.3886897202707016, 1e-7))
  }

  @Test func `Welch's test of a ratio agrees`() throws {
    let test = try #require(RatioTest(base: left, new: right))
    #expect(near(test.p, 7.237527161555824e-05, 1e-6))
    #expect(near(test.degrees, 8.095429397061606))
    #expect(near(test.ratio, 1.1051219628036184))
    #expect(near(test.low, 1.0712522565707778, 1e-7))
    #expect(near(test.high, 1.1400625251240544, 1e-7))
  }

  private struct Ranks: Sendable {
    let left: [Double]
    let right: [Double]
    let expected: Double

    static let cases = [
      Ranks(left: [1.1, 2.2, 3.3, 4.4, 5.5], right: [2, 3, 6, 7, 8], expected: 78.0 / 252.0),
      Ranks(left: [1, 2, 3], right: [4, 5, 6, 7], expected: 2.0 / 35.0),
      Ranks(left: [3, 1, 4, 1, 5], right: [9, 2, 6, 5, 3], expected: 58.0 / 252.0),
    ]
  }

  @Test func `Mann and Whitney's chance is the one of counting, ties included`() {
    for ranks in Ranks.cases {
      #expect(near(RankTests.mannWhitney(ranks.left, ranks.right), ranks.expected))
    }
  }

  @Test func `Benjamini and Hochberg's own example agrees`() {
    let corrected = MultipleTests.benjaminiHochberg([
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0,
    ])
    let expected = [
      0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714286, 0.06385714285714286, 0.0645,
      0.0765, 0.486, 0.5811818181818181, 0.7148749999999999, 0.7532307692307693,
      0.8132142857142857, 1.0,
    ]
    for (got, want) in zip(corrected, expected) { #expect(near(got, want)) }
  }

  @Test(arguments: [(6, 0, 0.96875), (9, 1, 0.9609375), (20, 5, 0.9586105346679688)])
  func `a median's interval leaves out what the binomial allows`(
    count: Int, leftOut: Int, confidence: Double
  ) {
    let estimate = Estimate.median(ofTrials: (1...count).reversed().map(Double.init))
    #expect(estimate.value == Double(count + 1) / 2)
    #expect(estimate.interval?.low == Double(1 + leftOut))
    #expect(estimate.interval?.high == Double(count - leftOut))
    #expect(near(estimate.interval?.confidence, confidence))
  }

  @Test func `five values are too few for a 95 percent interval of the median`() {
    #expect(Estimate.median(ofTrials: [1, 2, 3, 4, 5]) == Estimate(value: 3, count: 5))
  }

  @Test(arguments: [
    (0.1, 1_000, 0.037587209954755035), (0.1, 30_000, 0.006862454255300689),
    (0.05, 1_500, 0.4459128688471664 * 0.05), (0.05, 60_000, 0.07050501517684933 * 0.05),
  ])
  func `the smallest change of a share agrees`(share: Double, samples: Int, expected: Double) {
    #expect(near(DetectableChange.share(share, samplesPerSide: samples), expected, 1e-7))
  }

  @Test func `the smallest change of a ratio agrees, and is found as often as it says`() {
    // exp((t₀.₉₇₅,₈ + z₀.₈) · 0.03 · √(2/5)) − 1
    let change = DetectableChange.ratio(spread: 0.03, trialsPerSide: 5, alpha: 0.05)
    #expect(near(change, 0.06154138885789706, 1e-7))
  }

  @Test func `an allowance between runs widens, by the floor and by what is restless`() throws {
    let plain = try #require(RatioTest(base: left, new: right))
    let known = try #require(
      RatioTest(base: left, new: right, allowance: RunAllowance(floor: 0.02)))
    let both = try #require(
      RatioTest(
        base: left, new: right, allowance: RunAllowance(floor: 0.02, scale: 0.77, quiet: 0.01)))
    #expect(plain.ratio == known.ratio)
    #expect(
      near(
        known.standardError * known.standardError,
        plain.standardError * plain.standardError + 2 * 0.0004))
    #expect(plain.p < known.p && known.p < both.p)
    #expect(known.degrees > plain.degrees)
  }
}

/// Quasi-Poisson: reference values from the formulas, worked in another language.
struct RateTestTests {
  private func trials(_ amounts: [Double], _ exposures: [Double]) -> [RateTest.Trial] {
    zip(amounts, exposures).map { RateTest.Trial(amount: $0, exposure: $1) }
  }

  private let calm = [812.0, 790, 845, 760, 830]
  private let restless = [700.0, 900, 760, 1_000, 840]
  private let exposures = [1_000.0, 980, 1_040, 950, 1_010]
  private let new = [930.0, 905, 880, 955, 900]
  private let newExposures = [1_000.0, 970, 940, 1_020, 990]

  @Test func `calmer than chance counts as chance`() throws {
    let test = try #require(
      RateTest(
        base: trials(calm, exposures), new: trials(new, newExposures), eventWeight: 1))
    #expect(test.dispersion == 1)
    #expect(abs((test.ratio ?? 0) - 1.1458339626745289) < 1e-12)
    #expect(abs(test.standardError - 0.021558178838755084) < 1e-12)
    #expect(abs(test.p - 0.00022913994008723484) < 1e-10)
  }

  @Test func `restless trials cost certainty`() throws {
    let test = try #require(
      RateTest(
        base: trials(restless, exposures), new: trials(new, newExposures), eventWeight: 1))
    #expect(abs(test.dispersion - 12.072945247464151) < 1e-9)
    #expect(abs(test.p - 0.2294476789486643) < 1e-9)
    #expect(abs(test.low - 0.9280024311381562) < 1e-7)
    #expect(abs(test.high - 1.307113154625601) < 1e-7)
  }

  @Test func `the unit of the amounts does not matter`() throws {
    let scale = 1e6
    let counted = try #require(
      RateTest(base: trials(restless, exposures), new: trials(new, newExposures), eventWeight: 1))
    let weighed = try #require(
      RateTest(
        base: trials(restless.map { $0 * scale }, exposures),
        new: trials(new.map { $0 * scale }, newExposures), eventWeight: scale))
    #expect(abs(counted.p - weighed.p) < 1e-12)
    #expect(counted.ratio == weighed.ratio)
  }

  @Test func `nothing on one side is a finding only when there was enough on the other`() throws {
    let nothing = trials([0, 0, 0, 0, 0], exposures)
    let much = try #require(
      RateTest(base: nothing, new: trials(new, newExposures), eventWeight: 1))
    #expect(much.ratio == nil)
    #expect(much.base == 0)
    #expect(much.p < 1e-6)
    let little = try #require(
      RateTest(base: nothing, new: trials([0, 1, 0, 0, 1], newExposures), eventWeight: 1))
    #expect(little.p > 0.1)
    let neither = try #require(RateTest(base: nothing, new: nothing, eventWeight: 1))
    #expect(neither.p == 1)
  }

  @Test func `what cannot be a cost is refused`() {
    let good = trials(calm, exposures)
    #expect(RateTest(base: good, new: trials([-1, 2], [1, 1]), eventWeight: 1) == nil)
    #expect(RateTest(base: good, new: trials([1, 2], [0, 1]), eventWeight: 1) == nil)
    #expect(RateTest(base: good, new: trials([.infinity, 2], [1, 1]), eventWeight: 1) == nil)
    #expect(RateTest(base: good, new: [], eventWeight: 1) == nil)
  }
}
