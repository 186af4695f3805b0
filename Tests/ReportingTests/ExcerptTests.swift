import Findings
import FoundationEssentials
import Reporting
import RunRecords
import Testing

/// Lines of sources inside reports: they belong to strangers, too.
@Suite struct ExcerptTests {
  private static func text(_ form: RenderedReport.Form, line: String) throws -> String {
    let run = try RunReader.open("\(Example.root)/Profiles/example-faulty")
    let file = SourceFile(
      lines: Array(repeating: line, count: 5_000), changed: Date(timeIntervalSince1970: 0))
    let report = try FindingsEngine.report(on: run) { _ in file }
    return try RenderedReport.text(report, style: .findings, form: form)
  }

  @Test func `a finding shows seven lines, and marks the hottest`() throws {
    let text = try Self.text(.markdown, line: "let x = 1")
    let block = try #require(
      text.split(separator: "```\n").map(String.init).first { $0.contains("let x") })
    let lines = block.split(separator: "\n").map(String.init)
    #expect(lines.count == 8)
    #expect(lines[0].contains(".swift:"))
    let hottest = lines.filter { $0.hasPrefix("> ") }
    #expect(hottest.count == 1)
    #expect(hottest[0].contains(" %  let x = 1") && lines[0].hasSuffix(":\(number(hottest[0]))"))
  }

  private func number(_ line: String) -> String {
    String(line.dropFirst(2).drop { $0 == " " }.prefix { $0.isNumber })
  }

  @Test func `a line of source closes no fence and is no markup`() throws {
    let hostile = "```</script><b>|\u{1B}[31m\u{2066}"
    let markdown = try Self.text(.markdown, line: hostile)
    #expect(markdown.contains("````\n"))
    #expect(!markdown.contains("\u{1B}") && !markdown.contains("\u{2066}"))
    let html = try Self.text(.html, line: hostile)
    #expect(html.contains("&lt;/script&gt;&lt;b&gt;"))
    #expect(!html.contains("```</script>"))
  }

  @Test func `no report says where its files were built`() throws {
    for form in RenderedReport.Form.allCases {
      #expect(!(try Self.text(form, line: "x")).contains("\(Example.root)/Sources"))
    }
  }
}
