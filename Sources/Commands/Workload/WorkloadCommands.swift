import Harness
import Measurement
import RunRecords
import StorageEngine
import Workloads

/// `vbench market`, `vbench search-only`, `vbench write-only`.
enum WorkloadCommands {
  static let all = [market, searchOnly, writeOnly]

  static let market = make(
    "market", "Reads and writes mixed, as a live service sees them; the place to begin.",
    examples: [
      "vbench market", "vbench market --dims 768 -n 20k -c 4", "vbench market --preset source",
      "vbench market --mix search=88,upsert=6,delete=4,get=2 --keys zipf:0.99 --warmup auto",
    ])

  static let searchOnly = make(
    "search-only", "Searches only: the index without the storage engine's part.",
    examples: [
      "vbench search-only -k 10 --ef 128", "vbench search-only --data file:Data/mine --ef 128",
      "vbench search-only --cold", "vbench search-only --simulate-cache",
    ])

  static let writeOnly = make(
    "write-only", "Inserts and deletes only: the log, the syncs and the graph's upkeep.",
    flags: [
      Flag(
        "kill-test", .count(1...100_000),
        "Instead: kill a writing process so many times, and look for what it acknowledged.")
    ],
    examples: [
      "vbench write-only --write-batch 1 --durability strict", "vbench write-only --kill-test 50",
    ])

  private static func make(
    _ name: String, _ summary: String, flags: [Flag] = [], examples: [String]
  ) -> Command {
    Command(
      name, summary,
      details: """
        Rows are loaded once; each trial then runs in a fresh process on its own copy of the store,
        at a fixed offered rate, with latencies counted from when an operation was due. Results,
        latencies and what is needed to repeat the run go to a new folder under Profiles/.
        """,
      flags: WorkloadFlags.flags + flags, examples: examples
    ) { invocation in
      let (filled, notes) = try LikeRun.fill(invocation)
      if !flags.isEmpty, let kills = filled.count("kill-test") {
        return try killTest(kills, try WorkloadRun(filled, notes: notes), filled)
      }
      return try runAll(try WorkloadRun(filled, notes: notes), filled)
    }
  }

  private static func runAll(_ run: WorkloadRun, _ invocation: Invocation) throws -> ExitStatus {
    if invocation.has("dry-run") {
      for arm in run.arms { try Terminal.print(PlanText.of(arm, run.name)) }
      return .fine
    }
    let isJSON = invocation.has("json")
    let outcome = try run.execute { outcome in
      if isJSON { return }
      for run in outcome.runs {
        try Terminal.print(ResultText.of(run.record, run.path, run.arm.simulated))
      }
    }
    let records = outcome.runs.map(\.record)
    if isJSON {
      // One document, whatever there was: a list only where a list was asked for.
      try Terminal.print(
        run.arms.count == 1 ? try JSONText.of(records[0]) : try JSONText.of(records))
    } else if run.arms.count > 1 {
      try Terminal.print(PointTable.text(outcome.runs.map { PointTable.Row($0) }))
    }
    return outcome.status
  }

  private static func killTest(
    _ kills: Int, _ run: WorkloadRun, _ invocation: Invocation
  ) throws -> ExitStatus {
    let settings = run.reader.settings
    let own: Set<String> = [
      "kill-test", "durability", "seed", "store-dir", "out", "json", "output", "quiet", "color",
    ]
    if let other = invocation.given.first(where: { !own.contains($0) }) {
      throw Failure.usage(
        "--kill-test writes what it chose itself, so --\(other) has no effect on it; leave it out.",
        invocation.command)
    }
    guard settings.durability != .none else {
      throw Failure.usage("Without durability nothing is promised, so nothing can be tested.")
    }
    let parent = invocation.text("store-dir") ?? invocation.text("out") ?? "Profiles"
    let outcome = try KillTest(
      kills: kills, durability: settings.durability,
      script: KillScript(seed: settings.dataset.seed), progress: run.progress, parent: parent
    ).run()
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(outcome) : KillTestText.of(outcome))
    if !outcome.problems.isEmpty { return .failed }
    return outcome.isInterrupted ? .interrupted : .fine
  }
}
