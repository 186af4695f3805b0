import Glibc

/// Mean and spread of a handful of values: one per trial.
package struct Summary: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  /// With n − 1 below; zero for a single value.
  package let variance: Double

  package init(_ values: [Double]) {
    count = values.count
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    variance =
      values.count > 1
      ? values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1) : 0
  }

  package var deviation: Double { variance.squareRoot() }
  /// The deviation as a share of the mean; nil for a single value or a mean that is not positive.
  package var share: Double? { count > 1 && mean > 0 ? deviation / mean : nil }
  package var standardError: Double {
    count > 0 ? (variance / Double(count)).squareRoot() : .infinity
  }
}

extension Estimate {
  /// The mean of one value per trial, with Student's interval.
  ///
  /// Positive quantities are averaged as they are and given the interval of their logarithms
  /// around that mean when they vary much; for the small spreads of trials the two agree, and the
  /// interval on logarithms can never reach below zero.
  package static func mean(ofTrials values: [Double], confidence: Double = 0.95) -> Estimate {
    let summary = Summary(values)
    guard values.count > 1 else { return Estimate(value: summary.mean, count: values.count) }
    let t = StudentT.quantile(confidence: confidence, degrees: Double(values.count - 1))
    if values.allSatisfy({ $0 > 0 }) {
      let half = t * Summary(values.map { log($0) }).standardError
      return Estimate(
        value: summary.mean,
        interval: Interval(
          low: summary.mean * exp(-half), high: summary.mean * exp(half), confidence: confidence,
          method: "t on logarithms"), count: values.count)
    }
    let half = t * summary.standardError
    return Estimate(
      value: summary.mean,
      interval: Interval(
        low: summary.mean - half, high: summary.mean + half, confidence: confidence, method: "t"),
      count: values.count)
  }

  /// The median of one value per trial, with the interval between two of the ordered values.
  ///
  /// It asks nothing of the distribution, so it needs six trials for 95 %: with fewer, even the
  /// range of all values holds the median too rarely, and there is no interval. Its confidence is
  /// the true one, at or above what was asked for.
  package static func median(ofTrials values: [Double], confidence: Double = 0.95) -> Estimate {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return Estimate(value: 0, count: 0) }
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    guard let (rank, reached) = innermostRank(count: sorted.count, confidence: confidence) else {
      return Estimate(value: median, count: sorted.count)
    }
    return Estimate(
      value: median,
      interval: Interval(
        low: sorted[rank], high: sorted[sorted.count - 1 - rank], confidence: reached,
        method: "order statistics"), count: sorted.count)
  }

  /// How many values may be left out at each end, and the chance that the rest holds the median.
  private static func innermostRank(count: Int, confidence: Double) -> (Int, Double)? {
    var outside = 0.0
    var best: (Int, Double)?
    for rank in 0..<((count + 1) / 2) {
      let (n, k) = (Double(count), Double(rank))
      let ways = LogGamma.of(n + 1) - LogGamma.of(k + 1) - LogGamma.of(n - k + 1)
      outside += 2 * exp(ways - n * log(2))
      if 1 - outside < confidence { break }
      best = (rank, 1 - outside)
    }
    return best
  }

  /// A share seen `hits` times in `count` independent draws, with Wilson's interval.
  package static func share(hits: Double, of count: Double, confidence: Double = 0.95) -> Estimate {
    guard count > 0 else { return Estimate(value: 0, count: 0) }
    let z = Normal.quantile(0.5 + confidence / 2)
    let p = min(1, max(0, hits / count))
    let center = (p + z * z / (2 * count)) / (1 + z * z / count)
    let half =
      z * (p * (1 - p) / count + z * z / (4 * count * count)).squareRoot() / (1 + z * z / count)
    return Estimate(
      value: p,
      interval: Interval(
        low: max(0, center - half), high: min(1, center + half), confidence: confidence,
        method: "Wilson"), count: Int(count.rounded()))
  }
}
