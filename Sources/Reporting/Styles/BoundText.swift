import Findings

/// A gain bound in words.
enum BoundText {
  static func short(_ gain: GainBound) -> String {
    switch gain {
    case .bound(let low, let high, let metric, _):
      metric == "capacity"
        ? "capacity at most +\(Wording.interval(low, high))"
        : "\(metric) cut by at most \(Wording.interval(shorter(low), shorter(high)))"
    case .notBounded: "not known"
    case .nothing: "none"
    }
  }

  static func long(_ gain: GainBound) -> String {
    switch gain {
    case .bound(_, _, _, let basis): "Bound: \(short(gain)), \(basis)."
    case .notBounded(let reason): "Bound: not known, because \(reason)."
    case .nothing(let reason): "Bound: none, because \(reason)."
    }
  }

  static func joint(_ report: FindingsReport) -> Prose {
    switch report.jointBound {
    case .bound(let low, let high, _, let basis):
      "All CPU findings together: capacity at most +\(Wording.interval(low, high)) (\(basis)). Bounds overlap; they are not added."
    case .notBounded(let reason), .nothing(let reason): "There is no joint bound: \(reason)."
    }
  }

  /// A factor on a rate, read as a cut of a time.
  private static func shorter(_ gain: Double) -> Double { 1 - 1 / (1 + gain) }
}
