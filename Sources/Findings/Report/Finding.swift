package import Vocabulary

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
  /// Nothing would be gained: there is nothing to remove.
  case nothing(reason: String)

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
  static func gain(removing p: Double) -> Double { min(1 / max(1e-9, 1 - p) - 1, 99) }
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
  /// What it could free at most of all there is; nil where its share is of something else.
  package var weight: Weight? = nil
  package var evidence: [EvidenceItem]
  package var means: [Prose]
  package var doesNotMean: Prose
  package var ruledOut: [Prose]
  package var recommendations: [Recommendation]
  package var gain: GainBound
  /// Where no bound is known: the most there is to gain if what it is about cost nothing.
  package var ceiling: Ceiling? = nil
  package var verify: Verification
  package var falsifier: Prose
  /// Names of the failing gates that lowered the confidence.
  package var cappedBy: [String]
  /// The functions of the project that the cost is charged to, costliest first.
  package var locations: [CodeLocation]
  /// The profile whose stacks the shares of the locations are of.
  package var chargedKind: ProfileKind? = nil
  /// Items of the tracker that answer it; nil where no tracker was asked.
  package var tracker: [TrackerNote]? = nil
  /// Findings that stand on the same samples, and are told by this one; nil where there are none.
  package var joined: [Joined]? = nil
  /// Other findings that have a part of its samples, but not enough to be one with it.
  package var overlaps: [Overlap]? = nil

  /// A finding that is told by another, whole as its rule made it.
  package struct Joined: Codable, Sendable, Equatable {
    package var finding: Finding
    /// How much of its samples are among those of the one that tells it.
    package var part: Double
  }

  /// A finding of a lower number that stands on some of the same samples.
  package struct Overlap: Codable, Sendable, Equatable {
    package var finding: String
    /// How much of this one's samples are among the other's.
    package var part: Double
  }

  package struct Verification: Codable, Sendable, Equatable {
    package var commands: [String]
    package var passes: Prose
  }
}

extension Finding {
  /// The finding and those it tells.
  package var told: [Finding] { [self] + (joined ?? []).map(\.finding) }
}

extension FindingsReport {
  /// All findings, those that others tell behind the one that does.
  package var allFindings: [Finding] { findings.flatMap(\.told) }
}

/// A rule that looked and found nothing.
package struct CheckedClean: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var observation: Prose
  /// It looks for functions that no profile of the run has, such as another language's runtime.
  package var isElsewhere: Bool? = nil
}

/// A rule that could not look, and why.
package struct NotEvaluable: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var reason: String
  /// It asks for what only a run that vbench made itself records, and this is none.
  package var asksForOwnRun: Bool? = nil
}

/// A rule whose answer would rest on what a gate found broken.
package struct Suppressed: Codable, Sendable, Equatable {
  package var rule: String
  package var title: String
  package var gate: String
}
