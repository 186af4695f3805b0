import Foundation
import TestSupport
import Testing

/// What the world does to a tool on a bad day: other languages, clocks, names and numbers.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct BadDaysTests {
  private let example = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Profiles/example")
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("bad-days") }

  private func runs(_ names: String...) throws {
    for name in names {
      try FileManager.default.copyItem(atPath: example.path, toPath: folder.file(name))
    }
  }

  private func edit(_ path: String, _ change: (inout [String: Any]) -> Void) throws {
    let data = try Data(contentsOf: URL(filePath: folder.file(path)))
    var record = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    change(&record)
    try JSONSerialization.data(withJSONObject: record)
      .write(to: URL(filePath: folder.file(path)))
  }

  /// Gives every trial of a result another value.
  private func set(_ result: String, in run: String, to value: Double) throws {
    try edit("\(run)/run.json") { record in
      record["results"] = (record["results"] as? [[String: Any]] ?? []).map { row in
        guard row["name"] as? String == result else { return row }
        var row = row
        row["trials"] = (row["trials"] as? [Any] ?? []).map { _ in value }
        row["estimate"] = ["value": value, "count": 5]
        return row
      }
    }
  }

  // MARK: - Languages

  /// German and Turkish as the C library knows them, compiled here where that can be done.
  private func locales() throws -> [[String: String]] {
    var environments = [
      ["LC_ALL": "C"], ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"], ["LC_ALL": "nonsense"],
    ]
    for name in ["de_DE", "tr_TR"] {
      let path = folder.file("locales/\(name).UTF-8")
      try FileManager.default.createDirectory(
        atPath: folder.file("locales"), withIntermediateDirectories: true)
      guard Tool.path(of: "localedef") != nil,
        try Tool.output(["localedef", "-c", "-i", name, "-f", "UTF-8", path]) != nil
      else { continue }
      environments.append(["LC_ALL": "\(name).UTF-8", "LOCPATH": folder.file("locales")])
    }
    return environments
  }

  @Test func `every language of the user gives the same bytes`() throws {
    try runs("a", "b")
    try set("capacity", in: "b", to: 1234.5)
    for words in [
      ["compare", "a", "b"], ["top", "a"],
      ["market", "--dry-run", "--read-ratio", "0.75", "-d", "1.5s"],
      ["market", "--dry-run", "--read-ratio", "0,75"],
    ] {
      let plain = try BuiltProgram.run(words, in: folder.path, environment: ["LC_ALL": "C.UTF-8"])
      for environment in try locales() {
        let run = try BuiltProgram.run(words, in: folder.path, environment: environment)
        #expect(run.status == plain.status, "\(words) \(environment)")
        #expect(run.output == plain.output, "\(words) \(environment)")
        #expect(run.errors == plain.errors, "\(words) \(environment)")
      }
    }
  }

  // MARK: - Clocks

  @Test func `no duration is taken from the wall clock, so a step of it changes none`() throws {
    let sources = example.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var seen = 0
    for file in (files?.allObjects as? [URL] ?? []) where file.pathExtension == "swift" {
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      for line in lines where line.contains("Clock.wall()") || line.contains("startedWall") {
        seen += 1
        let isDifference = line.contains(
          /(Clock\.wall\(\)|startedWall)\)*\s+&?-\s|\s&?-\s\(*(\w+\.)*(Clock\.wall\(\)|startedWall)/
        )
        #expect(!isDifference, "\(file.lastPathComponent): \(line)")
      }
    }
    #expect(seen > 8, "the clock has another name now")
  }

  @Test func `a run that is dated before the others or far ahead is read like any other`() throws {
    try runs("a", "b", "c")
    try edit("b/run.json") { $0["startedAt"] = "1970-01-01T00:00:00Z" }
    try edit("c/run.json") { $0["startedAt"] = "9999-12-31T23:59:59Z" }
    for words in [["compare", "a", "b"], ["compare", "c", "a"], ["report", "c", "-o", "-"]] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect(run.status == 0, "\(words): \(run.errors)")
    }
    let history = try BuiltProgram.run(["history", "--profiles", ".", "capacity"], in: folder.path)
    #expect(history.status == 0 && history.output.contains("3 runs"), "\(history.output)")
  }

  // MARK: - Numbers

  @Test func `results of nothing on one side or both are told without a percentage of nothing`()
    throws
  {
    try runs("a", "b")
    let names = ["capacity", "search.response.p50", "errors", "search.recall"]
    for sides in [(0.0, 0.0), (0, 5), (5, 0)] {
      for name in names {
        try set(name, in: "a", to: sides.0)
        try set(name, in: "b", to: sides.1)
      }
      for words in [["compare", "a", "b"], ["compare", "a", "b", "--format", "html"]] {
        let run = try BuiltProgram.run(words, in: folder.path)
        #expect([0, 2, 5].contains(run.status), "\(sides) \(words): \(run.errors)")
        for wrong in [" nan", " inf", "NaN", "-inf"] {
          #expect(!run.output.contains(wrong), "\(sides) \(words) prints \(wrong)")
        }
      }
    }
  }

  @Test(arguments: [1e300, -4.0])
  func `values beyond every scale, and below nothing, are printed and not trapped on`(
    value: Double
  ) throws {
    try runs("a", "b")
    for name in ["capacity", "search.response.p50", "cpu.per.search", "store.bytes", "errors"] {
      try set(name, in: "b", to: value)
    }
    for words in [
      ["compare", "a", "b", "--gate", "3%"], ["report", "b", "-o", "-"],
      ["history", "--profiles", ".", "capacity"],
    ] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect(
        run.status < 64, "\(value) \(words) ended with \(run.status): \(run.errors.suffix(300))")
    }
  }

  @Test(arguments: [Int.max, -1])
  func `a run that counts what no run can have is one sentence and status 6`(count: Int) throws {
    try runs("a")
    try edit("a/run.json") { record in
      record["trials"] = (record["trials"] as? [[String: Any]] ?? []).map { trial in
        var trial = trial
        trial["operations"] = (trial["operations"] as? [String: Any] ?? [:]).mapValues { _ in count
        }
        return trial
      }
    }
    for words in [["report", "a", "-o", "-"], ["compare", "a", "a"], ["top", "a"]] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect(run.status == 6, "\(words) ended with \(run.status)")
      #expect(run.errors.contains("counts \(count)") && run.errors.contains("no run can have"))
    }
  }

  @Test func `counters of two to the sixty-third cost their own numbers and no more`() throws {
    try runs("a")
    try edit("a/counters.json") { file in
      func enlarge(_ value: Any) -> Any {
        switch value {
        case let map as [String: Any]: map.mapValues(enlarge)
        case let list as [Any]: list.map(enlarge)
        case is Int: Int.max
        default: value
        }
      }
      file = enlarge(file) as? [String: Any] ?? file
    }
    let run = try BuiltProgram.run(["report", "a", "-o", "-"], in: folder.path)
    #expect(run.status == 0, "it ended with \(run.status): \(run.errors.suffix(300))")
    #expect(run.output.contains("counters.json cannot be read"))
  }

  // MARK: - Names

  @Test func `files whose names are not UTF-8 lie in a run without harm`() throws {
    try runs("a", "b")
    // The shell makes the name; Swift's own strings cannot hold it.
    let script = """
      set -e
      bad=$(printf 'caf\\351_cpu.pprof')
      cp a/engine_cpu.pprof "a/$bad" || exit 77
      cp a/engine_cpu.pprof "$bad"
      for words in 'top a' 'compare a b'; do
        "$0" $words > out 2> err || { echo "$words: $?"; cat err; exit 1; }
      done
      "$0" top "$bad" > out 2> err && exit 0
      test $? -eq 6 && test $(wc -l < err) -eq 1
      """
    let path = try #require(BuiltProgram.path)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, path]
    process.currentDirectoryURL = URL(filePath: folder.path)
    let said = Pipe()
    process.standardOutput = said
    process.standardError = said
    try process.run()
    let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // 77: a file system that takes no such names has no such bad days.
    #expect([0, 77].contains(process.terminationStatus), "\(text)")
  }

  // MARK: - Other layouts

  @Test(arguments: ["env.json", "run.json"])
  func `a file of a run with fields of another kind is one sentence and status 6`(file: String)
    throws
  {
    try runs("a", "b")
    let text = #"{"schema": 1, "cores": "two", "results": 5}"#
    try text.write(toFile: folder.file("b/\(file)"), atomically: true, encoding: .utf8)
    for words in [["compare", "a", "b"], ["report", "b", "-o", "-"]] {
      let run = try BuiltProgram.run(words, in: folder.path)
      #expect(run.status == 6, "\(words): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1 && run.errors.contains(file))
    }
  }

  @Test func `an experiment beside a baseline or a noise floor that cannot be read still runs`()
    throws
  {
    try FileManager.default.createDirectory(
      atPath: folder.file("Profiles"), withIntermediateDirectories: true)
    for file in ["noise.json", "baselines.json"] {
      try #"{"schema": 99}"#.write(
        toFile: folder.file("Profiles/\(file)"), atomically: true, encoding: .utf8)
    }
    let run = try BuiltProgram.run(
      [
        "search-only", "--trials", "1", "--rate", "200", "--profile", "none", "--dataset", "500",
        "--dims", "8", "-d", "100ms", "--warmup", "0",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
  }
}
