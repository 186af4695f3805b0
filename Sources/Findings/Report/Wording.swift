import Measurement

/// Numbers inside the sentences of a report.
///
/// `NumberText` says how a value reads; this adds what only findings have: shares with their
/// spread, intervals, and nouns in the right number.
package enum Wording {
  package static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6
      ? NumberText.fixed(value, digits: 0) : NumberText.significant(value)
  }

  /// One digit behind the point always, so that a column of shares can be compared.
  package static func percent(_ share: Double) -> String {
    NumberText.fixed(share * 100, digits: 1) + " %"
  }

  /// `21.3 % ± 1.1`, or without a spread where there is no interval.
  package static func share(_ share: Share) -> String {
    guard share.hasInterval else { return percent(share.value) }
    return "\(percent(share.value)) ± \(NumberText.fixed(share.halfWidth * 100, digits: 1))"
  }

  /// `40 million`: a number that is an estimate itself.
  package static func about(_ value: Double) -> String {
    let steps: [(Double, String)] = [(1e9, " billion"), (1e6, " million")]
    for (unit, word) in steps where value >= unit {
      return NumberText.fixed(value / unit, digits: value >= 10 * unit ? 0 : 1) + word
    }
    let unit = value >= 100_000 ? 10_000.0 : value >= 10_000 ? 1_000 : value >= 1_000 ? 100 : 1
    return count(Int((value / unit).rounded() * unit))
  }

  package static func interval(_ low: Double, _ high: Double) -> String {
    "\(NumberText.fixed(low * 100, digits: 1))–\(NumberText.fixed(high * 100, digits: 1)) %"
  }

  package static func seconds(_ value: Double) -> String { NumberText.duration(value) }

  package static func count(_ value: Int) -> String { NumberText.count(value) }

  package static func rate(_ value: Double) -> String { NumberText.text(value, .perSecond) }

  /// `1 trial`, `5 trials`.
  package static func counted(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// Recall is spoken of as 0.982.
  package static func recall(_ value: Double) -> String { NumberText.fixed(value, digits: 3) }
}
