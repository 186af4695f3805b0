/// How much a finding matters.
package enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
  case info, low, medium, high, critical

  package static func < (left: Severity, right: Severity) -> Bool {
    left.position < right.position
  }

  private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// How sure the report is that a finding is what it says.
package enum Confidence: String, Codable, Sendable, CaseIterable, Comparable {
  case low, medium, high

  var weight: Double {
    switch self {
    case .low: 0.3
    case .medium: 0.6
    case .high: 1
    }
  }

  package static func < (left: Confidence, right: Confidence) -> Bool {
    left.weight < right.weight
  }
}

/// How much work a change is: hours, days, weeks.
package enum Effort: String, Codable, Sendable {
  case small = "S"
  case medium = "M"
  case large = "L"

  var weight: Double {
    switch self {
    case .small: 1
    case .medium: 2
    case .large: 4
    }
  }
}

package struct Recommendation: Codable, Sendable, Equatable {
  package var action: String
  package var effort: Effort
  package var risk: String

  package init(_ action: String, effort: Effort, risk: String) {
    self.action = action
    self.effort = effort
    self.risk = risk
  }
}

/// The most that removing something could bring, never what it will bring.
package enum GainBound: Codable, Sendable, Equatable {
  /// Relative gain of the metric, as an interval: 0.12 means 12 % more (or, for a time, that much
  /// less).
  case bound(low: Double, high: Double, metric: String, basis: String)
  case notBounded(reason: String)

  /// What is left of a whole after a share of it is gone: 1/(1−p), less one.
  ///
  /// It holds only for a share of the resource that limits the metric.
  static func removing(_ share: Share, metric: String, basis: String) -> GainBound {
    .bound(
      low: gain(removing: share.low), high: gain(removing: share.high), metric: metric, basis: basis
    )
  }

  /// Making a share `factor` times faster: 1/(1−p+p/s), less one.
  static func speedingUp(
    _ share: Share, by factor: Double, metric: String, basis: String
  ) -> GainBound {
    func gain(_ p: Double) -> Double { 1 / max(1e-9, 1 - p + p / factor) - 1 }
    return .bound(low: gain(share.low), high: gain(share.high), metric: metric, basis: basis)
  }

  /// A share of everything cannot be removed; beyond a factor of 100 the bound says nothing.
  private static func gain(removing p: Double) -> Double { min(1 / max(1e-9, 1 - p) - 1, 99) }
}

/// Something the run shows, with what it rests on and what would refute it.
package struct Finding: Codable, Sendable, Equatable {
  /// `F1` is the first one; the order is the rank.
  package var id: String
  package var rule: String
  package var title: Prose
  package var severity: Severity
  package var confidence: Confidence
  /// Why the confidence is what it is.
  package var confidenceReason: String
  package var role: String
  package var operation: String?
  package var metric: String
  package var share: Share?
  package var evidence: [EvidenceItem]
  package var means: [Prose]
  package var doesNotMean: Prose
  package var ruledOut: [Prose]
  package var recommendations: [Recommendation]
  package var gain: GainBound
  package var verify: Verification
  package var falsifier: Prose
  /// Names of the failing gates that lowered the confidence.
  package var cappedBy: [String]
  /// The functions of the project that the cost is charged to, costliest first.
  package var locations: [CodeLocation]
  /// Items of the tracker that answer it; nil where no tracker was asked.
  package var tracker: [TrackerNote]? = nil

  package struct Verification: Codable, Sendable, Equatable {
    package var commands: [String]
    package var passes: Prose
  }
}

/// A rule that looked and found nothing.
package struct CheckedClean: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var observation: Prose
}

/// A rule that could not look, and why.
package struct NotEvaluable: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var reason: String
}

/// A rule whose answer would rest on what a gate found broken.
package struct Suppressed: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var gate: String
}
