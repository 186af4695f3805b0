import Findings

/// A document as one HTML file: no network, no address but its own anchors, readable on a phone.
///
/// The security policy allows exactly one style sheet and one script, named by their hashes, so
/// that nothing that a measured program was called can become either.
package enum DocumentHTML {
  package static func render(_ document: ReportDocument) -> String {
    let title = HTMLText.plain(document.title)
    let sections = document.sections.enumerated().map { section($0.element, $0.offset) }
    let links = document.sections.enumerated().map {
      "<li><a href=\"#s\($0.offset)\">\(HTMLText.escaped($0.element.title))</a></li>"
    }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="referrer" content="no-referrer">
      <title>\(title)</title>
      <style>\(ReportSheet.style)</style>
      </head>
      <body>
      <a class="skip" href="#s0">To the report</a>
      <header><h1>\(HTMLText.prose(document.title))</h1></header>
      <nav aria-label="Contents"><details><summary>Contents</summary><ul>\(links.joined())</ul></details></nav>
      <main>
      \(sections.joined(separator: "\n"))
      </main>
      <footer class="soft">Made by vbench. Every number names its file; nothing on this page is loaded from anywhere.</footer>
      <script>\(ReportSheet.script)</script>
      </body>
      </html>

      """
  }

  private static let policy =
    "default-src 'none'; style-src '\(ContentHash.source(ReportSheet.style))'; "
    + "script-src '\(ContentHash.source(ReportSheet.script))'; base-uri 'none'; form-action 'none'"

  private static func section(_ section: ReportDocument.Section, _ index: Int) -> String {
    let style = index == 0 ? " class=\"verdict\"" : ""
    return "<section\(style) aria-labelledby=\"s\(index)\"><h2 id=\"s\(index)\" tabindex=\"-1\">"
      + "\(HTMLText.escaped(section.title))</h2>\n"
      + section.blocks.map(block).joined(separator: "\n") + "\n</section>"
  }

  private static func block(_ block: Block) -> String {
    if block.isEmpty { return "" }
    return switch block {
    case .heading(let level, let title): "<h\(level)>\(HTMLText.prose(title))</h\(level)>"
    case .text(let text): "<p>\(HTMLText.prose(text))</p>"
    case .bullets(let items): "<ul>\(items.map(item).joined())</ul>"
    case .steps(let items): "<ol>\(items.map(item).joined())</ol>"
    case .tasks(let items): "<ul class=\"tasks\">\(items.map(item).joined())</ul>"
    case .table(let table): self.table(table)
    case .code(let lines):
      "<pre tabindex=\"0\">\(lines.map { HTMLText.escaped(MarkdownText.oneLine($0)) }.joined(separator: "\n"))</pre>"
    case .chart(let chart): ChartMarkup.render(chart)
    case .flames(let trees): trees.map(FlameMarkup.render).joined(separator: "\n")
    case .folded(let summary, let blocks):
      "<details><summary>\(HTMLText.prose(summary))</summary>\n"
        + blocks.map(self.block).joined(separator: "\n") + "\n</details>"
    }
  }

  private static func item(_ item: Block.Bullet) -> String {
    let below =
      item.below.isEmpty
      ? "" : "<ul>\(item.below.map { "<li>\(HTMLText.prose($0))</li>" }.joined())</ul>"
    return "<li>\(HTMLText.prose(item.text))\(below)</li>"
  }

  private static func table(_ table: DocumentTable) -> String {
    func style(_ column: Int) -> String { table.numbers.contains(column) ? " class=\"num\"" : "" }
    let head = table.header.enumerated().map {
      "<th role=\"columnheader\" scope=\"col\"\(style($0.offset))>\(HTMLText.escaped($0.element))</th>"
    }
    // On a phone a row becomes a card: the roles keep it a row for those who listen to it.
    let isStacked = table.numbers.count < 4
    let rows = table.rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let name = isStacked ? " data-h=\"\(HTMLText.escaped(table.header[column]))\"" : ""
        return column == 0
          ? "<th role=\"rowheader\" scope=\"row\"\(style(0))>\(HTMLText.prose(cell))</th>"
          : "<td role=\"cell\"\(style(column))\(name)>\(HTMLText.toned(cell))</td>"
      }
      return "<tr role=\"row\">\(cells.joined())</tr>"
    }
    let label = HTMLText.escaped(table.caption)
    return "<div class=\"wide\(isStacked ? " stack" : "")\" tabindex=\"0\" role=\"region\" "
      + "aria-label=\"\(label)\"><table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">"
      + "\(head.joined())</tr></thead><tbody role=\"rowgroup\">\(rows.joined(separator: "\n"))"
      + "</tbody></table></div>"
  }
}

/// Sentences as HTML; names become code, and nothing becomes markup.
enum HTMLText {
  static func prose(_ prose: Prose) -> String {
    prose.parts.map {
      switch $0 {
      case .text(let words): sentence(words)
      case .name(let name): code(name)
      }
    }.joined()
  }

  /// Without any markup, for a title.
  static func plain(_ prose: Prose) -> String {
    escaped(MarkdownText.oneLine(prose.plain))
  }

  static func escaped(_ text: String) -> String { MarkupText.escaped(text) }

  /// A cell that is one of the words for good and bad gets its color; the word stays.
  static func toned(_ cell: Prose) -> String {
    let tones = [
      "CRITICAL": "bad", "HIGH": "bad", "FAIL": "bad", "MISSED": "bad", "missed": "bad",
      "MEDIUM": "warn", "WARNING": "warn", "pass": "good", "met": "good",
    ]
    guard let tone = tones[cell.plain] else { return prose(cell) }
    return "<span class=\"\(tone)\">\(prose(cell))</span>"
  }

  private static func code(_ name: String) -> String {
    let clean = MarkdownText.shortened(MarkdownText.oneLine(name))
    return clean.isEmpty ? "(empty)" : "<code>\(escaped(clean))</code>"
  }

  /// Pairs of backticks mark code, as in Markdown; one without a partner stands for itself.
  private static func sentence(_ words: String) -> String {
    let pieces = MarkdownText.oneLine(words).split(
      separator: "`", omittingEmptySubsequences: false
    ).map(String.init)
    var text = ""
    for (index, piece) in pieces.enumerated() {
      let isCode = !index.isMultiple(of: 2) && index < pieces.count - 1
      if isCode {
        text += piece.isEmpty ? "" : code(piece)
      } else {
        text += (!index.isMultiple(of: 2) ? "`" : "") + escaped(piece)
      }
    }
    return text
  }
}
