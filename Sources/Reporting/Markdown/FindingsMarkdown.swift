package import Findings

/// The findings document as Markdown.
package enum FindingsMarkdown {
  package static func render(_ report: FindingsReport) -> String {
    DocumentMarkdown.render(ReportStyle.findings.document(report))
  }
}
