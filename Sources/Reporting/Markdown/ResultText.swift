import Findings
import Measurement

/// A result with the unit people read.
enum ResultText {
  /// Said below a table that has such a value.
  static let atOnce =
    "`insert.searchable_lag` is at once where the first search behind the acknowledgement found the vector: nobody could have asked earlier, so nothing shorter than that search can be told."

  static func isAtOnce(_ value: Double, _ name: String) -> Bool {
    value == 0 && name.contains(".searchable_lag.")
  }

  static func value(_ value: Double, _ unit: MetricUnit, name: String) -> String {
    if isAtOnce(value, name) { return "at once" }
    // Recall is spoken of as 0.98, every other ratio as a share.
    return unit == .ratio && name.contains("recall")
      ? Wording.recall(value) : NumberText.text(value, unit)
  }

  static func interval(_ estimate: Estimate, _ unit: MetricUnit, name: String) -> String {
    guard let interval = estimate.interval else { return "none" }
    if isAtOnce(interval.high, name) { return "none" }
    return "\(value(interval.low, unit, name: name)) – \(value(interval.high, unit, name: name))"
  }
}
