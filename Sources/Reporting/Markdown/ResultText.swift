import Findings
import Measurement

/// A result with the unit people read.
enum ResultText {
  static func value(_ value: Double, _ unit: MetricUnit, name: String) -> String {
    // Recall is spoken of as 0.98, every other ratio as a share.
    unit == .ratio && name.contains("recall")
      ? Wording.recall(value) : NumberText.text(value, unit)
  }

  static func interval(_ estimate: Estimate, _ unit: MetricUnit, name: String) -> String {
    guard let interval = estimate.interval else { return "none" }
    return "\(value(interval.low, unit, name: name)) – \(value(interval.high, unit, name: name))"
  }
}
