/// What could be gained at most if one finding after the other were dealt with.
///
/// Every step is the bound over the union of the stacks of all findings up to it: a stack with two
/// faults counts once, and bounds are never multiplied.
package struct ProjectionStep: Codable, Sendable, Equatable {
  package var findings: [String]
  package var added: Prose
  package var bound: GainBound
  /// The headline metric as measured, and what it would be at the two ends of the bound.
  package var current: Double?
  package var low: Double?
  package var high: Double?
}
