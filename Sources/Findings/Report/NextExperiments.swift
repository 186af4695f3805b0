import Measurement
import RunRecords
import Vocabulary

/// What to run next: to mend what the gates found, then to separate causes.
struct NextExperiments {
  let evidence: Evidence
  let gates: GateReport
  let commands: SourceCommand

  func list(_ findings: [Finding]) -> [FindingsReport.Experiment] {
    let mends = gates.results.filter { $0.state == .fail && !$0.consequence.isEmpty }.map {
      FindingsReport.Experiment(
        statement: "Mend \($0.id) (\($0.title)): \($0.consequence)", command: nil)
    }
    return mends + verifications(findings) + separations
  }

  private func verifications(_ findings: [Finding]) -> [FindingsReport.Experiment] {
    findings.filter { $0.severity >= .medium }.prefix(3).map { finding in
      FindingsReport.Experiment(
        statement: "Try the first fix of \(finding.id): it worked if \(finding.verify.passes).",
        command: evidence.record == nil ? nil : finding.verify.commands.first)
    }
  }

  private var separations: [FindingsReport.Experiment] {
    guard evidence.record != nil else { return foreignSeparations }
    let like = "--like \(commands.folderWord)"
    var list = [
      FindingsReport.Experiment(
        statement:
          "Searches alone, at a rate of their own: by as much as \(name: "search.service.p50") falls, writes beside them cost.",
        command: "vbench search-only \(like)"),
      FindingsReport.Experiment(
        statement:
          "Writes alone, at a rate of their own: by as much as \(name: "insert.service.p50") falls, searches beside them cost.",
        command: "vbench write-only \(like)"),
    ]
    if let higher = higherLoad(like) { list.append(higher) }
    return list
  }

  /// More workers wait for the same operations of an open loop; only a higher rate loads it more.
  private func higherLoad(_ like: String) -> FindingsReport.Experiment? {
    guard let record = evidence.record else { return nil }
    if record.setting("arrival") != "closed",
      let capacity = record.result("capacity")?.estimate.value, capacity > 0
    {
      let rate = Wording.number((capacity * 0.8).rounded())
      return FindingsReport.Experiment(
        statement:
          "At four fifths of its capacity: by as much as \(name: "cpu.per.operation") rises, operations get in each other's way; what \(name: "search.response.p99") rises by beyond that is queueing.",
        command: "vbench \(SourceCommand.quoted(record.command)) \(like) --rate \(rate)")
    }
    guard let workers = record.setting("concurrency").flatMap({ Int($0) }), workers < 1 << 20 else {
      return nil
    }
    return FindingsReport.Experiment(
      statement:
        "Four times the workers: by as much as \(name: "cpu.per.operation") rises, they get in each other's way.",
      command: "vbench \(SourceCommand.quoted(record.command)) \(like) --concurrency \(workers * 4)"
    )
  }
}

extension NextExperiments {
  private var foreignSeparations: [FindingsReport.Experiment] {
    var statements: [Prose] = [
      "Record throughput and latency in the same run, so that shares become costs.",
      "Run a higher load (four times the clients) and compare the profiles.",
      "Run reads without writes, and writes without reads, to see what each causes by itself.",
    ]
    let withoutHeap = evidence.roles.filter { $0.profiles[.heap] == nil }
    if !withoutHeap.isEmpty {
      statements.append("Capture a heap profile in the same run, to see who allocates.")
    }
    return statements.map { FindingsReport.Experiment(statement: $0, command: nil) }
  }
}

/// The commands with which every number of the report can be seen again.
struct CommandList {
  let evidence: Evidence
  let commands: SourceCommand

  var lines: [FindingsReport.CommandLine] {
    let folder = SourceCommand.shareable(evidence.run.path)
    var lines: [FindingsReport.CommandLine] = []
    if let record = evidence.record, !record.replay.isEmpty {
      lines.append(.init(group: "Run again", command: SourceCommand.scrubbed(record.replay)))
    }
    lines.append(.init(group: "Report", command: "vbench report \(commands.folderWord)"))
    for kind in ProfileKind.allCases {
      for file in evidence.collected where file.problem == nil && file.kind == kind {
        let path = SourceCommand.quoted("\(folder)/\(file.path)")
        for program in ["vbench top", "go tool pprof -top"] {
          lines.append(.init(group: kind.rawValue, command: "\(program) -nodecount=8 \(path)"))
        }
      }
    }
    return lines
  }
}
