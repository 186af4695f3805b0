/// A weighted mean in which a value far from the others pulls no harder than one at the edge.
///
/// Between the mean, which one bad moment can carry away, and the median, which forgets how much
/// each value is worth: Huber's M-estimator, with the scale from the median deviation.
struct RobustMean {
  let value: Double
  /// From leaving out one block of neighbors after another, so that what is alike among neighbors
  /// is not counted as so many independent observations.
  let standardError: Double
  private let blocks: Int

  /// Nil when there are too few values to tell how sure the mean is.
  init?(_ values: [(value: Double, weight: Double)]) {
    blocks = min(40, values.count / 4)
    guard blocks >= 4 else { return nil }
    value = Self.center(values)
    let bounds = (0...blocks).map { [blocks] in $0 * values.count / blocks }
    let without = zip(bounds, bounds.dropFirst()).map { start, end in
      Self.center(Array(values[..<start] + values[end...]))
    }
    let middle = without.reduce(0, +) / Double(blocks)
    let squares = without.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    standardError = (squares * Double(blocks - 1) / Double(blocks)).squareRoot()
  }

  /// Half the width of the 95 % interval.
  var margin: Double {
    standardError * StudentT.quantile(confidence: 0.95, degrees: Double(blocks - 1))
  }

  private static func center(_ values: [(value: Double, weight: Double)]) -> Double {
    var center = median(values.map(\.value))
    let edge = edgeInDeviations * 1.4826 * median(values.map { abs($0.value - center) })
    for _ in 0..<rounds {
      var (sum, weights) = (0.0, 0.0)
      for (value, weight) in values {
        let distance = abs(value - center)
        let worth = distance > edge ? weight * edge / distance : weight
        sum += worth * value
        weights += worth
      }
      if weights > 0 { center = sum / weights }
    }
    return center
  }

  /// The usual choice: nearly as sure as the mean where nothing bad happens.
  private static let edgeInDeviations = 1.5
  /// More than it takes to stand still to within a thousandth of the error.
  private static let rounds = 20

  private static func median(_ values: [Double]) -> Double {
    let ordered = values.sorted()
    let half = ordered.count / 2
    return ordered.count.isMultiple(of: 2) ? (ordered[half - 1] + ordered[half]) / 2 : ordered[half]
  }
}
