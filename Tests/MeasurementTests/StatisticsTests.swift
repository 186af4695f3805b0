import Basics
import Measurement
import Testing

/// Reference values are textbook tables and closed forms, named beside each.
struct StatisticsTests {
  @Test(arguments: [
    (1.0, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (1e6, 1.960),
  ])
  func `95 percent quantiles of Student's t are those of the tables`(
    degrees: Double, expected: Double
  ) {
    #expect(abs(StudentT.quantile(confidence: 0.95, degrees: degrees) - expected) < 0.0006)
  }

  @Test func `with one degree of freedom t is Cauchy's distribution`() {
    // P(|T| > t) = 1 − 2/π · atan t; for t = 1 that is one half.
    #expect(abs(StudentT.twoSided(1, degrees: 1) - 0.5) < 1e-10)
    #expect(abs(StudentT.twoSided(-1, degrees: 1) - 0.5) < 1e-10)
  }

  @Test func `normal quantiles are those of the tables`() {
    #expect(abs(Normal.quantile(0.975) - 1.959964) < 1e-5)
    #expect(abs(Normal.quantile(0.8) - 0.841621) < 1e-5)
  }

  @Test func `the t interval covers the truth as often as it says`() {
    var random = SeededRandom(5)
    var covered = 0
    for _ in 0..<2_000 {
      let values = (0..<5).map { _ in 100 + 3 * random.normal() }
      if let interval = Estimate.mean(ofTrials: values).interval,
        interval.low <= 100, 100 <= interval.high
      {
        covered += 1
      }
    }
    // 1,900 expected; the binomial spread is 10, so 60 is six of them.
    #expect(abs(covered - 1_900) < 60, "covered \(covered) of 2,000")
  }

  @Test func `five against five can reach a p of 2 in 252 and no less`() {
    let p = RankTests.mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])
    #expect(abs((p ?? 1) - 2.0 / 252) < 1e-12)
  }

  @Test func `equal values on both sides are no evidence`() {
    #expect(RankTests.mannWhitney([2, 2, 2], [2, 2, 2]) == 1)
  }

  @Test func `Hodges and Lehmann find a shift`() {
    #expect(RankTests.hodgesLehmann([1, 2, 3], [11, 12, 13]) == 10)
  }

  @Test func `Holm and Benjamini–Hochberg correct as in their papers' examples`() {
    let values = [0.01, 0.04, 0.03, 0.005]
    let holm = MultipleTests.holm(values)
    for (got, want) in zip(holm, [0.03, 0.06, 0.06, 0.02]) { #expect(abs(got - want) < 1e-12) }
    let hochberg = MultipleTests.benjaminiHochberg(values)
    for (got, want) in zip(hochberg, [0.02, 0.04, 0.04, 0.02]) {
      #expect(abs(got - want) < 1e-12)
    }
  }

  @Test func `a ten percent change at two percent noise is found with five trials a side`() throws {
    var random = SeededRandom(17)
    var found = 0
    for _ in 0..<200 {
      let base = (0..<5).map { _ in 100 * (1 + 0.02 * random.normal()) }
      let new = (0..<5).map { _ in 110 * (1 + 0.02 * random.normal()) }
      let test = try #require(RatioTest(base: base, new: new))
      if test.p < 0.05 { found += 1 }
    }
    #expect(found > 190, "found \(found) of 200")
  }

  @Test func `equal sides alarm about as often as alpha says`() throws {
    var random = SeededRandom(23)
    var alarms = 0
    for _ in 0..<2_000 {
      let sides = (0..<2).map { _ in (0..<5).map { _ in 50 * (1 + 0.03 * random.normal()) } }
      let test = try #require(RatioTest(base: sides[0], new: sides[1]))
      if test.p < 0.05 { alarms += 1 }
    }
    // 100 expected, spread 10; Welch is a little shy at five trials.
    #expect(alarms > 50 && alarms < 150, "\(alarms) alarms in 2,000")
  }

  @Test func `Wilson's interval is the one of the tables`() {
    // 10 of 100: 5.52 % … 17.44 %.
    let interval = Estimate.share(hits: 10, of: 100).interval
    #expect(abs((interval?.low ?? 0) - 0.0552) < 0.0001)
    #expect(abs((interval?.high ?? 0) - 0.1744) < 0.0001)
  }
}
