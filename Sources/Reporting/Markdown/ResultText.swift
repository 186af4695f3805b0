import Findings
import Measurement

/// A result with the unit people read.
enum ResultText {
  static func value(_ value: Double, _ unit: MetricUnit, name: String) -> String {
    switch unit {
    case .seconds: Wording.seconds(value)
    case .perSecond: Wording.rate(value)
    // Recall is spoken of as 0.98, every other ratio as a share.
    case .ratio:
      name.contains("recall") ? Wording.decimal(value, digits: 3) : Wording.percent(value)
    case .bytes: Wording.bytes(value)
    case .count: Wording.number(value)
    }
  }

  static func interval(_ estimate: Estimate, _ unit: MetricUnit, name: String) -> String {
    guard let interval = estimate.interval else { return "none" }
    return "\(value(interval.low, unit, name: name)) – \(value(interval.high, unit, name: name))"
  }
}
