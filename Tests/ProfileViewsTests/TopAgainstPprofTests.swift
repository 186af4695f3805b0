import Basics
import Foundation
import Pprof
import ProfileViews
import TestSupport
import Testing

/// `go tool pprof -top` is the oracle; its answers are also kept, for machines without Go.
struct TopAgainstPprofTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let profile: String
    let flags: [String]

    var testDescription: String { "\(profile) \(flags.joined(separator: " "))" }

    var golden: String {
      let words = ([profile] + flags).joined(separator: " ")
      return String(words.map { $0.isLetter || $0.isNumber || "-=_.".contains($0) ? $0 : "_" })
        + ".txt"
    }
  }

  static let profiles = [
    "go_cpu", "go_heap", "go_mutex", "go_block", "synthetic-inlined", "synthetic-unnamed",
    "synthetic-odd",
  ]

  static let flags: [[String]] = [
    [], ["-cum"], ["-nodecount=5"], ["-cum", "-nodecount=3"], ["-sample_index=0"],
    ["-focus=search"], ["-ignore=runtime"], ["-focus=main", "-ignore=heap"], ["-unit=ms"],
    ["-relative_percentages", "-focus=index"], ["-noinlines"], ["-tagfocus=op=search"],
    ["-hide=runtime"], ["-show=main"], ["-show_from=main"], ["-trim=false"], ["-lines"],
    ["-compact_labels"], ["-nodefraction=0.05"], ["-tagignore=op=insert", "-cum"],
    ["-focus=sea.*Lay|Push$"], ["-files"], ["-filefunctions"], ["-tagfocus=bytes=1kb:"],
    ["-tagignore=:512"], ["-focus=vector<|f\\("],
  ]

  static let cases = profiles.flatMap { profile in
    flags.map { Case(profile: profile, flags: $0) }
  }

  @Test(arguments: cases)
  func `the table is pprof's, line for line`(question: Case) throws {
    let scratch = try TemporaryDirectory("top")
    let path = scratch.file("\(question.profile).pprof")
    try Data(ProfileWriter.encode(Self.profile(question.profile))).write(to: URL(filePath: path))
    let ours = try Self.table(question)
    let isLive = Tool.path(of: "go") != nil
    let theirs =
      try isLive
      ? Tool.output(
        ["go", "tool", "pprof", "-top"] + question.flags + [path],
        environment: ["HOME": scratch.path, "TZ": "UTC"]) : nil
    let oracle = try theirs ?? Golden.text(question.golden, current: theirs ?? ours)
    #expect(ours == oracle)
    if let theirs {
      #expect(try Golden.text(question.golden, current: theirs) == theirs)
    }
  }

  private static func table(_ question: Case) throws -> String {
    var options = TopView.Options()
    options.timeText = { nanoseconds in
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.timeZone = TimeZone(identifier: "UTC")
      format.dateFormat = "MMM d, yyyy 'at' h:mma '(UTC)'"
      let text = format.string(from: Date(timeIntervalSince1970: Double(nanoseconds) / 1e9))
      return text.replacingOccurrences(of: "AM", with: "am").replacingOccurrences(
        of: "PM", with: "pm")
    }
    for flag in question.flags {
      let parts = flag.drop { $0 == "-" }.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts[0] {
      case "cum": options.sortsByCum = true
      case "nodecount": options.nodeCount = Int(value) ?? 0
      case "nodefraction": options.nodeFraction = Double(value) ?? 0
      case "sample_index": options.sampleIndex = value
      case "focus": options.filter.focus = try NamePattern(value)
      case "ignore": options.filter.ignore = try NamePattern(value)
      case "hide": options.filter.hide = try NamePattern(value)
      case "show": options.filter.show = try NamePattern(value)
      case "show_from": options.filter.showFrom = try NamePattern(value)
      case "tagfocus": options.filter.tagFocus = try TagPattern(value)
      case "tagignore": options.filter.tagIgnore = try TagPattern(value)
      case "unit": options.unit = value
      case "relative_percentages": options.isRelative = true
      case "noinlines": options.noInlines = true
      case "lines", "files", "filefunctions":
        options.granularity = try #require(Granularity(rawValue: parts[0]))
      case "compact_labels": options.compactLabels = true
      case "trim":
        options.nodeFraction = 0
        options.edgeFraction = 0
      default: Issue.record("the test does not know \(flag)")
      }
    }
    return try TopView(profile(question.profile), options).text
  }

  static func profile(_ name: String) throws -> Profile {
    switch name {
    case "synthetic-inlined": synthetic(isNamed: true)
    case "synthetic-unnamed": synthetic(isNamed: false)
    case "synthetic-odd": odd()
    default: try ProfileReader.read(path: "\(Golden.fixtures)/go/\(name).pprof")
    }
  }

  /// Recursion, inlined frames, addresses without names, labels, and names that need care.
  private static func synthetic(isNamed: Bool) -> Profile {
    var random = SeededRandom(isNamed ? 5 : 6)
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")],
      periodType: .init("cpu", "nanoseconds"), period: 1_001_001, defaultSampleType: "cpu")
    let mapping = Profile.Mapping(
      start: 0x1000, limit: 0x9000, offset: 0, filename: "folder/engine", buildID: "ab12",
      hasFilenames: true, hasLineNumbers: true, hasInlineFrames: true)
    let names = [
      "GraphIndex.searchLayer(_:)", "CandidatePool.insert<A>(_:)", "vb_dot_avx2",
      "std::vector<int>::push_back(int)", "runtime.mallocgc", "Main.main()", "memmove",
      "closure #1 in Store.search(_:k:)", "do_syscall_64",
    ]
    for _ in 0..<400 {
      let stack = (0..<(1 + random.below(9))).map { _ -> ProfileBuilder.Frame in
        let address = UInt64(0x1000 + 16 * random.below(500))
        if !isNamed, random.below(3) == 0 {
          return ProfileBuilder.Frame(
            address: address, mapping: random.below(4) == 0 ? nil : mapping, lines: [])
        }
        let lines = (0..<(random.below(4) == 0 ? 3 : 1)).map { _ in
          let name = names[min(random.below(names.count), random.below(names.count))]
          return (
            function: Profile.Function(
              name: name, systemName: "$s\(name)", filename: "Sources/Engine/file.swift"),
            line: Int64(1 + random.below(30))
          )
        }
        return ProfileBuilder.Frame(address: address, mapping: mapping, lines: lines)
      }
      let count = Int64(1 + random.below(4))
      builder.add(
        stack: stack, values: [count, count * 1_001_001],
        labels: [Profile.Label("op", random.below(3) == 0 ? "insert" : "search")])
    }
    builder.setTime(
      startNanoseconds: 1_770_400_000_000_000_000, durationNanoseconds: 2_345_678_901)
    builder.addComment("made by hand")
    return builder.profile
  }

  /// A difference of two profiles, with names that are their own linker names, paths that are not
  /// clean, numbers as tags, and stacks that come twice.
  private static func odd() -> Profile {
    var random = SeededRandom(7)
    let names = [
      "std::vector<int, A<b>>::push_back(int)", "ns::f(void (*)(int))", "foo.(*Bar[...]).Method",
      "a](b::c(int)", "main.search", "(anonymous namespace)::go(int)::operator()(x)", "f(int)::g(",
      "größe.日本語",
    ]
    let files = ["./x//y/../z.c", "../q.c", "/src/../../a.go", "", "/src/b.go"]
    var profile = Profile(
      sampleTypes: [.init("space", "bytes")],
      mappings: [
        Profile.Mapping(start: 0, limit: 9, offset: 0, filename: "/bin/prog", buildID: ""),
        Profile.Mapping(start: 9, limit: 99, offset: 0, filename: "/lib/libz.so.1", buildID: ""),
      ],
      functions: names.enumerated().map { index, name in
        Profile.Function(
          name: name, systemName: name, filename: files[index % files.count],
          startLine: Int64(index))
      }, comments: ["seen", "#unseen"])
    for index in 0..<24 {
      var lines: [Profile.Line] = []
      for _ in 0..<(index % 5 == 0 ? 2 : 1) {
        let function = Int32(random.below(names.count))
        lines.append(Profile.Line(function: function, line: Int64(random.below(4))))
      }
      profile.locations.append(
        Profile.Location(mapping: Int32(index % 2), address: UInt64(16 + index), lines: lines))
    }
    for _ in 0..<120 {
      var stack: [Int32] = []
      for _ in 0..<(1 + random.below(3)) { stack.append(Int32(random.below(12))) }
      let value = Int64(random.below(9_000)) - 3_000
      let size = [16, 512, 4_096][random.below(3)]
      profile.samples.append(
        Profile.Sample(
          locations: stack, values: [value],
          labels: [Profile.Label("bytes", number: Int64(size), unit: "bytes")]))
    }
    return profile
  }
}
