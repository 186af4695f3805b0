/// Numbers as people type them: `50k`, `10%`, `500ms`, `2m`.
enum HumanInput {
  struct NotANumber: Error {
    let wanted: String
  }

  static func count(_ text: String) throws(NotANumber) -> Int {
    let scale: [(String, Double)] = [("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9)]
    guard let value = scaled(text, scale), value == value.rounded(), abs(value) < 9e15 else {
      throw NotANumber(wanted: "a whole number such as 500 or 50k")
    }
    return Int(value)
  }

  static func ratio(_ text: String) throws(NotANumber) -> Double {
    guard let value = scaled(text, [("%", 0.01)]) else {
      throw NotANumber(wanted: "a share such as 0.9 or 90%")
    }
    return value
  }

  static func seconds(_ text: String) throws(NotANumber) -> Double {
    let scale: [(String, Double)] = [
      ("us", 1e-6), ("ms", 1e-3), ("s", 1), ("min", 60), ("m", 60), ("h", 3_600),
    ]
    guard let value = scaled(text, scale) else {
      throw NotANumber(wanted: "a time such as 500ms, 30s or 2m")
    }
    return value
  }

  /// The number in front of the first unit that fits; a bare number counts as it stands.
  private static func scaled(_ text: String, _ units: [(String, Double)]) -> Double? {
    let unit = units.first { text.hasSuffix($0.0) }
    let digits = text.dropLast(unit?.0.count ?? 0)
    guard let value = Double(digits), value.isFinite, digits.first?.isLetter == false else {
      return nil
    }
    return value * (unit?.1 ?? 1)
  }
}
