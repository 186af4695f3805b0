import Basics
import ForeignProfiles
import Harness
import Measurement
import RunRecords
import Sampling
import VectorIndex
import VectorStore
import Vocabulary
import Workloads

/// A workload, carried out small in a simulated machine: counts of one call of each operation.
///
/// For every kind there are three processes that differ in nothing but their calls: none, half of
/// them, and all. What the last counts beyond the first is what the calls did, start and loading
/// excluded, exactly; the one between shows whether a call costs the same all along.
struct CacheSimulation {
  let run: WorkloadSettings
  /// Rows of the small workload; nil for as many as usual.
  let rows: Int?
  let progress: Progress

  /// - Parameter work: Where stores and copies may lie meanwhile.
  /// - Returns: What was counted.
  /// - Throws: `Interrupted`, or why nothing could be counted.
  func execute(in work: String) throws -> SimulatedCache {
    let folder = "\(work)/simulated"
    try FileSystem.makeDirectory(folder)
    defer { try? FileSystem.removeTree(folder) }
    progress.begin("Simulating the caches", fraction: 0.97)
    let size = SimulationSize(of: run, rows: rows)
    let bench = Bench(
      valgrind: try Valgrind(in: folder), geometry: CacheGeometry(),
      program: try PlainProgram.make(of: OwnProgram.path, in: folder),
      store: try Self.load(size.settings, in: folder), size: size, folder: folder)
    return try compare(bench)
  }

  /// By one thread, so that the graph is the same every time.
  private static func load(_ settings: WorkloadSettings, in folder: String) throws -> String {
    let path = "\(folder)/loaded"
    do { _ = try LoadPhase.run(settings, at: path, threads: 1) } catch {
      throw Failure(.failed, "The rows to be simulated could not be loaded: \(error)")
    }
    return path
  }

  /// What all processes have in common.
  private struct Bench {
    let valgrind: Valgrind
    let geometry: CacheGeometry
    let program: String
    let store: String
    let size: SimulationSize
    let folder: String

    /// One process that makes `calls` of one kind, on a copy of the store of its own.
    func count(_ kind: OperationKind?, calls: Int = 0) throws -> Valgrind.Counted {
      if Interrupts.count > 0 { throw Interrupted() }
      let copy = "\(folder)/store"
      defer { try? FileSystem.removeTree(copy) }
      do { try VectorStore.copy(from: store, to: copy) } catch {
        throw Failure(.failed, "The store could not be copied to be simulated: \(error)")
      }
      let plan = CountedLoop.Plan(
        settings: size.settings, storePath: copy, warmCalls: SimulationSize.warmCalls,
        kinds: size.kinds.map {
          .init($0.kind, calls: $0.kind == kind ? calls : 0, callsMax: $0.calls)
        })
      return try valgrind.count(plan, program: program, caches: geometry.words, in: folder)
    }
  }

  private func compare(_ bench: Bench) throws -> SimulatedCache {
    let none = try bench.count(nil)
    var operations: [SimulatedCache.Operation] = []
    for (number, kind) in bench.size.kinds.enumerated() {
      let share = Double(number) / Double(bench.size.kinds.count)
      progress.update(fraction: 0.97 + 0.03 * share)
      operations.append(try operation(kind.kind, kind.calls, bench, none.file))
    }
    let caches = none.file.caches.map {
      SimulatedCache.Cache(
        name: $0.name, bytes: $0.bytes, lineBytes: $0.lineBytes, ways: $0.ways)
    }
    let workload = workload(bench.size, none.outcome)
    return SimulatedCache(
      toolVersion: bench.valgrind.version, caches: caches, workload: workload,
      operations: operations,
      notes: SimulationNotes(
        workload: workload, caches: caches, run: run, geometry: bench.geometry,
        warnings: none.warnings
      ).sentences)
  }

  private func operation(
    _ kind: OperationKind, _ calls: Int, _ bench: Bench, _ none: CachegrindFile
  ) throws -> SimulatedCache.Operation {
    let half = try bench.count(kind, calls: calls / 2)
    let all = try bench.count(kind, calls: calls)
    let version = bench.valgrind.version
    let difference = try CountDifference(from: none, to: all.file, version: version)
    return SimulatedCache.Operation(
      name: kind.rawValue, calls: calls, warmCalls: SimulationSize.warmCalls,
      counts: difference.counts,
      firstHalf: try CountDifference(from: none, to: half.file, version: version).counts,
      functions: difference.top(Demangler()))
  }

  private func workload(
    _ size: SimulationSize, _ outcome: CountedLoop.Outcome
  ) -> SimulatedCache.Workload {
    SimulatedCache.Workload(
      rows: size.settings.dataset.rows, rowsOfRun: run.dataset.rows,
      dimensions: size.settings.dataset.dimensions, kernel: outcome.kernel.rawValue,
      kernelOfRun: run.kernel.resolved.rawValue, dataBytes: size.dataBytes,
      writeBatch: size.settings.writeBatch)
  }
}
