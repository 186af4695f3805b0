import Harness
import StorageEngine
import VectorIndex
import Vocabulary
import Workloads

/// The knobs of the workload commands, the source systems' `MARKET_*` variables among them.
enum WorkloadFlags {
  /// What only a command that makes runs of its own can do.
  static let simulation: Set<String> = ["simulate-cache", "simulate-rows"]

  static let flags: [Flag] = target + data + mix + load + time + profile + output

  private static let target = [
    Flag("target", .text("TARGET"), "What to drive: engine.", standard: "engine", group: .target),
    Flag(
      "durability", .text("MODE"),
      "What an acknowledgement promises: strict, relaxed, relaxed:MS:BYTES, or none.",
      standard: "strict", group: .target),
    Flag(
      "store-dir", .path, "Where stores lie while the run lasts.",
      standard: "beside the output folder", group: .target),
    Flag("m", .count(4...128), "Links of a node.", standard: "16", group: .target),
    Flag(
      "ef-construction", .count(8...4_096), "Candidates while inserting.", standard: "200",
      group: .target),
    Flag("ef", .count(1...65_536), "Candidates while searching.", standard: "64", group: .target),
    Flag(
      "kernel", .choice(KernelChoice.allCases.map(\.rawValue)), "Which distance kernel.",
      standard: "automatic", group: .target),
    Flag(
      "scratch", .choice(ScratchPolicy.allCases.map(\.rawValue)),
      "Scratch memory of a search, kept or made anew.", standard: "pooled", group: .target),
    Flag(
      "visited", .choice(VisitedSet.allCases.map(\.rawValue)), "How visited nodes are remembered.",
      standard: "marks", group: .target),
    Flag(
      "group-commit", .choice(["on", "off"]), "Whether commits share a sync.", standard: "on",
      group: .target),
  ]

  private static let data = [
    Flag(
      "dataset", short: "n", .count(1...100_000_000), "Rows loaded before the run.",
      standard: "50k, or all of a file", variables: ["MARKET_DATASET"], group: .data),
    Flag(
      "dims", .counts(1...65_536),
      "Numbers in a vector; several make a run each, where a workload stands alone.",
      standard: "256",
      variables: ["MARKET_DIMS"], group: .data),
    Flag(
      "scale-by-dim", .choice(["source", "none"]),
      "Fewer rows for wide vectors, as the source benchmark does.", standard: "none", group: .data),
    Flag(
      "data", .text("KIND|file:PATH"),
      "How vectors are drawn (\(DatasetSpec.Kind.made.map(\.rawValue).joined(separator: ", "))), or "
        + "file:PATH for those of a dataset, as `vbench dataset` makes or imports it.",
      standard: "clustered", group: .data),
    Flag(
      "queries", .choice(DatasetSpec.QuerySource.allCases.map(\.rawValue)),
      "Queries of their own, or stored rows.", standard: "heldout", group: .data),
    Flag(
      "metric", .choice(Metric.allCases.map(\.rawValue)), "Distance.",
      standard: "cosine, or what a file's folder says", group: .data),
    Flag(
      "top-k", short: "k", .count(1...10_000), "Answers wanted.", standard: "10",
      variables: ["MARKET_TOPK"], group: .data),
    Flag(
      "seed", .count(0...Int.max), "Everything random follows from it.", standard: "42",
      group: .data),
  ]

  private static let mix = [
    Flag(
      "read-ratio", .ratio(0...1), "Share of searches among the operations.", standard: "0.9",
      variables: ["MARKET_READ_RATIO"], group: .mix),
    Flag(
      "mix", .text("KIND=N,…"),
      "Weights of search, insert, upsert, delete and get, instead of a read ratio.", group: .mix),
    Flag(
      "keys", .text("CHOICE"),
      "Which keys writes and gets take, and which queries are popular: uniform, zipf:0.99, hotspot, "
        + "or latest.", standard: "hotspot", group: .mix),
    Flag(
      "filter", .text("sel=SHARE,…"),
      "Searches see that share of the ids only; several take turns, and each is told by itself.",
      standard: "none", group: .mix),
    Flag(
      "hot-ratio", .ratio(0.000_001...1), "The first share of the queries is hot, and of the keys.",
      standard: "0.1", variables: ["MARKET_HOT_RATIO"], group: .mix),
    Flag(
      "hot-query-ratio", .ratio(0...1), "Share of operations that take a hot query or key.",
      standard: "0.8", variables: ["MARKET_HOT_QUERY_RATIO"], group: .mix),
    Flag(
      "write-batch", .count(1...1_000_000), "Vectors in an insert, an upsert or a delete.",
      standard: "50",
      variables: ["MARKET_WRITE_BATCH"], group: .mix),
    Flag(
      "max-live", .choice(WorkloadSettings.MaxLive.allCases.map(\.rawValue)),
      "Keep the set's size by undoing what the mix changes, or let it become what it becomes.",
      standard: "const", group: .mix),
  ]

  private static let load = [
    Flag(
      "concurrency", short: "c", .counts(1...1_024),
      "Client threads; several make a run each, taking turns, where a workload stands alone.",
      standard: "8",
      variables: ["MARKET_CONCURRENCY"], group: .load),
    Flag(
      "rate", short: "r", .number(0.001...1e9), "Operations offered a second.",
      standard: "half of what a closed loop reaches", group: .load),
    Flag(
      "ramp", .seconds(0...3_600),
      "The load rises evenly for so long before the measured phase, and is not counted.",
      standard: "none", group: .load),
    Flag(
      "arrival", .choice(ArrivalSchedule.Kind.allCases.map(\.rawValue)), "When operations are due.",
      standard: "poisson", group: .load),
  ]

  private static let time = [
    Flag(
      "duration", short: "d", .seconds(0.05...86_400), "Measured phase of a trial.",
      standard: "4s", variables: ["MARKET_DURATION_SEC"], group: .time),
    Flag(
      "warmup", .text("TIME|auto"),
      "Closed loop before it; auto or auto:30s goes on until its rate is steady, so long at most.",
      standard: "600ms", group: .time),
    Flag(
      "cold", .toggle,
      "Drop the store's files from the page cache before each trial opens it; without a warm-up, "
        + "unless one is given.", group: .time),
    Flag(
      "trials", .count(1...1_000), "Trials, each in a fresh process.", standard: "5", group: .time),
    Flag(
      "preset", .choice(["source"]),
      "The source's own parameters: 100 rows, 60 s, closed loop, growth, stored queries.",
      group: .time),
  ]

  private static let profile = [
    Flag(
      "profile", .choices(["cpu", "mutex", "block", "heap", "none"]), "What to watch.",
      standard: "cpu,mutex,block", group: .profile),
    Flag(
      "hz", .count(1...4_000), "CPU samples a second of each thread.",
      standard: "\(TrialProfiler.standardHertz)",
      group: .profile),
    Flag(
      "heap-mean", .count(1...1_000_000_000),
      "Bytes between two samples of the heap, with --profile heap.", standard: "16384",
      group: .profile),
    Flag(
      "simulate-cache", .toggle,
      "Carry the workload out a second time, small, in valgrind's cachegrind, and tell what a call "
        + "of each operation does in simulated caches.", group: .profile),
    Flag(
      "simulate-rows", .count(64...10_000_000), "Rows of the simulated workload.",
      standard: "4k, or all if fewer", group: .profile),
    Flag(
      "market-clients", .text("N"), "Accepted without effect, as at the source.",
      variables: ["MARKET_CLIENTS"], group: .profile),
    Flag(
      "profile-seconds", .text("N"), "Accepted without effect, as at the source.",
      variables: ["PROFILE_SECONDS"], group: .profile),
  ]

  private static let output = [
    Flag(
      "like", .path, "Take data, rate and options of this run, except what is given.",
      group: .other),
    Flag("out", .path, "Folder for run directories.", standard: "Profiles", group: .output),
    Flag("label", .text("NAME"), "Part of the run directory's name.", group: .output),
    Flag("dry-run", .toggle, "Print the plan and its cost, and stop.", group: .output),
    SharedFlags.json,
  ]
}
