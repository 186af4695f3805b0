import Measurement

/// Rates at recalls, as far as a sweep knows them.
///
/// The front keeps the points that no other point beats in both. Between two of them the rate at a
/// recall is interpolated on its logarithm; beyond the best recall there is no answer.
package struct RecallCurve: Sendable {
  package struct Point: Sendable, Equatable {
    package var recall: Double
    package var rate: Double

    package init(recall: Double, rate: Double) {
      self.recall = recall
      self.rate = rate
    }
  }

  /// Recall ascending, rate descending.
  package let front: [Point]

  package init(_ points: [Point]) {
    var kept: [Point] = []
    for point in points.sorted(by: { ($0.recall, $0.rate) > ($1.recall, $1.rate) })
    where point.rate > kept.last?.rate ?? 0 { kept.append(point) }
    front = kept.reversed()
  }

  package func isOnFront(_ point: Point) -> Bool { front.contains(point) }

  package func rate(at recall: Double) -> Double? {
    guard let first = front.first, let last = front.last, last.recall >= recall else { return nil }
    if first.recall >= recall { return first.rate }
    for (low, high) in zip(front, front.dropFirst()) where recall <= high.recall {
      let weight = (recall - low.recall) / max(1e-12, high.recall - low.recall)
      return RealFunctions.power(low.rate, 1 - weight) * RealFunctions.power(high.rate, weight)
    }
    return nil
  }
}
