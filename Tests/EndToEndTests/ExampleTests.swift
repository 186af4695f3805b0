import Foundation
import TestSupport
import Testing

/// The committed example is what the program makes of it, and the README quotes what it printed.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ExampleTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Each generated file with the words that make it.
  private static let generated: [(file: String, words: [String])] = [
    ("example.md", ["report", "Profiles/example"]),
    ("example-services.md", ["report", "Profiles/example-services"]),
    ("example.svg", ["flamegraph", "Profiles/example"]),
    ("example.html", ["report", "--html", "Profiles/example"]),
    ("example-counters.md", ["report", "--style", "counters", "Profiles/example-faulty"]),
    (
      "example-gap.md",
      ["report", "--targets", "Reports/example-targets.txt", "Profiles/example-faulty"]
    ), ("example-ingest.md", ["report", "--style", "ingest", "Profiles/example-faulty"]),
  ]

  @Test(arguments: generated.indices)
  func `the examples are made again byte for byte`(index: Int) throws {
    let (name, words) = Self.generated[index]
    let folder = try TemporaryDirectory("example")
    let file = folder.file(name)
    let run = try BuiltProgram.run(words + ["-o", file], in: root.path)
    #expect(run.status == 0, "\(run.errors)")
    let made = try String(contentsOfFile: file, encoding: .utf8)
    if Golden.isRefreshing {
      try made.write(to: root.appending(path: "Reports/\(name)"), atomically: true, encoding: .utf8)
    }
    let committed = try text("Reports/\(name)")
    let difference = zip(made.split(separator: "\n"), committed.split(separator: "\n"))
      .first { $0 != $1 }
    #expect(made == committed, "first difference: \(String(describing: difference))")
  }

  @Test func `what the README quotes stands in the report`() throws {
    let report = try text("Reports/example.md")
    let readme = try text("README.md")
    let after = readme.components(separatedBy: "## The report").last ?? ""
    let quoted = (after.components(separatedBy: "Every number names").first ?? "")
      .split(separator: "\n").filter { "|├└1".contains($0.first ?? " ") }
    #expect(quoted.count > 10)
    for line in quoted { #expect(report.contains(line), "\(line)") }
  }

  @Test func `what the README shows of a terminal is in the record`() throws {
    let record =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: root.appending(path: "Profiles/example/run.json")))
      as? [String: Any]
    let results = record?["results"] as? [[String: Any]] ?? []
    func value(_ name: String) -> Double? {
      let result = results.first { $0["name"] as? String == name }
      return (result?["estimate"] as? [String: Any])?["value"] as? Double
    }
    let readme = try text("README.md")
    for (name, scale, unit) in [
      ("capacity", 1.0, "/s"), ("search.response.p50", 1e6, " µs"), ("cpu.per.insert", 1e3, " ms"),
    ] {
      let shown = try #require(value(name)) * scale
      let digits = shown >= 100 ? String(Int(shown.rounded())) : String(format: "%.1f", shown)
      let line = readme.split(separator: "\n").first { $0.hasPrefix("  \(name) ") }
      #expect(line?.contains("\(digits)\(unit)") == true, "\(name): \(line ?? "no line")")
    }
  }
}
