import Measurement

/// Many tests → verdicts, so that a family of rows rarely makes even one false claim.
///
/// Rows are changed in place: `correctedP`, `smallestDetectable` and `verdict` are filled in.
enum RowDecision {
  /// What a row brings to the decision beside its `Change`.
  struct Candidate {
    /// The row's place in the list of changes.
    let index: Int
    let p: Double
    /// The effect as a share of the base, or infinite where the base is nothing.
    let effect: Double
    let isImprovement: Bool
    /// Whether the orderings of the trials agree with the test.
    let ranksAgree: Bool
    let smallestDetectable: (_ alpha: Double) -> Double
  }

  static func decide(_ changes: inout [Change], _ family: [Candidate], alpha: Double) {
    let corrected = MultipleTests.holm(family.map(\.p))
    let perRow = alpha / Double(max(1, family.count))
    for (candidate, p) in zip(family, corrected) {
      changes[candidate.index].correctedP = p
      let detectable = max(
        changes[candidate.index].minimumEffect, candidate.smallestDetectable(perRow))
      changes[candidate.index].smallestDetectable = detectable.isFinite ? detectable : nil
      let isChange =
        p <= alpha && candidate.ranksAgree
        && candidate.effect >= changes[candidate.index].minimumEffect
      changes[candidate.index].verdict =
        isChange ? (candidate.isImprovement ? .better : .worse) : .noDifferenceSeen
    }
  }
}
