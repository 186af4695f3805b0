/// The unit of a result.
///
/// Files hold SI values; people read what `NumberText` makes of them.
package enum MetricUnit: String, Codable, Sendable {
  case seconds = "s"
  case perSecond = "1/s"
  case ratio
  case bytes = "B"
  case count
}

/// Which way is good.
package enum Direction: String, Codable, Sendable {
  case lowerIsBetter = "lower"
  case higherIsBetter = "higher"
  /// Neither: a fact about the run.
  case neutral
}
