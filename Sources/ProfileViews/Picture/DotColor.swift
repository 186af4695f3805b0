import Measurement

/// The colors of a call graph: red for cost, green for what became cheaper, gray for little.
enum DotColor {
  /// The color of a share from −1 to 1, pale where it lies behind text.
  static func of(_ share: Double, isBackground: Bool) -> String {
    let brightness = isBackground ? 0.93 : 0.7
    var saturation = isBackground ? 0.1 : 1.0
    var share = share.isNaN ? share : max(-1, min(1, share))
    if abs(share) < 0.2 { saturation *= abs(share) / 0.2 }
    // Away from gray, so that more of the colors is used.
    if share != 0 {
      let size = RealFunctions.power(abs(share), 0.3)
      share = share < 0 ? -size : size
    }
    let faded = brightness * (1 - saturation * abs(share))
    let (red, green) = share < 0 ? (faded, brightness) : (brightness, faded)
    return "#"
      + [red, green, brightness * (1 - saturation)].map { part in
        UnitScale.hexadecimal(part.isNaN ? 0 : UInt64(part * 255), digits: 2)
      }.joined()
  }
}
