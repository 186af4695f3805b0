import Basics
import Measurement
import Testing

struct ChangePointTests {
  private func series(_ levels: [(Double, Int)], noise: Double, seed: UInt64) -> [Double] {
    var random = SeededRandom(seed)
    return levels.flatMap { level, count in
      (0..<count).map { _ in level * (1 + noise * random.normal()) }
    }
  }

  @Test func `a step is found where it is, and nothing else`() {
    let values = series([(100, 15), (110, 15)], noise: 0.02, seed: 3)
    #expect(ChangePoints(values).points.map(\.index) == [15])
  }

  @Test func `two steps are both found`() {
    let values = series([(100, 20), (120, 20), (90, 20)], noise: 0.02, seed: 4)
    #expect(ChangePoints(values).points.map(\.index) == [20, 40])
  }

  @Test func `a level that comes back is two steps`() {
    let values = series([(100, 10), (50, 20), (100, 10)], noise: 0.02, seed: 5)
    #expect(ChangePoints(values).points.map(\.index) == [10, 30])
    let shallow = series([(100, 20), (80, 20), (100, 20)], noise: 0.02, seed: 6)
    #expect(ChangePoints(shallow).points.map(\.index) == [20, 40])
  }

  @Test func `noise alone has no change points`() {
    let found = (0..<40).reduce(0) { sum, seed in
      sum + ChangePoints(series([(100, 30)], noise: 0.1, seed: UInt64(seed))).points.count
    }
    #expect(found == 0, "\(found) in 40 series")
  }

  @Test func `one outlier is not a level`() {
    var values = series([(100, 30)], noise: 0.01, seed: 5)
    values[17] = 300
    #expect(ChangePoints(values).points.isEmpty)
  }

  @Test func `a step below the threshold is none`() {
    let values = series([(100, 20), (103, 20)], noise: 0.002, seed: 6)
    #expect(ChangePoints(values).points.isEmpty)
    #expect(ChangePoints(values, minimumChange: 0.01).points.map(\.index) == [20])
  }

  @Test func `the same series has the same answer twice`() {
    let values = series([(100, 12), (107, 12)], noise: 0.03, seed: 7)
    #expect(ChangePoints(values) == ChangePoints(values))
  }

  @Test func `equal values, zeros and a handful are no trouble`() {
    #expect(ChangePoints([]).points.isEmpty)
    #expect(ChangePoints([1, 2, 3]).points.isEmpty)
    #expect(ChangePoints([Double](repeating: 0, count: 40)).points.isEmpty)
    let errors = [Double](repeating: 0, count: 20) + [Double](repeating: 5, count: 20)
    #expect(ChangePoints(errors).points.map(\.index) == [20])
  }

  @Test func `fourteen values can be significant at a thousandth, thirteen never`() {
    // Two over 3,432 and two over 1,716 ways to choose a half.
    #expect(ChangePoints.fewestValues(significance: 0.001) == 14)
    #expect(ChangePoints.fewestValues(significance: 0.01) == 10)
  }
}
