import Basics
import StorageEngine
import Synchronization
package import VectorIndex
import VectorStore
package import Vocabulary
import Workloads

/// A closed loop of one client with a fixed number of calls, for a tool that counts what a process
/// does from its first instruction to its last.
///
/// Such a tool cannot be told when to begin. So two processes do all the same and differ in the
/// number of calls alone, and what one counts beyond the other is what these calls did. Everything
/// beside them must be equal: what is prepared depends on `callsMax` and not on `calls`, and the
/// store is not closed, for a close writes what has changed.
package struct CountedLoop {
  package struct Plan: Codable, Sendable, Equatable {
    package var settings: WorkloadSettings
    package var storePath: String
    /// Of every kind, before those that count.
    package var warmCalls: Int
    package var kinds: [Kind]

    package init(
      settings: WorkloadSettings, storePath: String, warmCalls: Int, kinds: [Kind]
    ) {
      (self.settings, self.storePath) = (settings, storePath)
      (self.warmCalls, self.kinds) = (warmCalls, kinds)
    }

    package struct Kind: Codable, Sendable, Equatable {
      package var kind: OperationKind
      package var calls: Int
      /// The most that any process of the same set makes of this kind.
      package var callsMax: Int

      package init(_ kind: OperationKind, calls: Int = 0, callsMax: Int) {
        (self.kind, self.calls, self.callsMax) = (kind, calls, callsMax)
      }
    }
  }

  package struct Outcome: Codable, Sendable, Equatable {
    /// What computed the distances.
    package var kernel: KernelChoice
    /// So that nobody can leave the work out: answers, vectors written, vectors found.
    package var done: Int
  }

  private let plan: Plan
  private let settings: WorkloadSettings

  package init(_ plan: Plan) {
    self.plan = plan
    settings = plan.settings
  }

  /// Stays until the process ends: taking a store down is work, too.
  private static let kept = Mutex<VectorStore?>(nil)

  package func run() throws -> Outcome {
    let kernel = Self.kernel(wanted: settings.kernel)
    let store = try open(kernel)
    let target = EmbeddedTarget(store)
    var script = try Script(plan)
    // What is to be deleted is chosen first, so that nothing else will ask for it.
    let prepared = plan.kinds.sorted { $0.kind > $1.kind }.map { kind in
      (kind, (0..<(plan.warmCalls + kind.callsMax)).map { script.call(kind.kind, number: $0) })
    }
    var done = 0
    for (_, calls) in prepared {
      for call in calls.prefix(plan.warmCalls) { done += try make(call, target) }
    }
    for (kind, calls) in prepared {
      for call in calls.dropFirst(plan.warmCalls).prefix(kind.calls) {
        done += try make(call, target)
      }
    }
    Self.kept.withLock { $0 = store }
    return Outcome(kernel: kernel, done: done)
  }

  /// The one that was asked for, or the best there is where the processor that this process sees
  /// has it not: a simulated one knows fewer instructions than the real.
  static func kernel(wanted: KernelChoice) -> KernelChoice {
    wanted.isAvailable ? wanted.resolved : KernelChoice.automatic.resolved
  }

  private func open(_ kernel: KernelChoice) throws -> VectorStore {
    try VectorStore.open(
      at: plan.storePath,
      overriding: { options in
        options.index.kernel = kernel
        options.index.scratch = settings.scratch
        options.index.visited = settings.visited
        options.index.slotsMax = 2 * settings.dataset.rows + 65_536
        options.storage.durability = settings.durability
        options.storage.groupCommit = settings.groupCommit
      })
  }

  // MARK: - Calls

  private enum Call {
    case search([Float], IDFilter?)
    case get(VectorID)
    case insert([VectorID], [Float])
    case upsert([VectorID], [Float])
    case delete([VectorID])
  }

  private func make(_ call: Call, _ target: EmbeddedTarget) throws -> Int {
    switch call {
    case .search(let query, nil):
      return try target.search(query.span, k: settings.topK, ef: settings.ef).count
    case .search(let query, let filter?):
      return try target.search(query.span, k: settings.topK, ef: settings.ef, where: filter).count
    case .get(let id): return try target.get(id) ? 1 : 0
    case .insert(let ids, let vectors):
      try target.insert(ids, vectors.span)
      return ids.count
    case .upsert(let ids, let vectors):
      try target.upsert(ids, vectors.span)
      return ids.count
    case .delete(let ids):
      try target.delete(ids)
      return ids.count
    }
  }

  /// Which queries are asked and which keys are taken, as the workload chooses them.
  private struct Script {
    private let settings: WorkloadSettings
    private let plan: OperationPlan
    private let searches: OperationPlan
    private let source: VectorSource
    private let attribute: Attribute
    private let keys: KeySpace
    private var numbers: VectorNumbers

    init(_ plan: CountedLoop.Plan) throws {
      settings = plan.settings
      self.plan = settings.plan
      var searching = settings
      (searching.mix, searching.readRatio) = (nil, 1)
      searches = searching.plan
      source = try VectorSource(opening: settings.dataset)
      attribute = Attribute(seed: settings.dataset.seed)
      keys = KeySpace(settings)
      numbers = VectorNumbers(
        from: UInt64(settings.dataset.rows), worker: 0, of: 1, batch: settings.writeBatch)
    }

    mutating func call(_ kind: OperationKind, number: Int) -> Call {
      var random = plan.keyRandom(number)
      switch kind {
      case .insert:
        let ids = numbers.takeBatch()
        return .insert(ids, source.rows(of: ids))
      case .upsert:
        let names = numbers.takeBatch()
        let taken = keys.takeForUpsert(settings.writeBatch, &random)
        keys.giveBack(taken, holding: names[..<taken.count])
        return .upsert(taken.map(\.id), source.rows(of: Array(names.prefix(taken.count))))
      case .delete:
        let taken =
          settings.share(of: .delete) > 0
          ? keys.takeForDelete(settings.writeBatch, &random)
          : keys.takeOldestForDelete(settings.writeBatch)
        return .delete(taken.map(\.id))
      case .get: return .get(keys.choose(&random) ?? VectorID(0))
      default:
        guard case .search(let query, let selectivity) = searches.operation(number, evenly: true)
        else { preconditionFailure("a plan of searches alone has nothing else") }
        return .search(source.query(query), selectivity.map { attribute.filter(selectivity: $0) })
      }
    }
  }
}
