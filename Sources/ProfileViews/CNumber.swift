/// Numbers exactly as C's and Go's `%.2f` and `%.2g` print them, without a locale.
enum CNumber {
  /// `%.<digits>f`: the decimal nearest to the binary value, ties to even.
  static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
    let sign = value.sign == .minus ? "-" : ""
    let size = value.magnitude
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    guard size * factor < 0x1p62 else { return sign + whole(size, digits: digits) }
    let text = String(UInt64(nearest(size, factor)))
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return digits == 0
      ? sign + padded : "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
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

  private static func whole(_ value: Double, digits: Int) -> String {
    "\(value)"
  }
}
