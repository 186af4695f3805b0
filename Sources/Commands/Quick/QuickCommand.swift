import Basics
import Harness
import Measurement
import VectorIndex
import Vocabulary
import Workloads

/// `vbench quick`: build, save, load, ask; several times, with how stable it is.
enum QuickCommand {
  static let command = Command(
    "quick", "The card of an index: build, save, load, size, query latencies, recall, allocations.",
    details: """
      Builds an index, saves it, loads it, and asks it queries, in a fresh process for each trial,
      and prints every number with its interval over the trials, its variation, and the smallest
      change that as many trials would show. The standard card is that of the source document:
      1,000 × 128 rows in [-1, 1) of unit length, Euclidean, m 16, ef-construction 200, ef 100, 500
      queries; the queries are asked several times over, because a 99th percentile needs 1,000
      searches. Recall is counted outside the time, against exact neighbors.
      """,
    flags: [
      Flag("trials", .count(1...1_000), "Trials.", standard: "10", group: .time),
      Flag(
        "passes", .count(1...100_000), "How often every query is asked in a trial.",
        standard: "4", group: .time),
      Flag("dataset", short: "n", .count(1...50_000_000), "Rows.", standard: "1k", group: .data),
      Flag("dims", .count(1...65_536), "Components of a vector.", standard: "128", group: .data),
      Flag(
        "data", .text("KIND|file:PATH"),
        "What the rows look like (\(DatasetSpec.Kind.made.map(\.rawValue).joined(separator: ", "))), "
          + "or a folder made by `vbench dataset`.", standard: "signed", group: .data),
      Flag(
        "queries", .choice(DatasetSpec.QuerySource.allCases.map(\.rawValue)),
        "Where the queries come from.", standard: "heldout", group: .data),
      Flag(
        "query-count", .count(1...10_000_000), "Queries.", standard: "500, or all of a file",
        group: .data),
      Flag(
        "metric", .choice(Metric.allCases.map(\.rawValue)), "Distance.",
        standard: "l2, or what the folder says", group: .data),
      Flag(
        "top-k", short: "k", .count(1...10_000), "Answers wanted.", standard: "10", group: .data),
      Flag(
        "seed", .count(0...Int.max), "Everything random follows from it.", standard: "42",
        group: .data),
      Flag("m", .count(4...128), "Links of a node.", standard: "16", group: .target),
      Flag(
        "ef-construction", .count(8...4_096), "Candidates while inserting.", standard: "200",
        group: .target),
      Flag(
        "ef", .count(1...65_536), "Candidates while searching.", standard: "100", group: .target),
      Flag(
        "kernel", .choice(KernelChoice.allCases.map(\.rawValue)), "Which distance kernel.",
        standard: "automatic", group: .target),
      Flag(
        "threads", .count(1...1_024), "Threads that build.", standard: "1", group: .load),
      Flag("no-allocations", .toggle, "Do not count allocations.", group: .output),
      Flag(
        "recall-floor", .ratio(0...1), "Less recall than this ends with status 4.",
        group: .quality),
      Flag(
        "store-dir", .path, "Where data and indexes lie while it lasts.",
        standard: "the current folder", group: .output),
      SharedFlags.json, SharedFlags.output,
    ],
    examples: [
      "vbench quick --trials 3", "vbench quick -n 10k --dims 1536 --data clustered --trials 5",
    ]
  ) { invocation in
    let result = try QuickRun(invocation).execute()
    try OutputFile.write(
      invocation.has("json") ? try JSONText.of(result) : QuickText.of(result), invocation)
    if result.isInterrupted { return .interrupted }
    let recall = result.lines.first { $0.name == "recall" }?.estimate.value ?? 0
    return recall < invocation.ratio("recall-floor") ?? 0 ? .missedObjective : .fine
  }
}
