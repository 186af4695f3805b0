import Harness
import Measurement
import RunRecords

/// `vbench market`, `vbench search-only`, `vbench write-only`.
enum WorkloadCommands {
  static let market = make(
    "market", "Reads and writes mixed, as a live service sees them; the place to begin.",
    examples: [
      "vbench market", "vbench market --dims 768 -n 20k -c 4", "vbench market --preset source",
    ])

  static let searchOnly = make(
    "search-only", "Searches only: the index without the storage engine's part.",
    examples: ["vbench search-only -k 10 --ef 128"])

  static let writeOnly = make(
    "write-only", "Inserts and deletes only: the log, the syncs and the graph's upkeep.",
    examples: ["vbench write-only --write-batch 1 --durability strict"])

  private static func make(_ name: String, _ summary: String, examples: [String]) -> Command {
    Command(
      name, summary,
      details: """
        Rows are loaded once; each trial then runs in a fresh process on its own copy of the store,
        at a fixed offered rate, with latencies counted from when an operation was due. Results,
        latencies and what is needed to repeat the run go to a new folder under Profiles/.
        """,
      flags: WorkloadFlags.flags, examples: examples
    ) { invocation in
      let (invocation, notes) = try LikeRun.fill(invocation)
      let run = try WorkloadRun(name, invocation, notes: notes)
      if invocation.has("dry-run") {
        try Terminal.print(PlanText.of(run.reader, name))
        return .fine
      }
      let (path, record) = try run.execute()
      try Terminal.print(
        invocation.has("json") ? try JSONText.of(record) : ResultText.of(record, path))
      return record.status == .interrupted ? .interrupted : .fine
    }
  }
}
