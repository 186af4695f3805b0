import Basics
import Measurement
import Synchronization
import Vocabulary
import Workloads

/// One client thread: takes the next operation, waits until it is due, executes it, writes it down.
///
/// Nothing is generated or allocated for the workload's sake between an operation's due time and
/// its end; batches are prepared before the phase begins. Keys are chosen when they are needed,
/// under a lock that no engine call is made under.
struct Worker {
  let settings: WorkloadSettings
  let source: VectorSource
  let target: any Target
  let queries: [[Float]]
  let keys: KeySpace
  let lag: SearchableLag?
  private(set) var phase: Phase
  private(set) var numbers: VectorNumbers
  private let plan: OperationPlan
  private let attribute: Attribute
  private var prepared: [Batch] = []
  private(set) var log = WorkerLog()

  /// What the workers of a phase share.
  final class Phase: Sendable {
    /// Empty in a closed loop, or when nothing happened to be due.
    let due: [UInt64]
    let isClosedLoop: Bool
    let seconds: Double
    /// Every n-th search is kept for the oracle; zero keeps none.
    let sampleEvery: Int
    let firstOperation: Int
    let next = Atomic<Int>(0)
    let start = Atomic<UInt64>(0)
    /// Whether the moment of each search is wanted.
    let keepsSearches: Bool
    let isOverBudget = Atomic<Bool>(false)
    /// Set when somebody saw that the phase has done what it is for.
    let isEnough = Atomic<Bool>(false)
    /// Arrivals that were answered.
    let finished = Atomic<Int>(0)
    /// Every n-th insert is looked for by a search; zero looks for none.
    let lagEvery: Int
    /// Whether the workers begin one after another, evenly over the phase.
    let isStaggered: Bool

    /// How long an open loop waits for an engine that is behind, in nanoseconds from the start.
    var patience: UInt64 { UInt64((11 * seconds + 30) * 1e9) }

    /// Operations that were due and that no worker took up.
    var left: Int { max(0, due.count - taken) }

    /// Operations that workers have taken up.
    var taken: Int { next.load(ordering: .sequentiallyConsistent) }

    init(
      due: [UInt64], isClosedLoop: Bool, seconds: Double, sampleEvery: Int, firstOperation: Int,
      keepsSearches: Bool = false, lagEvery: Int = 0, isStaggered: Bool = false
    ) {
      self.due = due
      self.isClosedLoop = isClosedLoop
      self.seconds = seconds
      self.sampleEvery = sampleEvery
      self.firstOperation = firstOperation
      self.keepsSearches = keepsSearches
      self.lagEvery = lagEvery
      self.isStaggered = isStaggered
    }
  }

  /// Vectors that nobody has yet; they become new ids, or replace others'.
  private struct Batch {
    let names: [VectorID]
    let vectors: [Float]
  }

  init(
    settings: WorkloadSettings, source: VectorSource, target: any Target, queries: [[Float]],
    keys: KeySpace, phase: Phase, numbers: VectorNumbers, lag: SearchableLag? = nil
  ) {
    self.settings = settings
    self.source = source
    self.target = target
    self.queries = queries
    self.keys = keys
    self.phase = phase
    self.numbers = numbers
    self.lag = lag
    plan = settings.plan
    attribute = Attribute(seed: settings.dataset.seed)
    log.keepsSearches = phase.keepsSearches
  }

  /// Makes batches ahead of time, newest last.
  mutating func prepare(_ count: Int) {
    for _ in 0..<count { prepared.append(makeBatch()) }
    prepared.reverse()
  }

  private mutating func makeBatch() -> Batch {
    let names = numbers.takeBatch()
    return Batch(names: names, vectors: source.rows(of: names))
  }

  private mutating func nextBatch() -> Batch {
    if let batch = prepared.popLast() { return batch }
    log.lateBatches += 1
    return makeBatch()
  }

  /// Goes on to another phase; of the one before only the lives are kept.
  mutating func go(to next: Phase) {
    phase = next
    let lives = log.lives
    log = WorkerLog()
    log.lives = lives
    log.keepsSearches = next.keepsSearches
  }

  /// - Parameters:
  ///   - index: Which worker this is.
  ///   - count: How many there are.
  mutating func run(_ index: Int = 0, of count: Int = 1) {
    let schedule = ThreadSchedule()
    let clock = ThreadCPUClock()
    let start = phase.start.load(ordering: .acquiring)
    let end = start + UInt64(phase.seconds * 1e9)
    if phase.isStaggered {
      Clock.sleep(until: start + UInt64(phase.seconds * 1e9 * Double(index) / Double(count)))
    }
    while true {
      let number = phase.next.add(1, ordering: .relaxed).oldValue
      var due: UInt64 = 0
      if phase.isClosedLoop {
        due = Clock.now()
        if due >= end { break }
      } else {
        guard number < phase.due.count else { break }
        due = start + phase.due[number]
        waitUntil(due, schedule)
      }
      if !phase.isClosedLoop, Clock.now() > start + phase.patience {
        phase.isEnough.store(true, ordering: .relaxed)
      }
      if phase.isOverBudget.load(ordering: .relaxed) { break }
      if phase.isEnough.load(ordering: .relaxed) { break }
      execute(number, Moment(due: due, phaseStart: start, clock: clock))
      log.arrivals += 1
    }
    log.keepCPU(clock.shareOfOwn)
  }

  private mutating func waitUntil(_ due: UInt64, _ schedule: borrowing ThreadSchedule) {
    if Clock.now() >= due { return }
    let before = schedule.waitedForCore()
    Waits.timed(.sleep, "arrival") { Clock.sleep(until: due) }
    // Only a worker that was free in time says something about the generator, and what it waited
    // for a core while the engine had them all is the engine's doing.
    let late = Clock.now() - due
    let withoutCore = schedule.waitedForCore() &- before
    log.generatorLag.record(late > withoutCore ? late - withoutCore : 0)
  }

  // MARK: - Operations

  private struct Moment {
    /// When the operation was to begin; nil for what follows from another.
    let due: UInt64?
    let phaseStart: UInt64
    let clock: ThreadCPUClock
  }

  private mutating func execute(_ number: Int, _ moment: Moment) {
    let operation = plan.operation(phase.firstOperation + number, evenly: phase.isClosedLoop)
    var random = plan.keyRandom(phase.firstOperation + number)
    let followUp = Moment(due: nil, phaseStart: moment.phaseStart, clock: moment.clock)
    switch operation {
    case .search(let query, let selectivity): search(query, selectivity, number, moment)
    case .get: get(&random, moment)
    case .upsert: upsert(&random, moment)
    case .insert(let isUndone):
      let isLookedFor = phase.lagEvery > 0 && number % phase.lagEvery == 0
      if insert(settings.writeBatch, moment, isLookedFor: isLookedFor), isUndone {
        delete(keys.takeOldestForDelete(settings.writeBatch), followUp)
      }
    case .delete(let isUndone):
      let taken = keys.takeForDelete(settings.writeBatch, &random)
      if delete(taken, moment), isUndone { insert(taken.count, followUp) }
    }
  }

  private mutating func search(
    _ query: Int, _ selectivity: Double?, _ number: Int, _ moment: Moment
  ) {
    let vector = queries[query]
    let filter = selectivity.map { attribute.filter(selectivity: $0) }
    var answers: [Neighbor] = []
    let (topK, ef) = (settings.topK, settings.ef)
    let part = WorkerLog.Part(isHot: plan.isHot(query: query), selectivity: selectivity)
    let time = timed(.search, moment, part) { target throws in
      answers =
        if let filter {
          try target.search(vector.span, k: topK, ef: ef, where: filter)
        } else {
          try target.search(vector.span, k: topK, ef: ef)
        }
    }
    guard time.isDone, phase.sampleEvery > 0, number % phase.sampleEvery == 0 else { return }
    log.observations.append(
      RecallScorer.Observation(
        query: query, start: time.start, end: time.end, answers: answers.map(\.id),
        selectivity: selectivity))
  }

  private mutating func get(_ random: inout SeededRandom, _ moment: Moment) {
    guard let id = keys.choose(&random) else { return skip(.get, moment) }
    var isThere = true
    let time = timed(.get, moment) { target throws in isThere = try target.get(id) }
    if !isThere { log.missed.append(WorkerLog.Missed(id: id, start: time.start, end: time.end)) }
  }

  @discardableResult
  private mutating func insert(
    _ wanted: Int, _ moment: Moment, isLookedFor: Bool = false
  ) -> Bool {
    let batch = nextBatch()
    let ids = Array(batch.names.prefix(wanted))
    if ids.isEmpty { return false }
    let (vectors, width) = (batch.vectors, source.spec.dimensions)
    let time = timed(.insert, moment) { target throws in
      try target.insert(ids, vectors.span.extracting(0..<(ids.count * width)))
    }
    for id in ids {
      log.lives.born(id, id, start: time.start, end: time.isDone ? time.end : nil)
    }
    guard time.isDone else { return false }
    // The last of the batch: if any is late, it is.
    if isLookedFor, let lag, let last = ids.last {
      let query = Array(vectors[((ids.count - 1) * width)..<(ids.count * width)])
      lag.look(for: last, query, acknowledged: time.end)
    }
    keys.insert(ids)
    log.vectors[.insert, default: 0] += ids.count
    if settings.maxLive == .grow, keys.count >= settings.rowBudget {
      phase.isOverBudget.store(true, ordering: .relaxed)
    }
    return true
  }

  private mutating func upsert(_ random: inout SeededRandom, _ moment: Moment) {
    let taken = keys.takeForUpsert(settings.writeBatch, &random)
    if taken.isEmpty { return skip(.upsert, moment) }
    let batch = nextBatch()
    let names = batch.names.prefix(taken.count)
    let (ids, vectors, width) = (taken.map(\.id), batch.vectors, source.spec.dimensions)
    let time = timed(.upsert, moment) { target throws in
      try target.upsert(ids, vectors.span.extracting(0..<(ids.count * width)))
    }
    let end = time.isDone ? time.end : nil
    for (key, name) in zip(taken, names) {
      log.lives.died(key.id, key.vector, start: time.start, end: end)
      log.lives.born(key.id, name, start: time.start, end: end)
    }
    keys.giveBack(taken, holding: names)
    if time.isDone { log.vectors[.upsert, default: 0] += ids.count }
  }

  @discardableResult
  private mutating func delete(_ taken: [LiveKeys.Key], _ moment: Moment) -> Bool {
    if taken.isEmpty {
      skip(.delete, moment)
      return false
    }
    let ids = taken.map(\.id)
    let time = timed(.delete, moment) { target throws in try target.delete(ids) }
    for key in taken {
      log.lives.died(
        key.id, key.vector, start: time.start, end: time.isDone ? time.end : nil)
    }
    if time.isDone { log.vectors[.delete, default: 0] += ids.count }
    return time.isDone
  }

  /// There was no key to do it to.
  private mutating func skip(_ kind: OperationKind, _ moment: Moment) {
    log.skipped[kind, default: 0] += 1
    guard moment.due != nil else { return }
    log.emptyArrivals += 1
    phase.finished.add(1, ordering: .sequentiallyConsistent)
  }

  /// Runs one engine call and writes it down.
  ///
  /// An error took its time too; it is counted, and its latency is not hidden. What is written down
  /// lasts until the worker can go on; the end that is returned is the answer's own, which oracles
  /// want to know.
  private mutating func timed(
    _ kind: OperationKind, _ moment: Moment, _ part: WorkerLog.Part = .init(),
    _ call: (any Target) throws -> Void
  ) -> (start: UInt64, end: UInt64, isDone: Bool) {
    let waits = ThreadWaits.now()
    let before = moment.clock.read()
    let start = before.beginning
    var failure: (any Error)?
    do { try call(target) } catch { failure = error }
    let answered = Clock.now()
    let after = moment.clock.read()
    let end = after.end
    let (used, waited) = (after.cpu - min(before.cpu, after.cpu), ThreadWaits.now() - waits)
    if let due = moment.due {
      phase.finished.add(1, ordering: .sequentiallyConsistent)
      log.responseNanoseconds += end > due ? end - due : 0
    }
    log.record(
      kind, part, due: moment.due ?? start, start: start, end: end,
      phaseStart: moment.phaseStart)
    log.dissect(
      kind, due: moment.due ?? start, start: start, end: end, cpu: used, waits: waited)
    if let failure {
      log.errors += 1
      log.firstError = log.firstError ?? "\(failure)"
    } else {
      log.engineCPU[kind, default: 0] += used
    }
    return (start, answered, failure == nil)
  }
}
