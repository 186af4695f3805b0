package import StorageEngine
package import VectorIndex
import Vocabulary
package import Workloads

/// Every knob of a workload, resolved.
///
/// It travels to the trials as JSON.
package struct WorkloadSettings: Codable, Sendable, Equatable {
  package var dataset: DatasetSpec
  package var target = TargetChoice.engine
  package var readRatio = 0.9
  package var hotRatio = 0.1
  package var hotQueryRatio = 0.8
  package var writeBatch = 50
  package var topK = 10
  package var ef = 64
  package var concurrency = 8
  package var arrival = ArrivalSchedule.Kind.poisson
  /// Arrivals a second; nil until it is calibrated, and always in a closed loop.
  package var rate: Double?
  package var maxLive = MaxLive.constant
  package var warmSeconds = 0.6
  package var measuredSeconds = 4.0
  package var capacitySeconds = 1.0
  package var trials = 5
  package var recallSamples = 120
  /// A growing run stops here and says so.
  package var rowBudget = 2_000_000
  package var m = 16
  package var efConstruction = 200
  package var kernel = KernelChoice.automatic
  package var scratch = ScratchPolicy.pooled
  package var visited = VisitedSet.marks
  package var durability = Durability.strict
  package var groupCommit = true

  package enum MaxLive: String, Codable, Sendable, CaseIterable {
    /// Every insert is followed by the removal of as many of the oldest ids.
    case constant = "const"
    /// Inserts only.
    case grow
  }

  package init(dataset: DatasetSpec) { self.dataset = dataset }

  package var plan: OperationPlan {
    OperationPlan(
      readRatio: readRatio, hotRatio: hotRatio, hotQueryRatio: hotQueryRatio,
      queries: dataset.queries, seed: dataset.seed)
  }

  package var indexOptions: IndexOptions {
    IndexOptions(
      dimensions: dataset.dimensions, metric: dataset.metric, m: m,
      efConstruction: efConstruction, seed: dataset.seed, kernel: kernel, scratch: scratch,
      visited: visited)
  }
}
