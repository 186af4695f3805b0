@testable import Reporting
import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// Names that want to be markup, in every place that a stranger names, in every style and form.
@Suite struct HostileStyleTests {
  static let names =
    MarkdownTextTests.hostile + [
      "</title><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>",
      "\"><svg onload=a>",
      "' onmouseover='a", "</svg>", "</details></summary>", "<!--", "]]>", "{{data}}", "${x}",
      "\u{2066}abc\u{2069}", "\u{200F}x", "a\u{0}b", "%s%n", "=cmd()", "\u{FEFF}",
      "-->", "<details open>", "\\</code>", String(repeating: "x", count: 10_000),
      String(repeating: "<b>|`", count: 2_000),
    ]

  private func report(_ name: String, at index: Int) throws -> FindingsReport {
    var run = SyntheticRun()
    let frame = "zz" + name.replacing(";", with: ":")
    let role = "r" + name
    run.profile(
      role, .cpu, .init("main;\(frame)", 6_000, op: "insert"),
      .init("main;\(frame);malloc", 4_000, op: "insert"))
    run.profile(
      role, .mutex,
      .init("main;\(frame);sync.(*Mutex).Unlock", 900, waits: "c" + name, lock: "l" + name))
    run.profile(role, .block, .init("main;\(frame);runtime.selectgo", 900, waits: "c" + name))
    run.record?.settings.append(.init(name: "label", value: name, source: .flag))
    run.record?.dataset?.digest = name
    run.record?.dataset?.kind = name
    // An empty line of commands is left out, which is no harm.
    run.record?.replay = "x" + name
    run.record?.command = name
    run.record?.flags.append(.init(id: name, severity: .warning, message: name))
    run.record?.profiling.missing = [name]
    run.record?.profiling.unnamed = [
      .init(path: name, buildID: name, samples: 1, lookedFor: [name])
    ]
    run.environment?.processor = name
    run.environment?.kernel = name
    var folder = run.folder(path: "Profiles/x" + name.replacing("/", with: ""))
    folder.files = [.init(path: name, bytes: 10), .init(path: "trials/" + name, bytes: 1)]
    folder.counters = RunCounters(hardwareProblem: name)
    folder.counters?.counts = [
      RunCounters.Count(role: name, name: "context-switches", value: 1),
      RunCounters.Count(role: name, name: name, value: 1, problem: name),
    ]
    folder.simulatedCache = SimulatedCache(
      tool: name, toolVersion: name,
      caches: [.init(name: name, bytes: 1, lineBytes: 1, ways: 1)],
      workload: .init(
        rows: 1, rowsOfRun: 1, dimensions: 1, kernel: name, kernelOfRun: name, dataBytes: 1,
        writeBatch: 1),
      operations: [
        .init(
          name: name, calls: 1, warmCalls: 1, counts: .init(), firstHalf: .init(),
          functions: [.init(name: name, counts: .init())])
      ], notes: [name])
    let source = "s" + String(name.filter { !$0.isNewline }.prefix(200))
    let targets = try TargetsFile("capacity at least 9000/s source: \(source)", name: name)
    return try FindingsEngine.report(on: folder, targets: targets, others: [folder])
  }

  @Test(arguments: names.indices)
  func `Markdown keeps its headings, tables and folds in every style`(index: Int) throws {
    let (plain, hostile) = (
      try report("plain", at: index), try report(Self.names[index], at: index)
    )
    for style in ReportStyle.allCases {
      let text = DocumentMarkdown.render(style.document(hostile))
      #expect(shape(text) == shape(DocumentMarkdown.render(style.document(plain))), "\(style)")
      #expect(!text.unicodeScalars.contains(where: isForbidden), "\(style)")
      for line in text.split(separator: "\n") where line.hasPrefix("<summary>") {
        let words = line.dropFirst("<summary>".count).dropLast("</summary>".count)
          .replacing("<code>", with: "").replacing("</code>", with: "")
        #expect(!words.contains("<"), "\(style): \(line)")
      }
    }
  }

  @Test(arguments: names.indices)
  func `a page has the same tags, whatever the names are`(index: Int) throws {
    let (plain, hostile) = (
      try report("plain", at: index), try report(Self.names[index], at: index)
    )
    for style in ReportStyle.allCases {
      let page = DocumentHTML.render(style.document(hostile))
      #expect(tags(page) == tags(DocumentHTML.render(style.document(plain))), "\(style)")
      #expect(!page.unicodeScalars.contains(where: isForbidden), "\(style)")
      #expect(page.utf8.count < 2_000_000)
    }
  }

  @Test(arguments: names.indices)
  func `the data comes back as it was`(index: Int) throws {
    let report = try report(Self.names[index], at: index)
    #expect(try FindingsJSON.decode(FindingsJSON.encode(report)) == report)
  }

  /// Headings by level, tables by columns, and folds.
  private func shape(_ text: String) -> [String] {
    var fence: Substring?
    return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if let open = fence {
        if line == open { fence = nil }
        return nil
      }
      if line.hasPrefix("```") {
        fence = line
        return "fence"
      }
      if line.hasPrefix("#") { return String(line.prefix { $0 == "#" }) }
      if line.hasPrefix("| ") {
        var cells = 0
        var before: Character = " "
        for character in line {
          if character == "|" && before != "\\" { cells += 1 }
          before = character
        }
        return "row of \(cells)"
      }
      if line == "<details>" || line == "</details>" { return String(line) }
      return line.hasPrefix("<summary>") && line.hasSuffix("</summary>") ? "summary" : nil
    }
  }

  /// Names of tags in their order, without the letters in boxes, which depend on how long they are.
  private func tags(_ page: String) -> [String] {
    let pieces = page.split(separator: "<", omittingEmptySubsequences: false).dropFirst()
    return pieces.map { piece in
      String(piece.prefix { $0.isLetter || $0.isNumber || "/!-".contains($0) })
    }.filter { !["text", "/text", "code", "/code"].contains($0) }
  }

  private func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
