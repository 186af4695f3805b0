import Basics
import Harness
import Measurement
import RunRecords

/// `vbench micro [FILTER]`: the small parts of the engine, each on its own.
enum MicroCommand {
  static let command = Command(
    "micro", "Nanoseconds, bytes and allocations of the engine's small parts.",
    details: """
      Distance kernels, the candidate pool, the set of visited nodes, a neighbor's insertion, one
      insert, one search, one append to the log and one flush. FILTER keeps the names that contain
      it. Each part is warmed up, gets batches of a size that lasts long enough to be timed, and is
      sampled in turns with all others; variants of one part run right behind each other, and their
      ratio compares such neighbors. Allocations and bytes are counted exactly, in a process of its
      own that is not timed.
      """,
    flags: [
      Flag("samples", .count(1...100_000), "Samples of each part.", standard: "51", group: .time),
      Flag(
        "sample-time", .seconds(0.000_01...10), "What a sample should last.", standard: "1ms",
        group: .time),
      Flag("dims", .count(1...65_536), "Components of a vector.", standard: "256", group: .data),
      Flag(
        "dataset", short: "n", .count(1_000...10_000_000), "Rows in the index.", standard: "10k",
        group: .data),
      Flag(
        "seed", .count(0...Int.max), "Everything random follows from it.", standard: "42",
        group: .data),
      Flag("no-allocations", .toggle, "Do not count allocations.", group: .output),
      Flag("list", .toggle, "Print the names and what one operation is, and stop.", group: .output),
      Flag(
        "store-dir", .path, "Where the logs lie while it lasts.", standard: "the current folder",
        group: .output),
      SharedFlags.json, SharedFlags.output,
    ],
    operands: .between(0...1, "FILTER"),
    examples: [
      "vbench micro", "vbench micro visited -n 1k --dims 16 --samples 11",
      "vbench micro distance --dims 768 --json",
    ]
  ) { invocation in
    let filter = invocation.operands.first ?? ""
    let chosen = MicroCatalogue.benchmarks.filter { $0.title.contains(filter) }
    guard !chosen.isEmpty else {
      let names = Set(MicroCatalogue.benchmarks.map(\.name)).sorted()
      throw Failure.usage(
        "No part is called `\(filter)`; there are \(names.joined(separator: ", ")).",
        invocation.command)
    }
    if invocation.has("list") {
      var columns = TextColumns(["part"])
      columns.append("one operation", isNumber: false)
      for benchmark in chosen { columns.add([benchmark.title, benchmark.work]) }
      try OutputFile.write(columns.lines.joined(separator: "\n") + "\n", invocation)
      return .fine
    }
    let card = try run(chosen, filter, invocation)
    try OutputFile.write(
      invocation.has("json") ? try JSONText.of(card) : MicroText.of(card), invocation)
    return Interrupts.count > 0 ? .interrupted : .fine
  }

  struct Card: Encodable {
    var dimensions: Int
    var rows: Int
    var samples: Int
    var seed: UInt64
    var results: [MicroSampling.Result]
    var notes: [String] = []
    var environment: EnvironmentRecord
    var isInterrupted = false
  }

  private static func run(
    _ chosen: [MicroBenchmark], _ filter: String, _ invocation: Invocation
  ) throws -> Card {
    Interrupts.startCounting()
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    defer { progress.end() }
    let work = try QuickRun.workFolder(invocation)
    let outcome = Result { () throws -> Card in
      let plan = MicroAllocationJob.Plan(
        filter: filter, dimensions: invocation.count("dims") ?? 256,
        rows: invocation.count("dataset") ?? 10_000, folder: work.path,
        seed: UInt64(invocation.count("seed") ?? 42))
      return try measure(chosen, plan, invocation, progress)
    }
    work.remove()
    if Interrupts.count > 0, case .failure = outcome {
      throw Failure(.interrupted, "Interrupted before anything was measured.")
    }
    return try outcome.get()
  }

  private static func measure(
    _ chosen: [MicroBenchmark], _ plan: MicroAllocationJob.Plan, _ invocation: Invocation,
    _ progress: Progress
  ) throws -> Card {
    let samples = invocation.count("samples") ?? 51
    progress.begin("Warming up \(chosen.count) parts", fraction: 0)
    let sampling = MicroSampling(
      samples: samples,
      sampleNanoseconds: UInt64((invocation.seconds("sample-time") ?? 0.001) * 1e9),
      seed: plan.seed)
    let results = try sampling.run(
      chosen, plan.fixture, progress: { progress.update(fraction: 0.8 * $0) },
      isStopped: { Interrupts.count > 0 })
    var card = Card(
      dimensions: plan.dimensions, rows: plan.rows, samples: samples, seed: plan.seed,
      results: results,
      environment: EnvironmentCapture.record(
        storeFolder: invocation.text("store-dir") ?? ".", toolVersion: Vbench.version))
    if Interrupts.count > 0 {
      card.isInterrupted = true
      card.notes.append("Interrupted: samples are missing, and allocations were not counted.")
    } else if !invocation.has("no-allocations") {
      try addAllocations(&card, plan, progress)
    }
    if card.environment.buildMode == "debug" {
      card.notes.append("This is a debug build; its times mean nothing.")
    }
    return card
  }

  private static func addAllocations(
    _ card: inout Card, _ plan: MicroAllocationJob.Plan, _ progress: Progress
  ) throws {
    if let refusal = CountedAllocations.refusal {
      card.notes.append(refusal)
      return
    }
    progress.begin("Counting allocations", fraction: 0.85)
    let counts = try MicroAllocationJob.count(plan)
    for (place, count) in counts.enumerated() where place < card.results.count {
      card.results[place].allocations = count.allocations
      card.results[place].allocatedBytes = count.bytes
    }
  }
}
