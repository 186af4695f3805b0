import Harness
import RunRecords
import VectorIndex
import Vocabulary
import Workloads

/// How small a workload becomes that is to be simulated.
///
/// A simulated processor is fifty to a hundred times slower than a real one, so there are few rows
/// and few calls. What decides over the cost of a call stays as it is: width, links, candidates,
/// neighbors wanted, kernel, filters, durability and, as far as the rows go, the write batch.
struct SimulationSize {
  let settings: WorkloadSettings
  /// Kinds of operations that the workload has, and of how many calls each is counted.
  let kinds: [(kind: OperationKind, calls: Int)]

  static let standardRows = 4_000
  static let warmCalls = 8
  private static let searchesMax = 200
  /// Vectors that are inserted, replaced or deleted, as long as there are that many.
  private static let written = 400
  private static let writesMax = 100

  init(of run: WorkloadSettings, rows: Int?) {
    var small = run
    small.dataset.rows = min(run.dataset.rows, rows ?? Self.standardRows)
    if small.dataset.querySource == .stored {
      small.dataset.queries = min(small.dataset.queries, small.dataset.rows)
    }
    // An eighth for the calls that warm up, and no more than a half for all.
    small.writeBatch = min(run.writeBatch, max(1, small.dataset.rows / 64))
    // What `automatic` means here, not in the simulated machine.
    small.kernel = run.kernel.resolved
    settings = small
    let (searches, writes) = (Self.searches(small), Self.writes(small))
    kinds = Self.kinds(of: run).map { kind in
      (kind, kind == .search || kind == .get ? searches : writes)
    }
  }

  /// An even number, so that there are halves.
  private static func searches(_ settings: WorkloadSettings) -> Int {
    max(20, min(searchesMax, settings.dataset.rows / 20)) / 2 * 2
  }

  private static func writes(_ settings: WorkloadSettings) -> Int {
    let vectors = min(written, settings.dataset.rows / 4)
    return max(2, min(writesMax, vectors / settings.writeBatch) / 2 * 2)
  }

  /// What arrives, and what follows from it: where the set keeps its size, each insert has a delete.
  private static func kinds(of settings: WorkloadSettings) -> [OperationKind] {
    let mix = settings.plan.mix
    let isKept = settings.maxLive == .constant
    var kinds = OperationKind.allCases.filter { mix.share(of: $0) > 0 }
    if isKept, mix.pairedShare(of: .insert) > 0 { kinds.append(.delete) }
    if isKept, mix.pairedShare(of: .delete) > 0 { kinds.append(.insert) }
    return Set(kinds).sorted()
  }

  /// Vectors and links, in bytes.
  var dataBytes: Int {
    settings.dataset.rows * (settings.dataset.dimensions * 4 + settings.m * 12 + 32)
  }
}
