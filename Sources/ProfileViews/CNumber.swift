/// Numbers exactly as C's and Go's `%.2f` and `%.2g` print them, without a locale.
enum CNumber {
  /// `%.<digits>f`: the decimal nearest to the binary value, ties to even.
  static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
    let sign = value.sign == .minus ? "-" : ""
    let size = value.magnitude
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    precondition(digits > 0)
    // The two parts are exact, which their product with a power of ten would not be.
    var whole = size.rounded(.down)
    var part = nearest(size - whole, factor)
    if part >= factor { (whole, part) = (whole + 1, 0) }
    let text = String(UInt64(part))
    let padded = String(repeating: "0", count: digits - text.count) + text
    return "\(sign)\(self.whole(whole)).\(padded)"
  }

  /// `%.<digits>g` for numbers from 0 to 1: trailing zeros go, small ones get an exponent.
  static func general(_ value: Double, digits: Int) -> String {
    if value == 0 { return "0" }
    var exponent = 0
    var (low, factor) = (0.1, 10.0)
    while value < low * (1 - 1e-16), exponent > -300 {
      low /= 10
      factor *= 10
      exponent -= 1
    }
    exponent -= 1
    var scale = factor
    for _ in 1..<digits { scale *= 10 }
    var mantissa = UInt64(nearest(value, scale))
    var top: UInt64 = 1
    for _ in 0..<digits { top *= 10 }
    if mantissa >= top {
      mantissa /= 10
      exponent += 1
    }
    var text = String(mantissa)
    while text.count > 1, text.hasSuffix("0") { text.removeLast() }
    if exponent >= 0 { return text }
    if exponent < -4 {
      let tail = text.dropFirst()
      let power = -exponent < 10 ? "0\(-exponent)" : "\(-exponent)"
      return "\(text.prefix(1))\(tail.isEmpty ? "" : ".")\(tail)e-\(power)"
    }
    return "0." + String(repeating: "0", count: -exponent - 1) + text
  }

  /// value × factor, rounded to a whole number as if it had been computed exactly.
  private static func nearest(_ value: Double, _ factor: Double) -> Double {
    let product = value * factor
    // What the multiplication rounded away decides a tie that is not really one.
    let error = (-product).addingProduct(value, factor)
    let floor = product.rounded(.down)
    let part = product - floor
    if part != 0.5 || error == 0 { return product.rounded(.toNearestOrEven) }
    return error > 0 ? floor + 1 : floor
  }

  /// All digits of a whole number, however large.
  private static func whole(_ value: Double) -> String {
    if value < 0x1p63 { return String(UInt64(value)) }
    // Groups of nine digits, the lowest first.
    var groups = [UInt64(value.significandBitPattern | 1 << 52)]
    for _ in 0..<(Int(value.exponent) - 52) {
      var carry: UInt64 = 0
      for index in groups.indices {
        let doubled = groups[index] * 2 + carry
        (carry, groups[index]) = doubled.quotientAndRemainder(dividingBy: 1_000_000_000)
      }
      while carry > 0 {
        groups.append(carry % 1_000_000_000)
        carry /= 1_000_000_000
      }
    }
    return groups.reversed().enumerated().map { position, group in
      let text = String(group)
      return position == 0 ? text : String(repeating: "0", count: 9 - text.count) + text
    }.joined()
  }
}
