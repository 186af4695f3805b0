import ProfileViews

/// The color of a frame says whose code it is; its shade only keeps neighbors apart.
enum FlameColor: String, CaseIterable {
  case engine, kernel, runtime, library, label

  /// Whose code this frame is.
  static func of(_ node: CallTree.Node, mainBinary: String) -> FlameColor {
    if node.library.isEmpty, node.depth <= 1 { return .label }
    if node.library.hasPrefix("[kernel") { return .kernel }
    if node.library == mainBinary { return .engine }
    return node.library.hasPrefix("libc.") || node.library.hasPrefix("libpthread")
      || node.library.hasPrefix("libswift") ? .runtime : .library
  }

  var legend: String {
    switch self {
    case .engine: "the program"
    case .kernel: "kernel"
    case .runtime: "C and Swift runtime"
    case .library: "other libraries"
    case .label: "labels"
    }
  }

  /// Hue, saturation and lightness of the middle shade.
  private var base: (hue: Int, saturation: Int, lightness: Int) {
    switch self {
    case .engine: (28, 88, 66)
    case .kernel: (210, 52, 70)
    case .runtime: (140, 38, 68)
    case .library: (270, 38, 76)
    case .label: (220, 10, 84)
    }
  }

  /// The fill for a name: the same name has the same shade everywhere.
  func fill(_ name: String) -> String {
    let shade = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let (hue, saturation, lightness) = base
    let turned = (hue + Int(shade % 17) - 8 + 360) % 360
    return Self.hex(
      hue: Double(turned), saturation: Double(saturation) / 100,
      lightness: Double(lightness + Int(shade >> 8 % 9) % 9 - 4) / 100)
  }

  private static func hex(hue: Double, saturation: Double, lightness: Double) -> String {
    let strength = saturation * min(lightness, 1 - lightness)
    func channel(_ offset: Double) -> String {
      let position = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
      let value = lightness - strength * max(-1, min(position - 3, 9 - position, 1))
      let text = String(Int((value * 255).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + channel(0) + channel(8) + channel(4)
  }
}
