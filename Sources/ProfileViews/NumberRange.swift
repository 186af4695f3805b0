/// A range as pprof's tag filters write it: `32kb`, `:64kb`, `4mb:` or `12kb:64mb`, ends included.
struct NumberRange: Sendable {
  private let low: Double?
  private let high: Double?
  private let unit: String

  /// The range, or nil when the text is none and so is meant as a pattern.
  init?(_ text: Substring) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let ends = parts.map { Self.end($0) }
    guard let stated = ends.compactMap(\.self).first else { return nil }
    let (first, unit) = UnitScale.scale(stated.number, from: stated.unit, to: stated.unit)
    self.unit = unit
    if ends.count == 1 {
      (low, high) = (first, first)
    } else if parts[1].isEmpty {
      (low, high) = (first, nil)
    } else if parts[0].isEmpty {
      (low, high) = (nil, first)
    } else {
      guard ends[0] != nil, let last = ends[1] else { return nil }
      let (second, other) = UnitScale.scale(last.number, from: last.unit, to: unit)
      guard other == unit else { return nil }
      (low, high) = (first, second)
    }
  }

  func contains(_ number: Int64, _ numberUnit: String) -> Bool {
    let (value, scaled) = UnitScale.scale(number, from: numberUnit, to: unit)
    return scaled == unit && value >= low ?? -.infinity && value <= high ?? .infinity
  }

  /// Digits, perhaps with a sign, and then perhaps letters.
  private static func end(_ text: Substring) -> (number: Int64, unit: String)? {
    let sign = text.prefix(1).filter { "+-".contains($0) }
    let digits = text.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(sign.count + digits.count)
    guard let number = Int64(sign + digits), unit.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      return nil
    }
    return (number, String(unit))
  }
}
