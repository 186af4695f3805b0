import Findings
import Vocabulary

/// A document as Markdown that reads well on a page that renders it and in an editor.
package enum DocumentMarkdown {
  package static func render(_ document: ReportDocument) -> String {
    let sections = document.sections.map { section in
      (["## \(section.title)"] + section.blocks.compactMap(block)).joined(separator: "\n\n")
    }
    return (["# \(MarkdownText.inside(document.title))"] + sections).joined(separator: "\n\n")
      + "\n"
  }

  private static func block(_ block: Block) -> String? {
    if block.isEmpty { return nil }
    switch block {
    case .heading(let level, let title):
      return String(repeating: "#", count: level) + " " + MarkdownText.inside(title)
    case .text(let text): return MarkdownText.prose(text)
    case .bullets(let items): return items.map { item($0, "- ") }.joined(separator: "\n")
    case .tasks(let items): return items.map { item($0, "- [ ] ") }.joined(separator: "\n")
    case .steps(let items):
      return items.enumerated().map { item($0.element, "\($0.offset + 1). ") }
        .joined(separator: "\n")
    case .table(let table): return self.table(table)
    case .code(let lines): return MarkdownText.fenced(lines)
    case .chart(let chart): return ChartText.render(chart)
    case .flames(let trees):
      let names = trees.map { "\(name: $0.role) \($0.kind.rawValue)" as Prose }
      return MarkdownText.prose(
        "Drawn in the HTML form of this report (`--html`): \(Prose.list(names)).")
    case .folded(let summary, let blocks):
      // The empty lines make what is inside Markdown again.
      let inside = blocks.compactMap(self.block).joined(separator: "\n\n")
      return inside.isEmpty
        ? nil
        : "<details>\n<summary>\(MarkdownText.summary(summary))</summary>\n\n\(inside)\n\n</details>"
    }
  }

  private static func item(_ item: Block.Bullet, _ mark: String) -> String {
    // A nested list must begin under the text of its parent, or it ends the list.
    let indent = String(repeating: " ", count: mark.hasPrefix("- [") ? 2 : mark.count)
    let below = item.below.map { "\(indent)- \(MarkdownText.prose($0))" }
    return ([mark + MarkdownText.prose(item.text)] + below).joined(separator: "\n")
  }

  static func table(_ table: DocumentTable) -> String {
    let rule = table.header.indices.map { table.numbers.contains($0) ? "---:" : "---" }
    let rows = table.rows.map { row in row.map { MarkdownText.prose($0, inTable: true) } }
    let header = table.header.map { MarkdownText.sentence($0, inTable: true) }
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
