/// A number as it stands in a text: value or range, unit, precision, and where it is.
///
/// `10-20%`, `~2.4M times/second`, `6,698,375,296 B/op`, `<0.1 ms`, `1.49x`: what people write.
struct Quantity: Equatable, Sendable {
  /// Equal but for a range.
  var low: Double
  var high: Double
  /// Half of the last digit that was written.
  var resolution: Double
  /// In small letters, as it stood: `%`, `x`, `ms`, `vec/s`, `allocs/op`; empty for a bare number.
  var unit: String
  var hasPlus: Bool
  /// A `<`, `>` or `~` in front, or a `+` behind: a limit or a guess.
  var isLimit: Bool
  /// Both in scalars from the beginning of the line, counted from 0.
  var start: Int
  var end: Int

  var value: Double { (low + high) / 2 }

  /// Whether two numbers can be the same, as far as they were written.
  func agrees(with other: Double, within share: Double = 0) -> Bool {
    let room = resolution + share * abs(other) + 1e-12 * abs(other)
    return other >= low - room && other <= high + room
  }

  var isPercent: Bool { unit == "%" }

  var isFactor: Bool { unit == "x" || unit == "×" }

  /// In seconds, when it is a time.
  var seconds: Double? { Self.times[unit].map { value * $0 } }

  /// How far the written digits leave it open, as a share.
  var relativeResolution: Double { value == 0 ? 1 : abs(resolution / value) }

  /// In bytes, when it is a size: kilo, mega and giga mean 1,000 and its powers, kibi 1,024.
  var bytes: Double? { Self.sizes[unit].map { value * $0 } }

  var isRecordRate: Bool { Self.recordRates.contains(unit) }
  var isCallRate: Bool { Self.callRates.contains(unit) }
  var isQueryRate: Bool { Self.queryRates.contains(unit) }

  private static let times: [String: Double] = [
    "ns": 1e-9, "µs": 1e-6, "μs": 1e-6, "us": 1e-6, "âµs": 1e-6, "ms": 1e-3, "s": 1, "sec": 1,
    "seconds": 1, "min": 60,
  ]
  static let sizes: [String: Double] = [
    "b": 1, "bytes": 1, "byte": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1_024,
    "mib": 1_048_576, "gib": 1_073_741_824,
  ]
  private static let recordRates: Set<String> = [
    "rps", "records/s", "records/sec", "records/second", "rec/s", "vec/s", "vec/sec", "vectors/s",
    "vectors/sec", "vectors/second", "rows/s", "rows/sec", "events/s",
  ]
  private static let callRates: Set<String> = [
    "times/s", "times/second", "times/sec", "calls/s", "calls/sec", "calls/second", "writes/s",
    "writes/second", "requests/s",
  ]
  private static let queryRates: Set<String> = [
    "qps", "queries/s", "queries/sec", "queries/second", "q/s", "searches/s", "searches/sec",
    "req/s", "requests/s", "requests/sec", "ops/s", "ops/sec",
  ]
}

/// Finds the quantities of a line, from left to right.
struct QuantityScanner {
  private let text: [Unicode.Scalar]
  private var position = 0

  static func scan(_ text: [Unicode.Scalar]) -> [Quantity] {
    var scanner = QuantityScanner(text: text)
    var found: [Quantity] = []
    while let next = scanner.next() { found.append(next) }
    return found
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private func at(_ index: Int) -> Unicode.Scalar? {
    text.indices.contains(index) ? text[index] : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ("0"..."9").contains($0) } ?? false
  }

  private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { $0.properties.isAlphabetic || $0 == "_" } ?? false
  }

  private mutating func next() -> Quantity? {
    while position < text.count {
      // A digit inside a word (`p99`, `i9`, `T1`) or a version is no quantity.
      let isStart =
        Self.isDigit(at(position)) && !Self.isLetter(at(position - 1))
        && !(at(position - 1) == "." && Self.isDigit(at(position - 2)))
        && !(at(position - 1) == "@" || at(position - 1) == "#")
      if isStart, let found = quantity() { return found }
      position += 1
    }
    return nil
  }

  private struct Number {
    var value: Double
    var resolution: Double
    var end: Int
  }

  private mutating func quantity() -> Quantity? {
    let start = position
    guard let first = number(at: start) else { return nil }
    var (low, high, end) = (first, first, first.end)
    if let second = rangeEnd(first) { (high, end) = (second, second.end) }
    // `2.66M - 2.90M`, but `10-20K`: the scale behind the last one is meant for both.
    if high.end != low.end, high.resolution > 100 * low.resolution, low.value * 10 < high.value,
      let scale = scale(behind: high)
    {
      low.value *= scale
      low.resolution *= scale
    }
    let unit = unit(from: end)
    position = max(unit.end, end)
    let lead = at(start - 1) == " " ? at(start - 2) : at(start - 1)
    return Quantity(
      low: min(low.value, high.value), high: max(low.value, high.value),
      resolution: max(low.resolution, high.resolution), unit: unit.name,
      hasPlus: at(start - 1) == "+",
      isLimit: ["<", ">", "~", "≈", "≤", "≥"].contains(lead ?? " ") || at(end) == "+",
      start: start, end: position)
  }

  /// Digits with commas between threes, a point, and K, M or G right behind.
  private func number(at start: Int) -> Number? {
    var (index, digits, decimals) = (start, "", 0)
    while let scalar = at(index), digits.count < 18 {
      if Self.isDigit(scalar) {
        digits.unicodeScalars.append(scalar)
      } else if scalar == ",", isGroup(index), decimals == 0 {
        // A comma between groups says nothing.
      } else if scalar == ".", decimals == 0, Self.isDigit(at(index + 1)), !digits.contains(".") {
        digits += "."
      } else {
        break
      }
      if digits.contains("."), Self.isDigit(scalar) { decimals += 1 }
      index += 1
    }
    // `6.3.1` is a version, `2026-11-21` a day, `12:30` a time.
    if at(index) == ".", Self.isDigit(at(index + 1)), decimals > 0 { return nil }
    if at(index) == ":", Self.isDigit(at(index + 1)) { return nil }
    guard var value = Double(digits) else { return nil }
    var resolution = 0.5
    for _ in 0..<decimals { resolution /= 10 }
    if let scale = Self.scale(at(index)), !Self.isLetter(at(index + 1)) {
      value *= scale
      resolution *= scale
      index += 1
    }
    return Number(value: value, resolution: resolution, end: index)
  }

  private func isGroup(_ comma: Int) -> Bool {
    (1...3).allSatisfy { Self.isDigit(at(comma + $0)) } && !Self.isDigit(at(comma + 4))
  }

  private static func scale(_ scalar: Unicode.Scalar?) -> Double? {
    switch scalar {
    case "K", "k": 1e3
    case "M": 1e6
    case "G": 1e9
    default: nil
    }
  }

  private func scale(behind number: Number) -> Double? { Self.scale(at(number.end - 1)) }

  /// The other end of `10-20`, `10–20` or `2.66M - 2.90M`.
  private func rangeEnd(_ first: Number) -> Number? {
    var index = first.end
    while at(index) == " " { index += 1 }
    guard let dash = at(index), ["-", "–", "—", "…"].contains(dash) else { return nil }
    let isTight = index == first.end
    index += 1
    while at(index) == " " { index += 1 }
    if at(index) == "+" { index += 1 }
    guard Self.isDigit(at(index)), let second = number(at: index),
      second.value >= first.value || second.resolution > first.resolution
    else { return nil }
    // A third part makes it a day or a telephone number.
    if isTight, at(second.end) == "-", Self.isDigit(at(second.end + 1)) { return nil }
    return second
  }

  private func unit(from start: Int) -> (name: String, end: Int) {
    var index = start
    if at(index) == "+" { index += 1 }
    if at(index) == " ", at(index + 1) != " " { index += 1 }
    if at(index) == "%" { return ("%", index + 1) }
    if at(index) == "×" || (at(index) == "x" && !Self.isLetter(at(index + 1))) {
      // `50,000 × 256` is a product, not a factor.
      let isFactor = index == start || at(index + 1) != " "
      return isFactor && !Self.isDigit(at(index + 1)) ? ("x", index + 1) : ("", start)
    }
    var name = ""
    if at(index) == "/", at(index + 1) == " " { return ("", start) }
    while let scalar = at(index), name.count < 24,
      Self.isLetter(scalar) || scalar == "/" || scalar == "µ"
    {
      name.unicodeScalars.append(scalar)
      index += 1
    }
    return name.isEmpty ? ("", start) : (name.lowercased(), index)
  }
}
