/// Units as pprof names and scales them: 1024-based bytes that read kB and MB, time up to hours.
///
/// People compare our tables with `go tool pprof`, so the rules are its rules, odd ones included:
/// a unit is found by alias after a plural `s` is dropped, and a scaled value loses `.00`.
package enum UnitScale {
  private struct Unit {
    let name: String
    let aliases: [String]
    let factor: Double
  }

  private struct Family {
    let units: [Unit]
    let standard: Unit

    func unit(_ text: String) -> Unit? {
      var word = text.lowercased()
      if word.utf8.count > 2, word.hasSuffix("s") { word.removeLast() }
      return units.first { $0.aliases.contains(word) }
    }

    /// The largest unit of which the value is at least one.
    func best(for value: Double) -> Unit {
      units.last { value / $0.factor >= 1 } ?? standard
    }
  }

  private static let families = [
    Family(
      units: [
        Unit(name: "B", aliases: ["b", "byte"], factor: 1),
        Unit(name: "kB", aliases: ["kb", "kbyte", "kilobyte"], factor: 0x1p10),
        Unit(name: "MB", aliases: ["mb", "mbyte", "megabyte"], factor: 0x1p20),
        Unit(name: "GB", aliases: ["gb", "gbyte", "gigabyte"], factor: 0x1p30),
        Unit(name: "TB", aliases: ["tb", "tbyte", "terabyte"], factor: 0x1p40),
        Unit(name: "PB", aliases: ["pb", "pbyte", "petabyte"], factor: 0x1p50),
      ], standard: Unit(name: "B", aliases: [], factor: 1)),
    Family(
      units: [
        Unit(name: "ns", aliases: ["ns", "nanosecond"], factor: 1),
        Unit(name: "us", aliases: ["μs", "us", "microsecond"], factor: 1e3),
        Unit(name: "ms", aliases: ["ms", "millisecond"], factor: 1e6),
        Unit(name: "s", aliases: ["s", "sec", "second"], factor: 1e9),
        Unit(name: "hrs", aliases: ["hour", "hr"], factor: 3.6e12),
      ], standard: Unit(name: "s", aliases: [], factor: 1e9)),
    Family(
      units: [
        Unit(name: "n*GCU", aliases: ["nanogcu"], factor: 1e-9),
        Unit(name: "u*GCU", aliases: ["microgcu"], factor: 1e-6),
        Unit(name: "m*GCU", aliases: ["milligcu"], factor: 1e-3),
        Unit(name: "GCU", aliases: ["gcu"], factor: 1),
        Unit(name: "k*GCU", aliases: ["kilogcu"], factor: 1e3),
        Unit(name: "M*GCU", aliases: ["megagcu"], factor: 1e6),
        Unit(name: "G*GCU", aliases: ["gigagcu"], factor: 1e9),
        Unit(name: "T*GCU", aliases: ["teragcu"], factor: 1e12),
        Unit(name: "P*GCU", aliases: ["petagcu"], factor: 1e15),
      ], standard: Unit(name: "GCU", aliases: [], factor: 1)),
  ]

  /// The value in another unit, and that unit's name; `auto` and `minimum` choose one.
  package static func scale(
    _ value: Int64, from unit: String, to target: String
  ) -> (value: Double, unit: String) {
    Conversion(from: unit, to: target).scaled(value)
  }

  /// The scaled value as text, such as `1.23s`, `512kB` or `0`.
  package static func text(_ value: Int64, from unit: String, to target: String) -> String {
    Conversion(from: unit, to: target).text(value)
  }

  /// A pair of units that was looked up: a table asks it for each of its numbers.
  struct Conversion {
    private let family: Family?
    private let factor: Double
    /// Nil where each value has its own best unit.
    private let wanted: Unit?
    /// What follows a number of no known unit.
    private let dullName: String

    init(from unit: String, to target: String) {
      family = families.first { $0.unit(unit) != nil }
      factor = family?.unit(unit)?.factor ?? 1
      let isFree = target == "auto" || target == "minimum"
      wanted = isFree ? nil : family.map { $0.unit(target) ?? $0.standard }
      let dull = ["count", "sample", "unit", "minimum", "auto"]
      dullName = dull.contains(target) ? "" : target
    }

    func scaled(_ value: Int64) -> (value: Double, unit: String) {
      if value < 0, value != .min {
        let (size, name) = scaled(-value)
        return (-size, name)
      }
      guard let family else { return (Double(value), dullName) }
      let base = Double(value) * factor
      let unit = wanted ?? family.best(for: base)
      return (base / unit.factor, unit.name)
    }

    func text(_ value: Int64) -> String {
      let (scaled, name) = scaled(value)
      var digits = CNumber.fixed(scaled, digits: 2)
      if digits.hasSuffix(".00") { digits.removeLast(3) }
      return digits == "0" || digits == "-0" ? "0" : digits + name
    }
  }

  /// A share of a total as pprof prints it, five characters wide at least; the sign is lost.
  package static func percentage(_ value: Int64, of total: Int64) -> String {
    let ratio = total == 0 ? 0 : abs(Double(value) / Double(total)) * 100
    if ratio >= 99.95, ratio <= 100.05 { return "  100%" }
    let digits = ratio >= 1 ? CNumber.fixed(ratio, digits: 2) : CNumber.general(ratio, digits: 2)
    return padded(digits, to: 5) + "%"
  }

  /// Whether two units measure the same kind of thing, such as ms and hours.
  static func isSameKind(_ one: String, _ other: String) -> Bool {
    families.contains { $0.unit(one) != nil && $0.unit(other) != nil }
  }

  static func hexadecimal(_ number: UInt64, digits: Int = 0) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }
}
