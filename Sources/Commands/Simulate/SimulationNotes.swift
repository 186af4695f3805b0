import Harness
import Measurement
import RunRecords
import Vocabulary

/// What a reader of simulated counts must know, in sentences.
struct SimulationNotes {
  let workload: SimulatedCache.Workload
  let caches: [SimulatedCache.Cache]
  let run: WorkloadSettings
  let geometry: CacheGeometry
  /// What cachegrind itself warned of.
  let warnings: [String]

  var sentences: [String] {
    [
      "A model, not a measurement: no prefetching, no translation of addresses, two levels of "
        + "caches, one thread, one client.",
      geometry.note, fit, kernel, fused, batch,
    ].compactMap(\.self) + warnings.filter { !isAnswered($0) }
  }

  /// Misses of a cache that holds everything say nothing about one that does not.
  private var fit: String? {
    guard let last = caches.first(where: { $0.name == "LL" }),
      workload.dataBytes <= last.bytes
    else { return nil }
    let (data, cache) = (Double(workload.dataBytes), Double(last.bytes))
    let rest =
      workload.rows < workload.rowsOfRun
      ? " here, whatever the run's \(NumberText.count(workload.rowsOfRun)) rows make of it; "
        + "--simulate-rows takes more" : ""
    return "The \(NumberText.count(workload.rows)) rows (\(NumberText.bytes(data))) fit into the "
      + "last-level cache (\(NumberText.bytes(cache))), so misses of it are few\(rest)."
  }

  private var kernel: String? {
    if workload.kernel == workload.kernelOfRun { return nil }
    return "Distances were computed by the \(workload.kernel) kernel, because the simulated "
      + "processor knows no instructions of \(workload.kernelOfRun), which the run uses."
  }

  /// Seen with a loop of nothing else: 128,000 such instructions had 1,024,000 accesses.
  private var fused: String? {
    guard workload.kernel == "avx2" else { return nil }
    return "valgrind takes a fused multiply-add that reads memory apart: data accesses count each "
      + "of its eight lanes, and misses do not."
  }

  private var batch: String? {
    let writes: [OperationKind] = [.insert, .upsert, .delete]
    guard workload.writeBatch < run.writeBatch, writes.contains(where: { run.share(of: $0) > 0 })
    else { return nil }
    return
      "Batches of writes have \(workload.writeBatch) vectors and not \(run.writeBatch), because "
      + "there are so few rows."
  }

  /// The one about the L3 is for those who told it nothing.
  private func isAnswered(_ warning: String) -> Bool {
    warning.contains("L3 cache found") && geometry.told.contains { $0.flag == "LL" }
  }
}
