/// Names of functions, labels and folders, made harmless for where they will stand.
///
/// They come from files of strangers: a symbol may be called `|`, `</script>` or a terminal's
/// escape sequence.
enum SafeName {
  /// For a terminal: no control characters and none that turn the direction of text.
  static func terminal(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" }))
  }

  /// For Markdown, inside a table cell too.
  static func markdown(_ text: String) -> String {
    var result = ""
    for scalar in terminal(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // A word joiner keeps `@name` from calling somebody and `://` from being a link.
      case "@": result += "@\u{2060}"
      case "/" where result.hasSuffix(":"): result += "\u{2060}/"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    // At the beginning of a line these two would make a list or a rule.
    return result.hasPrefix("-") || result.hasPrefix("=") ? "\\" + result : result
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF,
      0xFFFE...0xFFFF:
      false
    default: true
    }
  }
}
