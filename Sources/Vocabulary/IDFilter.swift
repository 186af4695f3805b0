/// Which ids a search may answer with, and about how many of all that is.
///
/// The share is a promise about the data, for the choice of a road to the answer; the answer itself
/// rests on the predicate alone.
package struct IDFilter: Sendable {
  /// Above zero, at most one.
  package let share: Double
  package let passes: @Sendable (VectorID) -> Bool

  package init(share: Double, passes: @escaping @Sendable (VectorID) -> Bool) {
    precondition(share > 0 && share <= 1)
    self.share = share
    self.passes = passes
  }
}
