package import Measurement
package import Vocabulary

/// Functions of both runs, each with its own cost for one operation.
package struct FunctionTable: Codable, Sendable, Equatable {
  /// What a cost is spread over.
  package var basis: Basis
  /// What surely changed first, by its part of the whole cost; then the others, the costliest first.
  package var rows: [FunctionRow]
  /// How many functions were too small to test, and how many samples they had.
  package var leftOut: Int
  package var leftOutSamples: Int

  package enum Basis: String, Codable, Sendable {
    /// Samples with the label `op=search` over searches, and so on; what has no operation of its
    /// own, such as background work, over all operations.
    case perOperation
    /// Nobody counted operations, but the profiles know how long they lasted.
    case perSecond
    /// Only shares of the profile: when one function shrinks, all others seem to grow.
    case share
  }
}

/// One function's own (flat) cost on both sides.
package struct FunctionRow: Codable, Sendable, Equatable {
  package var role: Role
  package var kind: ProfileKind
  /// The label `op` of its samples; nil where there is none.
  package var operation: String?
  package var name: String
  /// The names the cost had on each side, where they differ.
  package var baseNames: [String]
  package var newNames: [String]
  package var unit: MetricUnit
  package var presence: Presence
  /// Of the role's whole cost.
  package var baseShare: Double
  package var newShare: Double
  /// With everything it calls; nil where several names were taken together.
  package var baseCumulative: Double?
  package var newCumulative: Double?
  package var baseSamples: Int64
  package var newSamples: Int64
  package var baseTrials: Int
  package var newTrials: Int
  /// The standard deviation over trials (or replicas, or runs), as a share of the cost.
  package var baseSpread: Double?
  package var newSpread: Double?
  package var change: Change

  package enum Presence: String, Codable, Sendable {
    case both
    /// Not seen in the new run.
    case gone
    /// Not seen in the base.
    case arrived
  }
}

/// A cost that has another name or place now, told once instead of as a win and a loss.
package struct CostShift: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable {
    /// The same kernel in another variant, such as `vb_dot_avx2` and `vb_dot_portable`.
    case renamed
    /// Another function that the same callers now call.
    case replaced
    /// Gone or new inside a caller whose own total did not change: inlined, outlined, split.
    case within
  }

  package var kind: Kind
  package var role: Role
  package var operation: String?
  package var from: [String]
  package var to: [String]
  /// The caller whose total stayed, for `within`.
  package var caller: String?
  package var base: Double
  package var new: Double
  package var verdict: Verdict
  /// One whole phrase: `same kernel grown slower ×3.10 (vb_dot_avx2 → vb_dot_portable)`.
  package var message: String
}
