package import Findings

/// A report in the form a reader asked for.
package enum RenderedReport {
  package enum Form: String, CaseIterable, Sendable { case markdown, html, json }

  package static func text(
    _ report: FindingsReport, style: ReportStyle, form: Form
  ) throws -> String {
    switch form {
    case .markdown: DocumentMarkdown.render(style.document(report))
    case .html: DocumentHTML.render(style.document(report))
    case .json: String(decoding: try FindingsJSON.encode(report), as: UTF8.self) + "\n"
    }
  }
}
