import Foundation
import TestSupport
import Testing

/// What the report says about four Go services whose faults are known: their sources stand in
/// `Tests/Fixtures/services`.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ServicesExampleTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private struct Report: Decodable {
    let findings: [Finding]
    let roles: [Role]
    let waits: [Wait]
    let gates: [Gate]
    let notEvaluable: [Reason]

    struct Finding: Decodable {
      let rule: String
      let role: String
      let severity: String
      let confidence: String
      let title: [Part]
      let joined: [Joined]?
    }

    /// What a finding tells beside itself.
    struct Joined: Decodable { let finding: Finding }

    struct Part: Decodable {
      let text: String?
      let name: String?
    }

    struct Role: Decodable {
      let name: String
      let members: [String]
      let character: String
    }

    struct Wait: Decodable {
      let role: String
      let nature: String
      let owner: String
    }

    struct Gate: Decodable {
      let id: String
      let state: String
    }

    struct Reason: Decodable {
      let rule: String
      let reason: String
    }

    func first(_ role: String) -> Finding? { findings.first { $0.role == role } }

    func fired(_ role: String, _ rule: String) -> Finding? {
      let all = findings.flatMap { [$0] + ($0.joined ?? []).map(\.finding) }
      return all.first { $0.role == role && $0.rule == rule }
    }
  }

  private func report(_ more: String...) throws -> Report {
    let run = try BuiltProgram.run(
      ["report", "Profiles/example-services", "--json"] + more, in: root.path)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  private func words(_ finding: Report.Finding?) -> String {
    finding?.title.map { $0.text ?? $0.name ?? "" }.joined() ?? ""
  }

  @Test func `the first thing to know is the gateway's lock around its log`() throws {
    let report = try report()
    let first = try #require(report.findings.first)
    #expect(first.role == "gateway" && ["L9", "L1"].contains(first.rule))
    let log = words(report.fired("gateway", "L9"))
    #expect(log.contains("main.(*requestLog).record, called by main.(*gateway).handle"))
    #expect(log.contains("across fsync: requests wait for it for 6"))
    #expect(report.findings.allSatisfy { !words($0).contains("Unlock") })
    #expect(words(report.fired("gateway", "B7")).contains("for other services"))
  }

  @Test func `the workers are one role that churns memory and shares a lock with its flush`() throws
  {
    let report = try report()
    let worker = try #require(report.roles.first { $0.name == "worker" })
    #expect(worker.members == ["worker1", "worker2"])
    #expect(words(report.fired("worker", "M13")).contains("throws away nearly all it allocates"))
    #expect(report.fired("worker", "M10") != nil && report.fired("worker", "M1") != nil)
    #expect(words(report.fired("worker", "C4")).contains("Sorting"))
    let lock = words(report.fired("worker", "L10"))
    #expect(lock.hasPrefix("Reads and writes share a lock of main.(*store)"))
    #expect(lock.contains("reads wait for main.(*store).Insert and main.(*store).Flush"))
    #expect(report.fired("gateway", "M13") == nil && report.fired("gateway", "L10") == nil)
  }

  @Test func `the coordinator is idle, and its select is no bottleneck`() throws {
    let report = try report()
    #expect(report.roles.first { $0.name == "coordinator" }?.character == "idle")
    let waits = report.waits.filter { $0.role == "coordinator" }
    #expect(waits.contains { $0.nature == "idle" && $0.owner == "main.(*coordinator).watch" })
    #expect(waits.allSatisfy { $0.nature == "idle" || $0.nature == "wasted" })
    #expect(report.findings.filter { $0.role == "coordinator" }.map(\.rule) == ["B1"])
  }

  @Test func `nothing is surer or graver than profiles without a record allow`() throws {
    let report = try report()
    #expect(report.findings.allSatisfy { ["info", "low", "medium"].contains($0.severity) })
    #expect(report.findings.allSatisfy { $0.confidence != "high" })
    #expect(report.gates.first { $0.id == "Q5" }?.state == "warning")
    let reasons = report.notEvaluable.map(\.reason)
    #expect(!reasons.contains { $0.contains("no heap profile") })
    #expect(report.notEvaluable.contains { $0.rule == "K4" && $0.reason.contains("kernel frames") })
  }

  @Test func `the text names no Unlock as a cause and no path of a machine`() throws {
    let text = try String(
      contentsOf: root.appending(path: "Reports/example-services.md"), encoding: .utf8)
    #expect(text.contains("CPU was sampled at 100 Hz for 40.0 s to 40.1 s."))
    #expect(text.contains("The profiler itself is in the files as well"))
    #expect(!text.contains("gRPC") && !text.contains("inout"))
    #expect(!text.contains("/srv") && !text.contains("Capture a heap profile"))
    #expect(!text.contains("charged to `sync."))
  }

  @Test func `the example of a file of rules works as the page says`() throws {
    let page = try String(
      contentsOf: root.appending(path: "Sources/vbench/Documentation.docc/RulesOfYourOwn.md"),
      encoding: .utf8)
    let rules = try String(
      contentsOf: root.appending(path: "Tests/Fixtures/our.rules"), encoding: .utf8)
    #expect(page.contains("```\n\(rules)```"))
    let report = try report("--rules", "Tests/Fixtures/our.rules")
    #expect(report.findings.filter { $0.rule == "encode-answers" }.map(\.role) == ["worker"])
  }

  @Test func `a file of rules that is wrong is one sentence with its place`() throws {
    let folder = try TemporaryDirectory("rules")
    let wrong = folder.file("wrong.rules")
    try Data("[group allocations]\n".utf8).write(to: URL(filePath: wrong))
    let unknown = try BuiltProgram.run(
      ["report", "Profiles/example-services", "--rules", wrong], in: root.path)
    #expect(unknown.status == 6)
    #expect(unknown.errors.contains("wrong.rules:1:8: there is no group `allocations`."))
    #expect(unknown.errors.split(separator: "\n").count == 1)
    let missing = try BuiltProgram.run(
      ["report", "Profiles/example-services", "--rules", folder.file("nowhere")], in: root.path)
    #expect(missing.status == 6 && missing.errors.contains("could not be read"))
    let large = folder.file("large.rules")
    _ = FileManager.default.createFile(atPath: large, contents: nil)
    try FileHandle(forWritingTo: URL(filePath: large)).truncate(atOffset: 100_000_000)
    let long = try BuiltProgram.run(
      ["report", "Profiles/example-services", "--rules", large], in: root.path)
    #expect(long.status == 6 && long.errors.contains("100000000 bytes"))
  }
}
