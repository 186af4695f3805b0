import Measurement

/// A part of a whole with what is known about its uncertainty and what it was made of.
package struct Share: Codable, Sendable, Equatable {
  /// In the unit of the profile: seconds for CPU and waits.
  package var part: Double
  package var whole: Double
  package var samples: Int
  package var samplesOfWhole: Int
  package var trials: Int
  package var low: Double
  package var high: Double
  /// How the interval was made.
  package var method: String

  package var value: Double { whole > 0 ? part / whole : 0 }

  /// Half the width of the interval, in the same unit as `value`.
  package var halfWidth: Double { (high - low) / 2 }

  /// The method where counts were scaled up from fewer events than they say.
  ///
  /// An interval made of them would be too narrow, so none is printed; rules still ask its low end,
  /// for a handful of events must not fire.
  static let scaledCounts = "scaled counts"

  /// Whether its interval may be printed.
  package var hasInterval: Bool { method != Self.scaledCounts }

  package static let none = Share(
    part: 0, whole: 0, samples: 0, samplesOfWhole: 0, trials: 0, low: 0, high: 1, method: "no data")
}

/// Intervals for shares: from the trials when there are enough, and never narrower than counting
/// samples allows.
///
/// Samples of one run are not independent of each other, trials are; but three trials that agree by
/// luck must not promise more than their samples can hold. The wider of the two is printed.
enum ShareInterval {
  struct Range {
    var low: Double
    var high: Double
    var method: String

    var width: Double { high - low }
  }

  static func of(
    part: Double, whole: Double, effectiveSamples: Double, trialShares: [Double]
  ) -> Range {
    let value = whole > 0 ? part / whole : 0
    let counted = wilson(share: value, samples: effectiveSamples)
    guard trialShares.count >= Thresholds.standard.trialsForInterval,
      let tested = student(trialShares, around: value), tested.width > counted.width
    else { return counted }
    return tested
  }

  /// Wilson's score interval: it stays inside 0 … 1 and is honest for rare stacks.
  static func wilson(share p: Double, samples n: Double) -> Range {
    guard n >= 1 else { return Range(low: 0, high: 1, method: "no samples") }
    let z = 1.959964
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Range(low: max(0, center - half), high: min(1, center + half), method: "Wilson")
  }

  static func student(_ values: [Double], around center: Double) -> Range? {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let half = StudentT.quantile(confidence: 0.95, degrees: n - 1) * (variance / n).squareRoot()
    guard half.isFinite else { return nil }
    return Range(low: max(0, center - half), high: min(1, center + half), method: "t over trials")
  }
}
