/// Numbers as people read them, inside sentences of a report. The same number always reads the
/// same, whatever the machine's language.
package enum Wording {
  /// Three significant digits, without an exponent.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "not a number" }
    let size = abs(value)
    if size == 0 { return "0" }
    let digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
    return decimal(value, digits: digits)
  }

  package static func percent(_ share: Double) -> String {
    let value = share * 100
    return decimal(value, digits: abs(value) < 10 && value != 0 ? 1 : 1) + " %"
  }

  /// `21.3 % ± 1.1`.
  package static func share(_ share: Share) -> String {
    "\(percent(share.value)) ± \(decimal(share.halfWidth * 100, digits: 1))"
  }

  package static func interval(_ low: Double, _ high: Double) -> String {
    "\(decimal(low * 100, digits: 1))–\(decimal(high * 100, digits: 1)) %"
  }

  package static func seconds(_ value: Double) -> String {
    let size = abs(value)
    let steps: [(Double, String)] = [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
    for (unit, name) in steps where size >= unit * 0.9995 {
      return "\(number(value / unit)) \(name)"
    }
    return size == 0 ? "0 s" : "\(number(value / 1e-9)) ns"
  }

  package static func bytes(_ value: Double) -> String {
    let steps: [(Double, String)] = [
      (1_073_741_824, "GiB"), (1_048_576, "MiB"), (1_024, "KiB"),
    ]
    for (unit, name) in steps where abs(value) >= unit { return "\(number(value / unit)) \(name)" }
    return "\(number(value)) B"
  }

  /// `12,345`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  package static func rate(_ value: Double) -> String {
    value >= 100 ? "\(count(Int(value.rounded())))/s" : "\(number(value))/s"
  }

  /// `1 trial`, `5 trials`.
  package static func counted(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  package static func decimal(_ value: Double, digits: Int) -> String {
    let scale = [1.0, 10, 100, 1_000][digits]
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return value < 0 ? "-∞" : "∞" }
    let whole = Int(scaled)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard digits > 0 else { return sign + count(whole) }
    let fraction = String(whole % Int(scale))
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(count(whole / Int(scale))).\(padding)\(fraction)"
  }
}
