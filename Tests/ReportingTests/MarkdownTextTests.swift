import Findings
import Pprof
import Reporting
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

@Suite struct MarkdownTextTests {
  static let hostile = [
    "a|b", "a\\|b", "`", "``a```b`", "<script>alert(1)</script>", "</code><b>", "@somebody",
    "https://example.com/x", "www.example.com", "[link](javascript:alert(1))", "![i](x)",
    "line\nbreak",
    "# heading", "- item", "1. item", "> quote", "\u{202E}reversed", "\u{1B}[31m", "a\u{2028}b",
    "&lt;", "*bold* _em_ ~~no~~", "\r\n\r\n## x", "", " ", "'; rm -rf ~; '", "```\nfence\n```",
  ]

  @Test(arguments: hostile) func `a hostile name stays inside its code`(name: String) {
    for inTable in [false, true] {
      let text = MarkdownText.code(name, inTable: inTable)
      #expect(isHarmless(text, inTable: inTable), "\(text)")
    }
  }

  @Test(arguments: hostile) func `hostile words stay words`(words: String) {
    for inTable in [false, true] {
      let text = MarkdownText.prose(Prose(words), inTable: inTable)
      #expect(isHarmless(text, inTable: inTable), "\(text)")
    }
  }

  @Test(arguments: 1...200) func `whatever stands in a name, it cannot leave its cell`(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    let alphabet = Array("|`\\<>@#[]()!*_~:/.w\n\r\t\u{0}\u{2028}&;ab -1+é\u{202E}")
    var name = ""
    for _ in 0..<(seed % 40) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      name.append(alphabet[Int(state >> 33) % alphabet.count])
    }
    #expect(isHarmless(MarkdownText.code(name, inTable: true), inTable: true), "seed \(seed)")
    #expect(isHarmless(MarkdownText.code(name), inTable: false), "seed \(seed)")
    #expect(isHarmless(MarkdownText.sentence(name, inTable: true), inTable: true), "seed \(seed)")
    #expect(
      !MarkdownText.fenced([name]).split(separator: "\n").dropFirst().dropLast().contains { line in
        line.hasPrefix("```") && line.allSatisfy { $0 == "`" }
          && line.count >= MarkdownText.fenced([name]).prefix { $0 == "`" }.count
      }, "seed \(seed)")
  }

  @Test func `a name is shown as it is when nothing in it is special`() {
    #expect(MarkdownText.code("sync.(*Mutex).Unlock", inTable: true) == "`sync.(*Mutex).Unlock`")
    #expect(MarkdownText.code("a`b") == "``a`b``")
    #expect(MarkdownText.sentence("raise `ef` by 10 %") == "raise `ef` by 10 %")
  }

  /// A small reading of Markdown: code spans are skipped, and outside of them nothing may act.
  private func isHarmless(_ text: String, inTable: Bool) -> Bool {
    if text.contains(where: { $0.isNewline }) { return false }
    if inTable && text.contains("|") { return false }
    let plain = withoutCode(text).replacing("<code>", with: "").replacing("</code>", with: "")
    if plain.contains("<") || plain.contains("://") || plain.lowercased().contains("www.") {
      return false
    }
    let characters = Array(plain)
    for (index, character) in characters.enumerated() {
      let escaped = isEscaped(index, characters)
      if "`[]*_#!~".contains(character) && !escaped { return false }
      if character == "@", characters[(index + 1)...].first.map({ $0.isLetter }) ?? false {
        return false
      }
    }
    return !plain.unicodeScalars.contains { $0.value < 32 || (0x202A...0x202E).contains($0.value) }
  }

  private func isEscaped(_ index: Int, _ characters: [Character]) -> Bool {
    var slashes = 0
    var position = index - 1
    while position >= 0, characters[position] == "\\" {
      slashes += 1
      position -= 1
    }
    // `&#124;` is an entity, not a heading.
    let entity = characters[index] == "#" && index > 0 && characters[index - 1] == "&"
    return entity || !slashes.isMultiple(of: 2)
  }

  /// CommonMark's rule: a run of backticks closes only with a run of the same length.
  private func withoutCode(_ text: String) -> String {
    let characters = Array(text)
    var plain = ""
    var index = 0
    while index < characters.count {
      guard characters[index] == "`", !isEscaped(index, characters) else {
        plain.append(characters[index])
        index += 1
        continue
      }
      let run = length(of: characters, from: index)
      guard let end = closing(run, in: characters, after: index + run) else {
        plain += String(repeating: "`", count: run)
        index += run
        continue
      }
      index = end
    }
    return plain
  }

  private func length(of characters: [Character], from start: Int) -> Int {
    characters[start...].prefix { $0 == "`" }.count
  }

  private func closing(_ run: Int, in characters: [Character], after start: Int) -> Int? {
    var index = start
    while index < characters.count {
      guard characters[index] == "`" else {
        index += 1
        continue
      }
      let next = length(of: characters, from: index)
      if next == run { return index + next }
      index += next
    }
    return nil
  }
}

@Suite struct HostileReportTests {
  @Test(arguments: MarkdownTextTests.hostile)
  func `a report over hostile names keeps its headings and its tables`(name: String) throws {
    let plain = FindingsMarkdown.render(try report("plain"))
    let hostile = FindingsMarkdown.render(try report(name))
    #expect(shape(hostile) == shape(plain))
  }

  @Test func `a report goes through JSON and comes back equal`() throws {
    for name in MarkdownTextTests.hostile {
      let report = try report(name)
      #expect(try FindingsJSON.decode(FindingsJSON.encode(report)) == report)
    }
  }

  private func report(_ name: String) throws -> FindingsReport {
    var run = SyntheticRun()
    let frame = "zz" + name.replacing(";", with: ":")
    let role = "r" + name
    run.profile(
      role, .cpu, .init("main;\(frame)", 6_000), .init("main;\(frame);malloc", 4_000))
    run.profile(
      role, .mutex,
      .init("main;\(frame);sync.(*Mutex).Unlock", 900, waits: "c" + name, lock: "l" + name))
    run.profile(role, .block, .init("main;\(frame);runtime.selectgo", 900, waits: "c" + name))
    run.record?.settings.append(.init(name: "label", value: name, source: .flag))
    run.record?.dataset?.digest = name
    run.environment?.processor = name
    let path = "Profiles/x" + name.replacing("/", with: "")
    return try FindingsEngine.report(on: run.folder(path: path))
  }

  /// Headings by level and tables by their number of columns, in order.
  private func shape(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.hasPrefix("#") { return String(line.prefix { $0 == "#" }) }
      if line.hasPrefix("| ") { return "row of \(cells(line))" }
      return nil
    }
  }

  private func cells(_ line: Substring) -> Int {
    var count = 0
    var previous: Character = " "
    for character in line {
      if character == "|" && previous != "\\" { count += 1 }
      previous = character
    }
    return count - 1
  }
}
