import Measurement

/// A straight line through the trials: where it leads, and whether chance alone would do it.
struct Trend {
  /// From the first trial to the last, as a share of the mean.
  let change: Double
  /// The chance of such a slope if the trials did not drift.
  let p: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / max(1, count)
    let middle = (count - 1) / 2
    let places = values.indices.map { Double($0) - middle }
    let spread = places.reduce(0) { $0 + $1 * $1 }
    guard values.count > 2, spread > 0, mean != 0 else {
      (change, p) = (0, 1)
      return
    }
    let slope = zip(places, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) } / spread
    let rest = zip(places, values).reduce(0) { sum, pair in
      let error = pair.1 - mean - slope * pair.0
      return sum + error * error
    }
    change = slope * (count - 1) / mean
    let deviation = (rest / (count - 2) / spread).squareRoot()
    p =
      deviation > 0
      ? StudentT.twoSided(abs(slope) / deviation, degrees: count - 2) : slope == 0 ? 1 : 0
  }
}
