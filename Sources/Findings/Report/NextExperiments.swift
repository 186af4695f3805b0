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
        statement: "Searches alone, to see the search path without storage.",
        command: "vbench search-only \(like)"),
      FindingsReport.Experiment(
        statement: "Writes alone, to see what contention storage causes by itself.",
        command: "vbench write-only \(like)"),
    ]
    if let workers = evidence.record?.setting("concurrency").flatMap({ Int($0) }), workers < 1 << 20
    {
      list.append(
        FindingsReport.Experiment(
          statement: "Four times the workers: what grows faster than throughput is contention.",
          command: "vbench market \(like) --concurrency \(workers * 4)"))
    }
    return list
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
