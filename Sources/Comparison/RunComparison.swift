package import Measurement
package import Vocabulary

/// Two runs held against each other: what differs, how sure that is, and what cannot be told.
///
/// Everything a renderer, a gate or a finding needs is in here; nothing is computed for show.
/// Numbers are SI. A ratio is new over base.
package struct RunComparison: Codable, Sendable, Equatable {
  package var schema = 1
  package var base: Side
  package var new: Side
  package var outcome: Outcome
  /// The outcome as one sentence.
  package var headline: String
  /// What a script should do, when it asked.
  package var gate: Gate?
  /// Settings and facts in which the two runs differ, the refusals first.
  package var differences: [SettingDifference]
  /// Tested quantities, the headline ones first.
  package var results: [ResultRow]
  /// Quantities that are neither better nor worse, side by side.
  package var facts: [Fact]
  /// Results that are numbers on one side only.
  package var unmatched: Unmatched
  package var functions: FunctionTable?
  /// Costs that moved from one name or place to another instead of growing or shrinking.
  package var costShifts: [CostShift]
  package var notes: [String]
  package var procedure: Procedure

  /// Differences that forbid a verdict, wholly or for some rows.
  package var refusals: [SettingDifference] { differences.filter { $0.standing == .refused } }
  /// What was changed on purpose between the two runs.
  package var changesUnderTest: [SettingDifference] {
    differences.filter { $0.standing == .underTest }
  }

  package struct Side: Codable, Sendable, Equatable {
    /// The name of the run's folder, or of the first and how many more.
    package var name: String
    package var runs: [String]
    package var command: String?
    package var label: String?
    package var startedAt: String?
    /// Trials that count, of all runs.
    package var trials: Int
    /// Services that were pooled, such as `worker: worker1, worker2`.
    package var replicas: [String]
    /// False for a foreign folder without run.json.
    package var hasRecord: Bool
    /// Its runs that did not end well.
    package var unfinished: [String]
  }

  package enum Outcome: String, Codable, Sendable {
    case better, worse
    /// Some rows better, some worse.
    case mixed
    case noDifferenceSeen, cannotTell, notComparable
    /// Of pairs only.
    case equivalent, inconclusive
  }

  package struct Unmatched: Codable, Sendable, Equatable {
    package var inBase: [String] = []
    package var inNew: [String] = []
    /// Measured, and a number on neither side.
    package var inNeither: [String] = []
  }

  package struct Fact: Codable, Sendable, Equatable {
    package var name: String
    package var unit: MetricUnit
    package var base: Double
    package var new: Double
  }
}

/// What may be said about one row.
package enum Verdict: String, Codable, Sendable {
  case better, worse, noDifferenceSeen, cannotTell
  /// Of pairs: any difference is below the minimum, and surely so.
  case equivalent
  /// Of pairs: neither a change nor its absence is sure; more pairs would tell.
  case inconclusive
}

/// One tested quantity: the two sides, the change, and what can be said about it.
package struct Change: Codable, Sendable, Equatable {
  package var base: Double
  package var new: Double
  /// New over base; nil where one of them is zero.
  package var ratio: Double?
  /// Of the ratio, uncorrected, the difference between runs allowed for.
  package var interval: Estimate.Interval?
  /// The chance of such a difference if nothing differs; alone, and among all rows of its family.
  package var p: Double?
  package var correctedP: Double?
  /// Uncorrected, by a test that looks at order or signs only: a second opinion.
  package var secondP: Double?
  /// The smallest change, as a share of the base, that this comparison would have shown.
  package var smallestDetectable: Double?
  /// Changes below this share are not called changes.
  package var minimumEffect: Double
  package var verdict: Verdict
  /// How many more pairs would settle an inconclusive row, if it stays as it is; nil when that
  /// would be more than a thousand.
  package var pairsNeeded: Int?
  /// Why nothing can be told, or what must be added to the verdict.
  package var reason: String?

  package var delta: Double { new - base }
}

/// A result of both runs, compared over their trials.
package struct ResultRow: Codable, Sendable, Equatable {
  package var name: String
  package var unit: MetricUnit
  package var direction: Direction
  package var operation: OperationKind?
  /// Headline rows are tested first, with most of the allowed error.
  package var isHeadline: Bool
  package var baseTrials: Int
  package var newTrials: Int
  /// The standard deviation over trials (or runs), as a share of their mean.
  package var baseSpread: Double?
  package var newSpread: Double?
  package var change: Change
}
