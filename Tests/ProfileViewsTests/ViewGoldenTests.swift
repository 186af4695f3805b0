import Foundation
import Pprof
import ProfileViews
import TestSupport
import Testing

/// The views as values, beside answers of `go tool pprof` that are kept for machines without Go.
struct ViewGoldenTests {
  struct Question: Sendable, CustomTestStringConvertible {
    let view: String
    let profile: String

    var testDescription: String { "\(view) of \(profile)" }
    var golden: String { "views/\(profile)_\(view).txt" }
  }

  static let questions =
    ["go_heap", "shop_cpu", "shop_block", "odd-labels", "odd-names"].flatMap { profile in
      ["tree", "peek", "traces", "tags", "dot", "list", "raw"].map {
        Question(view: $0, profile: profile)
      }
    } + [
      Question(view: "peek", profile: "odd-negative"),
      Question(view: "dot", profile: "odd-negative"),
      Question(view: "list", profile: "odd-inlined"),
      Question(view: "dot", profile: "odd-inlined"),
    ]

  @Test(arguments: questions)
  func `the view is pprof's, letter for letter`(question: Question) throws {
    let ours = try Self.text(question.view, CombinedProfile(Self.profile(question.profile)))
    let theirs = try Self.answer(question)
    let oracle = try theirs ?? Golden.text(question.golden, current: ours)
    #expect(ours == oracle)
    if let theirs { #expect(try Golden.text(question.golden, current: theirs) == theirs) }
  }

  private static let pattern = "main|work1|part|Type"

  private static func text(_ view: String, _ profile: CombinedProfile) throws -> String {
    var options = ViewOptions()
    options.timeText = { PprofTime.header($0) }
    switch view {
    case "tree": return try TreeView(profile, options).text
    case "peek":
      return try TreeView(profile, peekingAt: NamePattern(pattern), options).text
    case "traces": return try TracesView(profile, options).text
    case "tags": return try TagsView(profile, options).text
    case "dot": return try CallGraphView(profile, options).text
    case "raw": return try RawView(profile, options).text { PprofTime.full($0) }
    default:
      let list = try ListView(profile, matching: NamePattern(pattern), options) { file in
        file.hasPrefix("/")
          ? .missing("open \(file): no such file or directory")
          : .missing("could not find file \(trimmed(file)) on path /nowhere")
      }
      return list.text
    }
  }

  private static func trimmed(_ file: String) -> String {
    let start = "/proc/self/cwd/"
    return file.hasPrefix(start) ? String(file.dropFirst(start.count)) : file
  }

  private static func answer(_ question: Question) throws -> String? {
    if Tool.path(of: "go") == nil { return nil }
    let scratch = try TemporaryDirectory("golden")
    let file = scratch.file("\(question.profile).pprof")
    try Data(ProfileWriter.encode(profile(question.profile))).write(to: URL(filePath: file))
    let isSearch = ["peek", "list"].contains(question.view)
    let view = "-\(question.view)" + (isSearch ? "=\(pattern)" : "")
    return try Tool.output(
      ["go", "tool", "pprof", view]
        + (question.view == "list" ? ["-source_path=/nowhere"] : []) + [file],
      environment: ["HOME": scratch.path, "PPROF_TMPDIR": scratch.path, "TZ": "UTC"])
  }

  private static func profile(_ name: String) throws -> Profile {
    if let odd = OddProfiles.all[name] { return odd() }
    return try ProfileReader.read(path: "\(Golden.fixtures)/go/\(name).pprof")
  }
}

/// Points in time as pprof writes them, in UTC.
private enum PprofTime {
  static func header(_ nanoseconds: Int64) -> String {
    text(nanoseconds, "MMM d, yyyy 'at' h:mma '(UTC)'")
      .replacingOccurrences(of: "AM", with: "am").replacingOccurrences(of: "PM", with: "pm")
  }

  static func full(_ nanoseconds: Int64) -> String {
    var fraction = nanoseconds % 1_000_000_000 == 0 ? "" : ".\(nanoseconds % 1_000_000_000)"
    if !fraction.isEmpty {
      let digits = "\(nanoseconds % 1_000_000_000 + 1_000_000_000)".dropFirst()
      fraction = "." + digits.reversed().drop { $0 == "0" }.reversed().map(String.init).joined()
    }
    return text(nanoseconds, "yyyy-MM-dd HH:mm:ss") + "\(fraction) +0000 UTC"
  }

  private static func text(_ nanoseconds: Int64, _ pattern: String) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = pattern
    let seconds = Double(nanoseconds / 1_000_000_000)
    return format.string(from: Date(timeIntervalSince1970: seconds))
  }
}
