import Measurement
import RunRecords
import Vocabulary

/// What to record beside, so that the next report can say what this one could not.
struct Extensions {
  let evidence: Evidence
  let counters: CounterTable
  let commands: SourceCommand

  var list: [FindingsReport.Experiment] {
    missingProfiles + others
  }

  private var missingProfiles: [FindingsReport.Experiment] {
    ProfileKind.allCases.compactMap { kind in
      guard !evidence.roles.contains(where: { $0.profiles[kind] != nil }) else { return nil }
      return FindingsReport.Experiment(
        statement: Prose("Record \(Self.gain(kind))"), command: repeated(kind.rawValue))
    }
  }

  private static func gain(_ kind: ProfileKind) -> String {
    switch kind {
    case .cpu: "a CPU profile: without one nothing is known of where the work is."
    case .mutex: "a mutex profile: it names who holds the locks that others wait for."
    case .block: "a block profile: it tells waiting from working, and idle from wasted."
    case .heap: "a heap profile: it counts allocations and names who makes them."
    }
  }

  private var others: [FindingsReport.Experiment] {
    var list = ofGo
    if counters.rows.contains(where: { $0.unit == .ratio && !$0.isTold }) {
      list.append(
        .init(
          statement:
            "Repeat on a machine with hardware counters: cache misses and stalls tell whether the CPU works or waits for memory.",
          command: repeated("cpu,counters")))
    }
    if evidence.record != nil, !evidence.roles.contains(where: knowsLines) {
      list.append(
        .init(
          statement:
            "Install what reads debug information (`vbench doctor` names it): findings then carry file and line.",
          command: nil))
    }
    list.append(
      .init(
        statement:
          "A timeline shows which thread waits for which: what a sum of waits cannot tell.",
        command: evidence.record == nil ? nil : "vbench record --profile timeline -- COMMAND"))
    return list
  }

  /// What Go offers beside its profiles, where they leave something out.
  private var ofGo: [FindingsReport.Experiment] {
    let slices = evidence.roles.flatMap(\.profiles.values)
    guard slices.contains(where: { $0.kind == .block && $0.isGoWaits }) else { return [] }
    var statements: [Prose] = [
      "Take an execution trace (`/debug/pprof/trace?seconds=5`, then `go tool trace`): it has the time inside system calls, on the network and asleep, which no profile of Go has."
    ]
    if evidence.roles.contains(where: { $0.seconds(.heap) != nil }) {
      statements.append(
        "Fetch a heap profile without a window (`/debug/pprof/heap`): it has how much is in use in all."
      )
    }
    return statements.map { FindingsReport.Experiment(statement: $0, command: nil) }
  }

  private func knowsLines(_ role: RoleEvidence) -> Bool {
    role.profiles.values.contains { !$0.table.files.isEmpty }
  }

  private func repeated(_ kinds: String) -> String? {
    guard let record = evidence.record else { return nil }
    return evidence.offersLoad
      ? "vbench \(SourceCommand.quoted(record.command)) --like \(commands.folderWord) --profile \(kinds)"
      : "vbench record --profile \(kinds) -- COMMAND"
  }
}

extension CounterTable.Row {
  var isTold: Bool {
    if case .told = value { true } else { false }
  }
}
