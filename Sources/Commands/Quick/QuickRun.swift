import Basics
import Harness
import Measurement
import RunRecords
import VectorIndex
import Vocabulary
import Workloads

/// All trials of a quick card.
struct QuickRun {
  private let invocation: Invocation
  private let progress: Progress
  private let choice: PreparedData.Choice

  init(_ invocation: Invocation) throws(Failure) {
    self.invocation = invocation
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    choice = try PreparedData.choice(
      invocation,
      standard: DatasetSpec(
        kind: .signed, rows: 1_000, dimensions: 128, metric: .l2, queries: 500,
        querySource: .heldout, seed: 42))
    let kernel = invocation.text("kernel").flatMap(KernelChoice.init) ?? .automatic
    guard kernel.isAvailable else {
      throw .usage("This processor cannot run the \(kernel.rawValue) kernel.", invocation.command)
    }
  }

  func execute() throws -> QuickResult {
    Interrupts.startCounting()
    let work = try Self.workFolder(invocation)
    defer { progress.end() }
    let outcome = Result { try measure(in: work.path) }
    work.remove()
    if Interrupts.count > 0, case .failure = outcome {
      throw Failure(.interrupted, "Interrupted before the first trial had ended.")
    }
    return try outcome.get()
  }

  static func workFolder(_ invocation: Invocation) throws -> WorkFolder {
    do { return try WorkFolder(beside: invocation.text("store-dir") ?? ".") } catch {
      throw Failure(
        .failed, "No work folder could be made (\(error)); name a place with --store-dir.")
    }
  }

  private func measure(in folder: String) throws -> QuickResult {
    let k = invocation.count("top-k") ?? 10
    let data = try PreparedData.prepare(
      choice, k: k, queryCount: invocation.count("query-count"), in: folder, progress)
    let options = IndexOptions(
      dimensions: data.dimensions, metric: data.metric, m: invocation.count("m") ?? 16,
      efConstruction: invocation.count("ef-construction") ?? 200,
      seed: UInt64(invocation.count("seed") ?? 42),
      kernel: invocation.text("kernel").flatMap(KernelChoice.init) ?? .automatic)
    let plan = QuickCard.Plan(
      data: data, options: options, k: k, ef: invocation.count("ef") ?? 100,
      passes: invocation.count("passes") ?? 4, threads: invocation.count("threads") ?? 1,
      snapshot: "\(folder)/index")
    let trials = invocation.count("trials") ?? 10
    var cards: [QuickCard] = []
    var isInterrupted = false
    for trial in 1...trials {
      progress.begin(
        "Trial \(trial) of \(trials)", fraction: 0.1 + 0.8 * Double(trial - 1) / Double(trials))
      do {
        cards.append(try ChildJob<QuickCard>(QuickJob.name).run(plan, in: folder))
      } catch is Interrupted where !cards.isEmpty {
        isInterrupted = true
        break
      }
    }
    var result = result(plan)
    result.isInterrupted = isInterrupted
    result.summarize(cards)
    if isInterrupted {
      result.notes.append("Interrupted after \(cards.count) of \(trials) trials.")
    } else if !invocation.has("no-allocations") {
      try addAllocations(&result, plan, folder)
    }
    return result
  }

  private func result(_ plan: QuickCard.Plan) -> QuickResult {
    var result = QuickResult(
      dataset: plan.data.name, rows: plan.data.rows, dimensions: plan.data.dimensions,
      queries: plan.data.queryCount, metric: plan.data.metric, m: plan.options.m,
      efConstruction: plan.options.efConstruction, ef: plan.ef, k: plan.k, passes: plan.passes,
      threads: plan.threads, seed: plan.options.seed,
      rawBytes: plan.data.rows * plan.data.dimensions * 4,
      environment: EnvironmentCapture.record(
        storeFolder: invocation.text("store-dir") ?? ".", toolVersion: Vbench.version))
    if result.environment.buildMode == "debug" {
      result.notes.append("This is a debug build; its times mean nothing.")
    }
    return result
  }

  private func addAllocations(
    _ result: inout QuickResult, _ plan: QuickCard.Plan, _ folder: String
  ) throws {
    if let refusal = CountedAllocations.refusal {
      result.notes.append(refusal)
      return
    }
    progress.begin("Counting allocations", fraction: 0.92)
    let parts = try QuickAllocationJob.count(plan, in: folder)
    func each(_ part: QuickCard.Part, of operations: Int) -> CountedAllocations.Window {
      let window = parts[part] ?? CountedAllocations.Window(allocations: 0, bytes: 0)
      return CountedAllocations.Window(
        allocations: window.allocations / Double(operations),
        bytes: window.bytes / Double(operations))
    }
    result.allocations = QuickResult.Allocations(
      perInsert: each(.build, of: plan.data.rows),
      perSearch: each(.search, of: plan.data.queryCount * plan.passes), save: each(.save, of: 1),
      load: each(.load, of: 1))
  }
}
