/// How much two runs of one and the same program may differ beyond what their trials show.
///
/// The trials of a run share its luck: where its pages fell, what the neighbors on the host did.
/// No number of trials inside one run sees that, so it has to be allowed for.
///
///     variance between runs = floor² + (scale · excess)²,   excess² = max(0, trial variance − quiet²)
///
/// The floor is known: a stored measurement of equal runs, or a documented assumption. The second
/// part says that what is restless from trial to trial is restless from run to run as well; a
/// scale of 0.77 is an intraclass correlation of 0.37, which duckdb/duckdb#24503 found in practice.
/// All three are standard deviations of logarithms, so 0.02 is two percent.
package struct RunAllowance: Sendable, Equatable, Codable {
  package var floor: Double
  package var scale: Double
  package var quiet: Double
  /// How many degrees of freedom stand behind a floor that was measured; nil for one that counts as
  /// known.
  package var degrees: Double?

  package init(floor: Double, scale: Double = 0, quiet: Double = 0, degrees: Double? = nil) {
    self.floor = floor
    self.scale = scale
    self.quiet = quiet
    self.degrees = degrees
  }

  /// For values that were drawn side by side, or in tests of the arithmetic.
  package static let none = RunAllowance(floor: 0)

  /// The share of a side's trial variance that is added for the run.
  func scaled(pooledVariance: Double) -> Double {
    guard pooledVariance > 0 else { return 0 }
    return scale * scale * max(0, 1 - quiet * quiet / pooledVariance)
  }

  /// What the floor adds to the variance of a difference of two runs.
  var difference: Double { 2 * floor * floor }

  /// Satterthwaite's share of that variance below the fraction: nothing for a known one.
  var uncertainty: Double { degrees.map { difference * difference / $0 } ?? 0 }
}
