package import StorageEngine
package import VectorIndex
package import Vocabulary
package import Workloads

/// Every knob of a workload, resolved.
///
/// It travels to the trials as JSON.
package struct WorkloadSettings: Codable, Sendable, Equatable {
  package var dataset: DatasetSpec
  package var target = TargetChoice.engine
  package var readRatio = 0.9
  /// Says more than the read ratio, where it is given.
  package var mix: OperationMix?
  /// What writes and gets take, and which queries are popular.
  package var keys = KeyChoice.hotspot
  /// Of the filters that searches have; none when searches are not filtered.
  package var selectivities: [Double] = []
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
  /// Nil leaves the store's files in the page cache.
  package var pageCache: PageCacheWish?
  package var warmSeconds = 0.6
  /// Whether the warm-up goes on until the rate settles, `warmSeconds` at most.
  package var findsSteadyState = false
  /// The load rises for so long before the measured phase.
  package var rampSeconds = 0.0
  package var measuredSeconds = 4.0
  package var capacitySeconds = 1.0
  package var trials = 5
  package var recallSamples = 120
  /// Queries that are asked before the first write and after the last.
  package var churnSamples = 20
  /// Inserts that are looked for by a search of their own vector, in a trial.
  package var lagSamples = 20
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
    /// What is inserted beyond what is deleted is removed again, the oldest ids first; what is
    /// deleted beyond what is inserted is made up for by new ids.
    case constant = "const"
    /// Every operation is what it says, and the set becomes what it becomes.
    case grow
  }

  package init(dataset: DatasetSpec) { self.dataset = dataset }

  package var plan: OperationPlan {
    OperationPlan(
      mix: mix ?? OperationMix(readRatio: readRatio), keys: keys,
      hot: HotShare(keys: hotRatio, draws: hotQueryRatio), keepsSize: maxLive == .constant,
      queries: dataset.queries, selectivities: selectivities, seed: dataset.seed)
  }

  /// Share of a kind among the operations that arrive.
  package func share(of kind: OperationKind) -> Double { plan.mix.share(of: kind) }

  package var indexOptions: IndexOptions {
    IndexOptions(
      dimensions: dataset.dimensions, metric: dataset.metric, m: m,
      efConstruction: efConstruction, seed: dataset.seed, kernel: kernel, scratch: scratch,
      visited: visited)
  }
}
