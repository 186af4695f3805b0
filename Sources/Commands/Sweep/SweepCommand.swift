import Basics
import Harness
import Measurement
import VectorIndex
import Vocabulary
import Workloads

/// `vbench sweep`: searches at every value of a knob, as rates at recalls.
enum SweepCommand {
  static let command = Command(
    "sweep", "Recall and searches a second over any knob of the index.",
    details: """
      Builds the index once for each set of building knobs, then searches it in a closed loop: each
      point of each trial in a fresh process, the points of a trial in random order, so that what
      drifts does not follow a knob. Recall is counted against exact neighbors; an answer as near as
      the last true one is right. --over takes KNOB=VALUES and may be given several times, as
      ef=16..512x2, concurrency=1,2 or m=8,16,32. With --json it prints what the peers' table reads:
      megabytes are millions of bytes there, and recall10 counts row numbers alone.
      """,
    flags: sweep + index + data + output,
    examples: [
      "vbench sweep -n 5k --dims 64 --over ef=16..64x2 --trials 2 -d 200ms",
      "vbench sweep --over m=8,16,32 --over ef=16..512x2 --target-recall 0.95",
      "vbench sweep --data file:Data/mine --json -o mine.json",
    ]
  ) { invocation in
    let run = try SweepRun(invocation)
    if invocation.has("dry-run") {
      try Terminal.print(run.plan)
      return .fine
    }
    let results = try run.execute()
    try write(results, invocation)
    if results.contains(where: \.isInterrupted) { return .interrupted }
    return misses(results, invocation) ? .missedObjective : .fine
  }

  private static func write(_ results: [SweepResult], _ invocation: Invocation) throws {
    if invocation.has("json") {
      let text = results.count == 1 ? try JSONText.of(results[0]) : try JSONText.of(results)
      try OutputFile.write(text, invocation)
    } else {
      try OutputFile.write(
        invocation.has("csv") ? SweepText.csv(results) : SweepText.of(results), invocation)
    }
  }

  /// A recall that was asked for by name, and that no configuration reaches.
  private static func misses(_ results: [SweepResult], _ invocation: Invocation) -> Bool {
    guard invocation.value("target-recall") != nil, let first = results.first else { return false }
    return first.targets.contains { target in
      !results.contains { result in
        result.targets.contains {
          target.recall == $0.recall && $0.rates.values.contains { $0 != nil }
        }
      }
    }
  }

  private static let sweep = [
    Flag(
      "over", .repeated("KNOB=VALUES"), "Values of a knob; may be given several times.",
      standard: "ef=16..512x2, and concurrency=1 and every core", group: .load),
    Flag(
      "target-recall", .text("R,…"), "Recalls at which the rate is read off the curve.",
      standard: "0.9,0.95,0.99,0.999", group: .quality),
    Flag("trials", .count(1...1_000), "Trials of each point.", standard: "3", group: .time),
    Flag(
      "duration", short: "d", .seconds(0.02...3_600), "Measured part of a trial.",
      standard: "500ms", group: .time),
    Flag("warmup", .seconds(0...600), "The same before it.", standard: "200ms", group: .time),
    Flag(
      "no-single-build", .toggle, "Do not build a second time with one thread.", group: .time),
  ]

  private static let index = [
    Flag("ef", .count(1...65_536), "Candidates while searching.", standard: "64", group: .target),
    Flag(
      "concurrency", short: "c", .count(1...1_024), "Searching threads.", standard: "1",
      group: .load),
    Flag("m", .count(4...128), "Links of a node.", standard: "16", group: .target),
    Flag(
      "ef-construction", .count(8...4_096), "Candidates while inserting.", standard: "200",
      group: .target),
    Flag(
      "kernel", .choice(KernelChoice.allCases.map(\.rawValue)), "Which distance kernel.",
      standard: "automatic", group: .target),
    Flag(
      "scratch", .choice(ScratchPolicy.allCases.map(\.rawValue)),
      "Scratch memory of a search, kept or made anew.", standard: "pooled", group: .target),
    Flag(
      "visited", .choice(VisitedSet.allCases.map(\.rawValue)), "How visited nodes are remembered.",
      standard: "marks", group: .target),
  ]

  /// The knobs of the data, shared with `quick`.
  static let data = [
    Flag("dataset", short: "n", .count(1...50_000_000), "Rows.", standard: "50k", group: .data),
    Flag("dims", .count(1...65_536), "Components of a vector.", standard: "256", group: .data),
    Flag(
      "data", .text("KIND|file:PATH"),
      "What the rows look like (\(DatasetSpec.Kind.made.map(\.rawValue).joined(separator: ", "))), "
        + "or a folder made by `vbench dataset`.", standard: "clustered", group: .data),
    Flag(
      "queries", .choice(DatasetSpec.QuerySource.allCases.map(\.rawValue)),
      "Where the queries come from.", standard: "heldout", group: .data),
    Flag(
      "query-count", .count(1...10_000_000), "Queries.", standard: "1k, or all of a file",
      group: .data),
    Flag(
      "metric", .choice(Metric.allCases.map(\.rawValue)), "Distance.",
      standard: "cosine, or what the folder says", group: .data),
    Flag("top-k", short: "k", .count(1...10_000), "Answers wanted.", standard: "10", group: .data),
    Flag(
      "seed", .count(0...Int.max), "Everything random follows from it.", standard: "42",
      group: .data),
  ]

  private static let output = [
    Flag(
      "store-dir", .path, "Where data and indexes lie while it lasts.",
      standard: "the current folder", group: .output),
    Flag("csv", .toggle, "Print comma-separated values.", group: .output),
    Flag("dry-run", .toggle, "Print the plan, and stop.", group: .output),
    SharedFlags.json, SharedFlags.output,
  ]
}
