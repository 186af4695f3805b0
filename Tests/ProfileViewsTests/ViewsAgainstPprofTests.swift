import Foundation
import Pprof
import TestSupport
import Testing

/// The program itself beside `go tool pprof`, with the same words, answer for answer.
@Suite(
  .enabled(
    if: BuiltProgram.path != nil && Tool.path(of: "go") != nil,
    "there is no go tool pprof, or vbench is not built"))
struct ViewsAgainstPprofTests {
  struct Question: Sendable {
    let view: String
    var pattern: String?
    var flags: [String] = []
    let profiles: [String]

    var text: String {
      "\(view) \(pattern ?? "") \(flags.joined(separator: " ")) \(profiles.joined(separator: " "))"
    }
  }

  /// Where we differ, by the words of a question, and why; no other answer may differ.
  static let differences: [String: String] = [
    "dot  -base=go_cpu shop_cpu": chance, "dot  -diff_base=go_cpu -drop_negative shop_cpu": chance,
    "tree   odd-ties": chance, "dot   odd-ties": chance,
    "peek main|search|work|part  odd-ties": chance,
    "dot  -call_tree shop_allocs": twins, "dot  -call_tree engine_block": ranks,
    "dot  -files odd-names": twins,
    "top   odd-bytes": bytes, "traces   odd-bytes": bytes,
    "top  -base=odd-huge odd-huge": rounding, "raw  -base=odd-huge odd-huge": rounding,
    "top   odd-over": overflow, "tree   odd-over": overflow,
  ]

  private static let chance =
    "pprof orders costs of one size and both signs by chance, each time anew; we do by name"
  private static let twins =
    "pprof orders nodes and calls of one name and one cost by chance; we do by place"
  private static let ranks =
    "nodes of one rank and name stand where Go's sort, which is not stable, leaves them in pprof"
  private static let bytes =
    "pprof prints names that are not UTF-8 as they are; ours are repaired, for JSON and terminals"
  private static let rounding =
    "pprof takes a base away in floating point, so that a large profile less itself is not nothing"

  private static let overflow =
    "sums beyond 2^63 wrap around in pprof, to a negative total; we refuse such a profile"

  static let plain = ["top", "tree", "traces", "tags", "dot", "raw"]
  static let searching = ["peek", "list"]

  static let fixtures = [
    "go_cpu", "go_heap", "go_mutex", "go_block", "shop_cpu", "shop_heap", "shop_allocs",
    "shop_mutex", "shop_block", "shop_goroutine",
  ]

  static let examples = ["engine_cpu", "engine_block", "engine_mutex", "client_cpu"]

  /// Flags, and the views that they mean something for.
  static let asked: [(flags: [String], views: [String])] =
    [
      ["-focus=main|work1"], ["-ignore=runtime|work2"], ["-hide=runtime|work3"],
      ["-show=main|Index|work"], ["-show_from=main|Store|work1"], ["-prune_from=Push|total|work1"],
      ["-tagfocus=worker=1"], ["-tagfocus=get|kind"], ["-tagignore=op=search"],
      ["-tagfocus=bytes=1kb:"], ["-tagshow=kind|op"], ["-taghide=kind|op"],
      ["-tagroot=op,kind"], ["-tagleaf=worker,op"], ["-tagroot=bytes"], ["-sample_index=0"],
      ["-focus=(?i)MAIN|WORK"], ["-ignore=nothing_has_this_name"],
      [#"-focus=\b(insert|work1)\b"#], [#"-hide=^\w+\.[[:alpha:]]+$"#], [#"-show=\pL{6,}|\d$"#],
      [#"-ignore=e\B|\bx|\)\b"#],
      ["-tagfocus=op=^(get|search)$", "-tagignore=op=retry"], ["-focus=nothing_has_this_name"],
    ].map { ($0, plain + searching) }
    + [
      ["-unit=us"], ["-unit=auto"], ["-noinlines"], ["-mean"], ["-divide_by=7"],
      ["-relative_percentages", "-focus=main|work1"],
    ].map { ($0, ["top", "tree", "peek", "dot", "traces"]) }
    + [["-lines"], ["-files"], ["-filefunctions"], ["-addresses"], ["-addresses", "-noinlines"]]
    .map { ($0, ["top", "tree", "dot", "traces"]) }
    + [
      ["-cum"], ["-nodecount=10", "-cum"], ["-compact_labels"], ["-trim=false", "-cum"],
      ["-lines", "-cum"], ["-mean", "-cum", "-lines"],
    ].map { ($0, ["top", "tree"]) }
    + [[["-call_tree"], ["dot"]], [["-call_tree", "-nodecount=12"], ["dot"]]]
    .map { ($0[0], $0[1]) }
    + [
      ["-nodecount=10"], ["-nodefraction=0.1"], ["-edgefraction=0.1"], ["-trim=false"],
      ["-drop_negative"], ["-trim_path=/usr/local", "-lines"],
      ["-source_path=/x/runtime", "-files"],
    ].map { ($0, ["top", "tree", "dot"]) }

  static let pairs: [[String]] = [
    ["-base=BASE"], ["-diff_base=BASE"], ["-diff_base=BASE", "-normalize"],
    ["-base=BASE", "-normalize", "-nodecount=12"], ["-diff_base=BASE", "-drop_negative"], [],
  ]

  static var questions: [Question] {
    let odd = OddProfiles.all.keys.sorted().filter { !["odd-ties", "odd-over"].contains($0) }
    var result: [Question] = []
    for profile in fixtures + examples + odd {
      for view in plain { result.append(Question(view: view, profiles: [profile])) }
      for view in searching {
        result.append(Question(view: view, pattern: "main|search|work|part", profiles: [profile]))
      }
    }
    // Each way of asking meets another profile for each view.
    let cast = fixtures + examples + odd.filter { $0 != "odd-crowded" }
    for (number, way) in asked.enumerated() {
      for (place, view) in way.views.enumerated() {
        let profile = cast[(number * 7 + place * 5) % cast.count]
        result.append(
          Question(
            view: view, pattern: searching.contains(view) ? "main|search|work|part" : nil,
            flags: way.flags, profiles: [profile]))
      }
    }
    let couples = [
      ["go_cpu", "shop_cpu"], ["shop_allocs", "shop_heap"], ["odd-negative", "odd-crowded"],
      ["engine_cpu", "client_cpu"],
    ]
    for (number, flags) in pairs.enumerated() {
      for (place, view) in (plain + ["peek"]).enumerated() {
        if flags.contains("-drop_negative"), !["top", "tree", "dot"].contains(view) { continue }
        if flags.contains("-nodecount=12"), !["top", "tree", "dot"].contains(view) { continue }
        let couple = couples[(number + place) % couples.count]
        result.append(
          Question(
            view: view, pattern: view == "peek" ? "main|work1" : nil,
            flags: flags.map { $0.replacingOccurrences(of: "BASE", with: couple[0]) },
            profiles: flags.isEmpty ? couple : [couple[1]]))
      }
    }
    result += known
    let sources = ["-source_path=SOURCES"]
    for profile in ["shop_cpu", "shop_allocs"] {
      for pattern in ["book", "newBasket|split", "main"] {
        for more in [[], ["-trim_path=example.org/shop"], ["-unit=ms"], ["-noinlines"]] {
          result.append(
            Question(view: "list", pattern: pattern, flags: sources + more, profiles: [profile]))
        }
      }
    }
    return result
  }

  /// Questions that are only asked because their answers differ.
  private static let known =
    ["tree", "dot"].map { Question(view: $0, profiles: ["odd-ties"]) }
    + [Question(view: "peek", pattern: "main|search|work|part", profiles: ["odd-ties"])]
    + [Question(view: "dot", flags: ["-call_tree"], profiles: ["shop_allocs"])]
    + ["top", "traces"].map { Question(view: $0, profiles: ["odd-bytes"]) }
    + ["top", "tree"].map { Question(view: $0, profiles: ["odd-over"]) }
    + ["top", "raw"].map {
      Question(view: $0, flags: ["-base=odd-huge"], profiles: ["odd-huge"])
    }

  @Test func `every view answers as pprof does`() async throws {
    let bench = try Bench()
    let questions = Self.questions
    let asked = Set(questions.map(\.text))
    #expect(asked.isSuperset(of: Self.differences.keys), "a difference is listed and not asked for")
    try await withThrowingTaskGroup(of: (Question, String, String).self) { group in
      for (number, question) in questions.enumerated() {
        if number >= 3, let answer = try await group.next() { Self.check(answer) }
        group.addTask { try bench.ask(question) }
      }
      for try await answer in group { Self.check(answer) }
    }
    let equal = asked.count - Self.differences.count
    print(
      "go tool pprof and vbench: \(equal) answers are equal, \(asked.count - equal) known to differ"
    )
    #expect(equal >= 200)
  }

  private static func check(_ answer: (Question, String, String)) {
    let (question, ours, theirs) = answer
    if let reason = differences[question.text] {
      // What is left to chance may be equal by chance.
      if ![chance, twins, ranks].contains(reason) { #expect(ours != theirs, "\(question.text)") }
      return
    }
    if ours == theirs { return }
    let (left, right) = (ours.components(separatedBy: "\n"), theirs.components(separatedBy: "\n"))
    let line = (0..<max(left.count, right.count)).first { number in
      number >= left.count || number >= right.count || left[number] != right[number]
    }
    let first = line.map { number in
      [left, right].map { number < $0.count ? $0[number] : "(nothing)" }
        .joined(separator: "\ntheirs: ")
    }
    Issue.record("\(question.text)\nours:   \(first ?? "")")
  }

  /// The files of a comparison in a folder of their own.
  private final class Bench: Sendable {
    private let folder: TemporaryDirectory

    init() throws {
      folder = try TemporaryDirectory("views")
      for (name, make) in OddProfiles.all {
        let bytes = Data(ProfileWriter.encode(make()))
        try bytes.write(to: URL(filePath: folder.file("\(name).pprof")))
      }
      try Data(OddProfiles.notUTF8()).write(to: URL(filePath: folder.file("odd-bytes.pprof")))
      for name in ViewsAgainstPprofTests.fixtures {
        try copy("\(Golden.fixtures)/go/\(name).pprof", "\(name).pprof")
      }
      let root = URL(filePath: Golden.fixtures).deletingLastPathComponent()
        .deletingLastPathComponent().path
      for name in ViewsAgainstPprofTests.examples {
        try copy("\(root)/Profiles/example/\(name).pprof", "\(name).pprof")
      }
      let sources = "sources/example.org/shop/v2"
      try FileManager.default.createDirectory(
        atPath: folder.file(sources), withIntermediateDirectories: true)
      try copy("\(Golden.fixtures)/go/shop/main.go.txt", "\(sources)/main.go")
    }

    private func copy(_ source: String, _ name: String) throws {
      try FileManager.default.copyItem(atPath: source, toPath: folder.file(name))
    }

    func ask(_ question: Question) throws -> (Question, String, String) {
      let flags = question.flags.map { flag -> String in
        if flag.hasSuffix("SOURCES") { return "-source_path=\(folder.file("sources"))" }
        return flag.hasPrefix("-base=") || flag.hasPrefix("-diff_base=") ? flag + ".pprof" : flag
      }
      let files = question.profiles.map { "\($0).pprof" }
      let view = "-\(question.view)" + (question.pattern.map { "=\($0)" } ?? "")
      let environment = [
        "HOME": folder.path, "PPROF_TMPDIR": folder.path, "TZ": "UTC",
      ]
      let theirs = try Self.text {
        try Tool.output(
          ["go", "tool", "pprof", view] + flags + files, environment: environment,
          in: folder.path)
      }
      let command = question.view == "dot" ? "callgraph" : question.view
      let words = [command] + flags + (question.pattern.map { [$0] } ?? []) + files
      let ours = try BuiltProgram.run(words, in: folder.path, environment: environment)
      return (
        question, ours.status == 0 ? ours.output : "it refused: \(ours.errors)",
        theirs ?? "it refused: \(ours.errors)"
      )
    }

    private static func text(_ answer: () throws -> String?) throws -> String? {
      do { return try answer() } catch let error as CocoaError
        where error.code == .fileReadCorruptFile
      { return "it is not UTF-8" }
    }
  }
}
