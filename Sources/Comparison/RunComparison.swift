package import Measurement

/// What two runs say about each other: tested rows, or the reasons why they cannot be compared.
package struct RunComparison: Codable, Sendable, Equatable {
  package var schema = "vbench.compare/1"
  package var base: Side
  package var new: Side
  /// What differs although it must not; then nothing is judged.
  package var refusals: [String]
  /// What was changed on purpose: the knobs under test.
  package var changes: [String]
  package var rows: [Row]

  package struct Side: Codable, Sendable, Equatable {
    package var name: String
    package var trials: Int
  }

  package struct Row: Codable, Sendable, Equatable {
    package var name: String
    package var kind: Kind
    package var unit: MetricUnit
    package var base: Double?
    package var new: Double?
    /// New over base, with its 95 % interval.
    package var ratio: Double?
    package var low: Double?
    package var high: Double?
    /// Corrected for the number of rows.
    package var p: Double?
    package var verdict: Verdict
    /// The smallest change, as a share, that these trials would have shown.
    package var smallestDetectable: Double?
    package var reason: String?

    package enum Kind: String, Codable, Sendable { case result, function }
  }

  package enum Verdict: String, Codable, Sendable {
    case better, worse
    case noDifferenceSeen = "no difference seen"
    case cannotTell = "cannot tell"
  }
}
