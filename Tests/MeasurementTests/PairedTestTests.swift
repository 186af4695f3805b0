import Measurement
import Testing

struct PairedTestTests {
  @Test func `the paired t test agrees with SciPy's ttest_rel`() throws {
    let base = [10.1, 10.4, 9.8, 10.0, 10.3, 10.2]
    let new = [10.6, 10.5, 10.4, 10.1, 10.9, 10.4]
    let test = try #require(PairedTest(zip(base, new).map { $1 - $0 }))
    #expect(abs(test.p - 0.016748032144397372) < 1e-9)
    #expect(abs(test.low - 0.09509296876164886) < 1e-9)
    #expect(abs(test.high - 0.604907031238351) < 1e-9)
  }

  @Test(arguments: [
    ([1.0, 2, 3, 4, 5, 6], 2.0 / 64), ([1.0, 2, 3, 4, 5], 2.0 / 32), ([1.0, -1], 1.0),
    ([0.5, -0.2, 0.7, 0.1], 0.375), ([0.0, 0, 0], 1.0),
  ])
  func `flipping signs counts every pattern`(differences: [Double], expected: Double) throws {
    let p = try #require(SignFlips.p(differences))
    #expect(abs(p - expected) < 1e-12)
  }

  @Test func `twenty-eight pairs are still counted and twenty-nine are not`() {
    #expect(SignFlips.p([Double](repeating: 1, count: 28)) == 2.0 / 268_435_456)
    #expect(SignFlips.p([Double](repeating: 1, count: 29)) == nil)
  }

  @Test func `the pairs that settle it are the fewest that do`() throws {
    let differences = [0.02, -0.03, 0.05, -0.01, 0.01, -0.04, 0.03, -0.02]
    let test = try #require(PairedTest(differences))
    let pairs = try #require(test.pairsToSettle(minimum: 0.03, alpha: 0.05))
    #expect(pairs == 12)
    #expect(test.pairsToSettle(minimum: test.mean + 1e-9, alpha: 0.05) == nil)
  }
}
