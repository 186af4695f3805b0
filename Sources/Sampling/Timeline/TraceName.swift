/// Names as a trace may carry them: threads and functions may be called anything.
enum TraceName {
  /// Longer names are cut, for one may be repeated with every slice.
  static let longest = 256

  /// Without control characters, and short enough.
  static func clean(_ name: String) -> String {
    var clean = String.UnicodeScalarView()
    var bytes = 0
    for scalar in name.unicodeScalars {
      let kept = isControl(scalar) ? "\u{FFFD}" : scalar
      bytes += UTF8.width(kept)
      if bytes > longest {
        clean.append("…")
        break
      }
      clean.append(kept)
    }
    return String(clean)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
  }

  /// A JSON string with its quotes.
  static func json(_ name: String) -> String {
    var text = "\""
    for scalar in clean(name).unicodeScalars {
      if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
