package import Findings

/// The only way a string gets into Markdown.
///
/// Names of functions, labels and files are hostile: a pipe splits a table cell even inside
/// backticks, a line feed ends a list, `<` opens a tag, `@name` calls a stranger, a bare address
/// becomes a link. Names become code; words are escaped; neither can end the line it stands in.
package enum MarkdownText {
  /// A longer name keeps its beginning and its end.
  private static let longestName = 160

  /// A sentence: words with `code` in backticks, names always as code.
  package static func prose(_ prose: Prose, inTable: Bool = false) -> String {
    guardedStart(inside(prose, inTable: inTable))
  }

  /// A sentence that something stands in front of, such as the mark of a heading.
  static func inside(_ prose: Prose, inTable: Bool = false) -> String {
    var text = ""
    for part in prose.parts {
      switch part {
      case .text(let words): text += sentence(words, inTable: inTable)
      case .name(let name): text += code(name, inTable: inTable)
      }
    }
    return text
  }

  /// Words in which pairs of backticks mark code; one without a partner stands for itself.
  package static func sentence(_ words: String, inTable: Bool = false) -> String {
    let pieces = words.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    var text = ""
    for (index, piece) in pieces.enumerated() {
      let isCode = !index.isMultiple(of: 2) && index < pieces.count - 1
      if isCode {
        text += piece.isEmpty ? "" : code(piece, inTable: inTable)
      } else {
        text += (!index.isMultiple(of: 2) ? "\\`" : "") + escaped(piece)
      }
    }
    return text
  }

  /// A name as code, in a form that also holds inside a table.
  package static func code(_ name: String, inTable: Bool = false) -> String {
    let clean = shortened(oneLine(name))
    if clean.isEmpty { return "(empty)" }
    if inTable, clean.contains(where: { "|\\`".contains($0) }) {
      return "<code>" + entities(clean) + "</code>"
    }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: clean) + 1)
    let padding = clean.hasPrefix("`") || clean.hasSuffix("`") ? " " : ""
    return fence + padding + clean + padding + fence
  }

  /// Lines inside a fence that none of them can close.
  package static func fenced(_ lines: [String]) -> String {
    let clean = lines.map(oneLine)
    let longest = clean.map { longestRun(of: "`", in: $0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return ([fence] + clean + [fence]).joined(separator: "\n")
  }

  /// A sentence where only HTML is read, as between `<summary>` and its end.
  package static func summary(_ prose: Prose) -> String {
    prose.parts.map {
      switch $0 {
      case .text(let words): markup(oneLine(words))
      case .name(let name): "<code>\(markup(shortened(oneLine(name))))</code>"
      }
    }.joined()
  }

  private static func markup(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      // The word joiner keeps a stranger from being called, and an address from being a link.
      case "@": result += "@\u{2060}"
      case "/" where result.hasSuffix(":"): result += "\u{2060}/"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Plain words with everything that Markdown or HTML would read taken literally.
  static func escaped(_ words: String) -> String {
    var text = ""
    let scalars = Array(oneLine(words).unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      case "|": text += "&#124;"
      // The word joiner keeps a stranger from being called.
      case "@": text += "@\u{2060}"
      case ":"
      where index + 2 < scalars.count && scalars[index + 1] == "/" && scalars[index + 2] == "/":
        text += "&#58;"
      case "."
      where index >= 3 && scalars[(index - 3)..<index].allSatisfy({ $0 == "w" || $0 == "W" }):
        text += "&#46;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "~", "!": text += "\\" + String(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// What stands first on a line must not make it a list, a quotation or a heading.
  private static func guardedStart(_ text: String) -> String {
    guard let first = text.first else { return text }
    if "-+=".contains(first) { return "\\" + text }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let next = text.dropFirst(digits.count).first, ".)".contains(next),
      text.dropFirst(digits.count + 1).first?.isNumber != true
    else { return text }
    return digits + "\\" + text.dropFirst(digits.count)
  }

  /// Control characters, line ends and marks that turn the direction of text become visible or go.
  static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x0D, 0x85, 0x2028, 0x2029, 0x09, 0x0B, 0x0C: line += " "
      case 0..<0x20, 0x7F..<0xA0: line += "\u{FFFD}"
      case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  static func shortened(_ name: String) -> String {
    guard name.count > longestName else { return name }
    return name.prefix(longestName / 2) + "…" + name.suffix(longestName / 2)
  }

  private static func entities(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
        && !" .,:;()-=/+".unicodeScalars.contains(scalar)
        ? "&#\(scalar.value);" : String(scalar)
    }.joined()
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for next in text {
      run = next == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
