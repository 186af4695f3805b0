import Findings
import Testing

/// What a file of rules may say, and where a wrong one is said to be wrong.
@Suite struct RulesFileTests {
  private func read(_ text: String) throws(RulesFileError) -> RulesFile {
    try RulesFile(reading: Array(text.utf8))
  }

  private static let rule = """
    [rule cache-lookup]
    title = Cache lookups
    threshold = 5 %
      cache.(*LRU).Get | cache.(*LRU).Put
    advice = Keep the last answer
    effort = S
    risk = low

    """

  @Test func `every group of vbench has a label of its own`() {
    let labels = SymbolGroup.allCases.map(\.label)
    #expect(Set(labels).count == labels.count)
    // A group that the file of patterns forgot would be called by its bare name.
    #expect(SymbolGroup.requestHandler.label == "request handlers")
    #expect(labels.allSatisfy { !$0.contains { $0.isUppercase } || $0.contains(" ") })
  }

  @Test func `groups and rules are read with all they say`() throws {
    let file = try read("# ours\n[group allocation]\n  arena_* | pool_take\n\n" + Self.rule)
    #expect(file.groups.map(\.patterns) == [["arena_*", "pool_take"]])
    let rule = try #require(file.rules.first)
    #expect(rule.id == "cache-lookup" && rule.title == "Cache lookups" && rule.threshold == 0.05)
    #expect(rule.patterns == ["cache.(*LRU).Get", "cache.(*LRU).Put"] && rule.kind == .cpu)
    #expect(rule.advice?.action == "Keep the last answer" && rule.advice?.effort == .small)
  }

  @Test func `lines may end as Windows ends them and begin with a mark`() throws {
    let text = "\u{FEFF}" + Self.rule
    #expect(try read(text.split(separator: "\n").joined(separator: "\r\n")).rules.count == 1)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    let column: Int
    let sentence: String

    var testDescription: String { sentence }
  }

  static let wrong: [Wrong] = [
    Wrong(
      text: "[group allocations]\n  x\n", line: 1, column: 8,
      sentence: "there is no group `allocations`. Did you mean `allocation`?"),
    Wrong(
      text: "[group tcp]\n  a\n[group tcp]\n  b\n", line: 3, column: 8,
      sentence: "the group `tcp` stands in line 1 already."),
    Wrong(
      text: rule + rule, line: 8, column: 7, sentence: "there is a rule `cache-lookup` already"),
    Wrong(text: "[rule C1]\n", line: 1, column: 7, sentence: "beginning with a small letter"),
    Wrong(text: "[rules x]\n", line: 1, column: 2, sentence: "there is no section `rules`"),
    Wrong(text: "  [group]\n", line: 1, column: 3, sentence: "a section begins with [group NAME]"),
    Wrong(text: "  malloc\n", line: 1, column: 3, sentence: "`malloc` belongs to nothing"),
    Wrong(text: "title = x\n", line: 1, column: 1, sentence: "`title` belongs to nothing"),
    Wrong(text: "[group tcp]\n", line: 1, column: 1, sentence: "has no pattern"),
    Wrong(
      text: "[group tcp]\n a | | b\n", line: 2, column: 5,
      sentence: "before or behind this `|` is empty"),
    Wrong(text: "[group tcp]\n  a |\n", line: 2, column: 6, sentence: "before or behind this `|`"),
    Wrong(text: "[group tcp]\n  **\n", line: 2, column: 3, sentence: "would match every function"),
    Wrong(
      text: "[group tcp]\n  label = x\n", line: 2, column: 3, sentence: "takes patterns alone"),
    Wrong(
      text: "[rule a]\nthreshold = 120 %\n", line: 2, column: 13,
      sentence: "the threshold `120 %` is not above 0 and at most 1"),
    Wrong(text: "[rule a]\nthreshold = 0\n", line: 2, column: 13, sentence: "not above 0"),
    Wrong(text: "[rule a]\nthreshold = -0.1\n", line: 2, column: 13, sentence: "not above 0"),
    Wrong(text: "[rule a]\nthreshold = nan\n", line: 2, column: 13, sentence: "is no share"),
    Wrong(text: "[rule a]\nthreshold = 5 percent\n", line: 2, column: 13, sentence: "is no share"),
    Wrong(text: "[rule a]\nlabel = x\n", line: 2, column: 1, sentence: "a rule has no `label`"),
    Wrong(text: "[rule a]\ntitle =\n", line: 2, column: 8, sentence: "stands nothing"),
    Wrong(
      text: "[rule a]\ntitle = x\ntitle = y\n", line: 3, column: 1,
      sentence: "stands in line 2 already"),
    Wrong(text: "[rule a]\nkind = heap\n", line: 2, column: 8, sentence: "`heap` is no kind"),
    Wrong(text: "[rule a]\neffort = XL\n", line: 2, column: 10, sentence: "`XL` is no effort"),
    Wrong(text: "[rule a]\ntitle = x\n", line: 1, column: 7, sentence: "has no `threshold`"),
    Wrong(
      text: "[rule a]\ntitle = x\nthreshold = 0.1\n", line: 1, column: 7,
      sentence: "has no frame pattern"),
    Wrong(
      text: "[rule a]\ntitle = x\nthreshold = 0.1\nf\nadvice = y\n", line: 1, column: 7,
      sentence: "has no `effort`"),
    Wrong(
      text: "[rule a]\ntitle = x\nthreshold = 0.1\nf\nrisk = y\n", line: 1, column: 7,
      sentence: "has no `advice`"),
    Wrong(text: "[group tcp]\n  a\u{1}b\n", line: 2, column: 4, sentence: "a control character"),
  ]

  @Test(arguments: wrong) func `what is wrong is said with its place`(wrong: Wrong) {
    let error = #expect(throws: RulesFileError.self) { try read(wrong.text) }
    #expect(
      error?.line == wrong.line && error?.column == wrong.column, "\(String(describing: error))")
    #expect(error?.sentence.contains(wrong.sentence) == true, "\(error?.sentence ?? "")")
  }

  @Test func `bytes that are no text, and too many of them, are said so`() {
    let broken = Array("[group tcp]\n  häß".utf8) + [0xFF, 0x61]
    let error = #expect(throws: RulesFileError.self) { try RulesFile(reading: broken) }
    #expect(error?.line == 2 && error?.column == 6)
    #expect(error?.sentence.contains("not UTF-8") == true)
    let long = [UInt8](repeating: 35, count: RulesFile.byteLimit + 1)
    #expect(throws: RulesFileError.self) { try RulesFile(reading: long) }
    let line = Array("[group tcp]\n".utf8) + [UInt8](repeating: 97, count: 3_000)
    let longLine = #expect(throws: RulesFileError.self) { try RulesFile(reading: line) }
    #expect(longLine?.sentence.contains("longer than") == true)
  }
}
