import Basics
import Harness
import RunRecords
import VectorStore

/// One trial of an arm: a fresh process on a fresh copy of the arm's store, watched, and its files
/// kept in the arm's run directory.
struct ArmTrial {
  let arm: Arm
  let number: Int
  /// Where copies lie while they are needed.
  let work: String
  /// Nil where no run directory is wanted, as for a probe.
  let writer: RunWriterBox?

  /// Runs it; what came back is with the arm.
  func run() throws {
    guard let loaded = arm.store else { preconditionFailure("arms are loaded before their trials") }
    let digits = number < 10 ? "0\(number)" : "\(number)"
    let store = "\(work)/trial"
    defer { try? FileSystem.removeTree(store) }
    do { try VectorStore.copy(from: loaded.path, to: store) } catch {
      throw Failure(.failed, "The store could not be copied for trial \(number): \(error)")
    }
    let output = "\(work)/out"
    try FileSystem.removeTree(output)
    var plan = TrialPlan(
      settings: arm.settings, number: number, storePath: store, outputPath: output)
    let profiler = arm.profiler
    plan.watchesItself = profiler.needsTrialsOwnEyes
    // A probe has nobody who would look at its spells.
    if writer != nil { plan.spellSeconds = profiler.spellSeconds(arm.settings.measuredSeconds) }
    var process = TrialProcess(plan: plan, program: arm.program.path)
    process.environment = profiler.environment(leavingIn: output)
    process.onBegin = { [profiler] pid in try profiler.begin(pid) }
    process.onEnd = { [profiler] in try profiler.end() }
    process.onSpells = { [profiler] in try profiler.beginSpells($0, $1) }
    process.onSpellsEnd = { [profiler] in profiler.endSpells() }
    // Also for a trial that died among its spells.
    defer { profiler.endSpells() }
    try process.run()
    guard let finished = TrialMerge.read(output) else {
      throw Failure(.failed, "Trial \(number) ended without leaving its results.")
    }
    arm.recall += (try? FileSystem.contents(of: "\(output)/recall.jsonl")) ?? []
    let quality = try writer.flatMap { try keepFiles(finished, output, "trials/\(digits)", $0) }
    arm.keep(finished, quality)
  }

  private func keepFiles(
    _ finished: TrialMerge.Finished, _ output: String, _ folder: String, _ writer: RunWriterBox
  ) throws -> SamplingQuality? {
    for name in ["outcome.json", "latency.hlog", "recall.jsonl", "log.txt"] {
      guard let bytes = try? FileSystem.contents(of: "\(output)/\(name)"), !bytes.isEmpty else {
        continue
      }
      try writer.write(bytes, to: "\(folder)/\(name)")
    }
    return try arm.profiler.keep(
      trial: folder, leftIn: output, finished.outcome.spellSearches, writer)
  }
}
