/// Numbers as people read them: three significant digits, one unit, the same on every machine.
package enum NumberText {
  /// A share of nothing, and whatever else is no number.
  private static let unknown = "unknown"

  /// A value in its unit, such as `1.23 ms`, `12.3 k/s` or `99.1 %`.
  package static func text(_ value: Double, _ unit: MetricUnit) -> String {
    guard value.isFinite else { return unknown }
    return switch unit {
    case .seconds: duration(value)
    case .perSecond: scaled(value, metric).trimmingSpace + "/s"
    case .ratio: percent(value)
    case .bytes: bytes(value)
    case .count: scaled(value, metric).trimmingSpace
    }
  }

  /// `83.0 ns` … `1.50 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return unknown }
    let size = abs(seconds)
    if size == 0 { return "0 s" }
    // What would round to a thousand is told in the next unit.
    if size < 0.9995e-6 { return significant(seconds * 1e9) + " ns" }
    if size < 0.9995e-3 { return significant(seconds * 1e6) + " µs" }
    if size < 0.9995 { return significant(seconds * 1e3) + " ms" }
    if size < 120 { return significant(seconds) + " s" }
    if size < 7_200 { return significant(seconds / 60) + " min" }
    return significant(seconds / 3_600) + " h"
  }

  /// Multiples of 1,024, named so.
  package static func bytes(_ count: Double) -> String {
    guard count.isFinite else { return unknown }
    let steps = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (value, step) = (count, 0)
    while abs(value) >= 1_024, step < steps.count - 1 {
      value /= 1_024
      step += 1
    }
    return (step == 0 ? fixed(value, digits: 0) : significant(value)) + " \(steps[step])"
  }

  /// A share as percent, such as `12.3 %`; digits shrink as the number grows.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return unknown }
    let value = share * 100
    return (abs(value) >= 10 ? fixed(value, digits: 1) : significant(value)) + " %"
  }

  /// A change as percent with its sign, such as `+3.2 %`.
  package static func change(_ share: Double) -> String {
    share.isFinite ? (share >= 0 ? "+" : "−") + percent(abs(share)) : unknown
  }

  /// A plain ratio such as `0.98` or `3.10`.
  package static func ratio(_ value: Double) -> String {
    guard value.isFinite else { return unknown }
    return abs(value) >= 9.995 ? significant(value) : fixed(value, digits: 2)
  }

  /// How far an interval reaches from its value, as percent: `± 2.1 %`; the farther side counts.
  ///
  /// Nil when there is no interval, or nothing to take a share of.
  package static func plusMinus(_ estimate: Estimate) -> String? {
    guard let interval = estimate.interval, estimate.value != 0 else { return nil }
    let half = max(interval.high - estimate.value, estimate.value - interval.low)
    let share = abs(half / estimate.value)
    return share.isFinite ? "± " + percent(share) : nil
  }

  /// A value with its interval, such as `1.23 ms ± 2.10 %`.
  package static func text(_ estimate: Estimate, _ unit: MetricUnit) -> String {
    [text(estimate.value, unit), plusMinus(estimate)].compactMap(\.self).joined(separator: " ")
  }

  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.append(String(digits.suffix(3)))
      digits.removeLast(3)
    }
    groups.append(digits)
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// Three significant digits without an exponent: `1.23`, `12.3`, `123`, `12300`.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite else { return unknown }
    let size = abs(value)
    guard size > 0 else { return "0" }
    if size >= 99.95 { return fixed(value, digits: 0) }
    if size >= 9.995 { return fixed(value, digits: 1) }
    if size >= 0.0995 { return fixed(value, digits: 2) }
    return fixed(value, digits: size >= 0.00995 ? 3 : size >= 0.000995 ? 4 : 6)
  }

  /// So many digits behind the point, rounded half away from zero.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 9e15 else { return "\(value)" }
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let text = String(UInt64(scaled))
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if digits == 0 { return sign + padded }
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  private static let metric: [(Double, String)] = [(1e9, " G"), (1e6, " M"), (1e4, " k")]

  private static func scaled(_ value: Double, _ steps: [(Double, String)]) -> String {
    for (factor, name) in steps where abs(value) >= factor {
      return significant(value / (name == " k" ? 1e3 : factor)) + name
    }
    if value == value.rounded(), abs(value) < 1e4 { return fixed(value, digits: 0) + " " }
    return significant(value) + " "
  }
}

extension String {
  fileprivate var trimmingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
