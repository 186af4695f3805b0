import Testing

@testable import Harness

struct RecallCurveTests {
  private typealias Point = RecallCurve.Point

  private let curve = RecallCurve([
    Point(recall: 0.9, rate: 1_000), Point(recall: 0.8, rate: 900), Point(recall: 0.99, rate: 10),
    Point(recall: 0.95, rate: 100), Point(recall: 0.95, rate: 90),
  ])

  @Test func `the front keeps what no other point beats in both`() {
    #expect(
      curve.front == [
        Point(recall: 0.9, rate: 1_000), Point(recall: 0.95, rate: 100),
        Point(recall: 0.99, rate: 10),
      ])
    #expect(!curve.isOnFront(Point(recall: 0.95, rate: 90)))
  }

  @Test(arguments: [
    (0.5, 1_000.0), (0.9, 1_000), (0.925, 316.227766), (0.97, 31.6227766), (0.99, 10),
  ])
  func `a rate is read off the curve on logarithms`(recall: Double, rate: Double) throws {
    let found = try #require(curve.rate(at: recall))
    #expect(abs(found / rate - 1) < 1e-6, "\(found)")
  }

  @Test func `beyond the best recall there is no answer`() {
    #expect(curve.rate(at: 0.991) == nil)
    #expect(RecallCurve([]).rate(at: 0.1) == nil)
  }
}
