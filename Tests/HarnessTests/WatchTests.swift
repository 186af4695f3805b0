import Basics
import Measurement
import RunRecords
import Synchronization
import Testing
import Vocabulary
import Workloads

@testable import Harness

@Suite struct `The lag until an insert is searchable` {
  @Test func `holds the moment at which it was, and agrees with a poller of our own`() throws {
    let target = SlowToShow(delays: [0, 3_000_000, 12_000_000, 40_000_000])
    let lag = SearchableLag(target, topK: 1, ef: 1)
    let asking = try WorkerThreads.start(name: "lag") { lag.askUntilOver() }
    let poller = Poller(target)
    for number in 0..<8 {
      let id = VectorID(UInt64(number))
      try target.insert([id], [Float(number)].span)
      let acknowledged = Clock.now()
      lag.look(for: id, [Float(number)], acknowledged: acknowledged)
      poller.poll(id)
    }
    lag.noMoreWillCome()
    WorkerThreads.join(asking)
    #expect(lag.samples.count == 8)
    for sample in lag.samples {
      let shown = try #require(target.shownAt(sample.vector))
      let found = try #require(sample.found)
      // A search in vain began before the moment or ended after it began to show; the one that
      // found it cannot have ended before.
      if let miss = sample.lastMiss { #expect(miss < shown) }
      let polled = try #require(poller.found(sample.vector))
      #expect(polled.miss < shown && found > (sample.lastMiss ?? 0))
      // Both looked in vain before and found it after: their views overlap within one interval.
      #expect((sample.lastMiss ?? 0) <= polled.end)
      #expect(polled.miss <= found + SearchableLag.pollNanoseconds)
      let expected = shown > sample.acknowledged ? shown - sample.acknowledged : 0
      if sample.lastMiss == nil {
        #expect(sample.nanoseconds == 0)
      } else {
        let interval = found - (sample.lastMiss ?? found)
        let reported = try #require(sample.nanoseconds)
        #expect(reported <= expected + interval && reported + interval >= expected)
      }
    }
  }

  @Test func `that never ends is given up, and says so`() throws {
    let target = SlowToShow(delays: [.max / 2])
    let lag = SearchableLag(target, topK: 1, ef: 1)
    let asking = try WorkerThreads.start(name: "lag") { lag.askUntilOver() }
    try target.insert([VectorID(1)], [Float(1)].span)
    lag.look(for: VectorID(1), [1], acknowledged: Clock.now())
    lag.noMoreWillCome()
    WorkerThreads.join(asking)
    #expect(lag.samples.count == 1)
    #expect(lag.samples.first?.found == nil && lag.samples.first?.nanoseconds == nil)
  }
}

/// Shows an inserted id to searches only some time after it acknowledged the insert.
private final class SlowToShow: Target {
  private let delays: [UInt64]
  private let shown = Mutex<[VectorID: UInt64]>([:])

  init(delays: [UInt64]) { self.delays = delays }

  func shownAt(_ id: VectorID) -> UInt64? { shown.withLock { $0[id] } }

  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor] {
    let id = VectorID(UInt64(query[0]))
    // The state counts at the end of the search: what it sees is decided by then.
    let moment = shownAt(id) ?? .max
    return Clock.now() >= moment ? [Neighbor(id: id, distance: 0)] : []
  }

  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws {
    for id in ids {
      let delay = delays[Int(id.rawValue) % delays.count]
      shown.withLock { $0[id] = Clock.now() + delay }
    }
  }

  func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws {}
  func delete(_ ids: [VectorID]) throws {}
  func get(_ id: VectorID) throws -> Bool { true }
}

/// Another who asks, on its own.
private final class Poller {
  private let target: SlowToShow
  private var views: [VectorID: (miss: UInt64, end: UInt64)] = [:]

  init(_ target: SlowToShow) { self.target = target }

  func poll(_ id: VectorID) {
    var miss: UInt64 = 0
    while true {
      let start = Clock.now()
      let answers = (try? target.search([Float(id.rawValue)].span, k: 1, ef: 1)) ?? []
      if !answers.isEmpty {
        views[id] = (miss, Clock.now())
        return
      }
      miss = start
      Clock.sleep(until: start + SearchableLag.pollNanoseconds)
    }
  }

  func found(_ id: VectorID) -> (miss: UInt64, end: UInt64)? { views[id] }
}

@Suite struct `A worker's log` {
  @Test func `takes a clock that goes backwards for no time at all`() {
    var log = WorkerLog()
    log.record(.search, due: 1_000, start: 900, end: 500, phaseStart: 800)
    let all = log.allLatencies()
    #expect(all.values.allSatisfy { $0.max == 0 && $0.count == 1 })
    #expect(log.seconds.count == 1)
  }

  @Test func `adds hot and cold up to the whole`() {
    var log = WorkerLog()
    log.record(.search, .init(isHot: true), due: 0, start: 0, end: 100, phaseStart: 0)
    log.record(
      .search, .init(isHot: false, selectivity: 0.1), due: 0, start: 0, end: 900, phaseStart: 0)
    log.record(.get, due: 0, start: 0, end: 50, phaseStart: 0)
    let all = Dictionary(uniqueKeysWithValues: log.allLatencies().map { ($0.key.name, $0.value) })
    #expect(all["search.response"]?.count == 2)
    #expect(all["search.hot.response"]?.max == 100)
    #expect(all["search.cold.response"]?.max == 900)
    #expect(all["search.sel_0.1.response"]?.max == 900)
    #expect(all["search.cold.sel_0.1.response"] == nil)
    #expect(all["get.hot.response"] == nil)
  }
}

@Suite struct `What makes a run doubtful` {
  private func flags(_ change: (inout TrialOutcome) -> Void) -> Set<String> {
    var settings = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .clustered, rows: 10, dimensions: 2, metric: .l2, queries: 1, querySource: .heldout,
        seed: 1))
    settings.rate = 10
    var outcome = TrialOutcome(trial: RunRecord.Trial(number: 1, status: .complete))
    outcome.arrivals = 100
    outcome.expectedConcurrency = 2
    outcome.concurrency = .init(mean: 2.1, standardError: 0.05, count: 400, isSteady: true)
    change(&outcome)
    var histogram = LatencyHistogram()
    for _ in 0..<100 { histogram.record(1_000_000) }
    let trial = TrialMerge.Finished(outcome: outcome, latencies: ["search.response": histogram])
    return Set(ValidityChecks([trial], settings).flags().map { "\($0.id) \($0.severity)" })
  }

  @Test func `is nothing when all is well`() { #expect(flags { _ in }.isEmpty) }

  @Test func `is each thing that is not as it should be, and only that`() {
    #expect(flags { $0.arrivals = 0 } == ["run.empty invalid"])
    #expect(flags { $0.expectedConcurrency = 1 } == ["littles-law warning"])
    #expect(flags { $0.concurrency?.mean = 2.45 } == ["littles-law warning"])
    #expect(
      flags {
        $0.concurrency?.standardError = 1; $0.expectedConcurrency = 1
      } == [])
    #expect(flags { $0.concurrency?.isSteady = false } == ["run.unsteady warning"])
    #expect(flags { $0.generatorLagP99 = 0.000_099 } == [])
    #expect(flags { $0.generatorLagP99 = 0.000_2 } == ["generator.lag note"])
    #expect(
      flags { outcome in
        outcome.generatorLagP99 = 0.000_2
        outcome.generatorLagP50 = 0.000_15
      } == ["generator.lag warning"])
    #expect(
      flags { $0.warmUp = .init(seconds: 5, steadyAfter: nil) } == ["warmup.unsteady warning"])
    #expect(flags { $0.warmUp = .init(seconds: 5, steadyAfter: 1) } == [])
    #expect(flags { $0.skipped = ["get": 3] } == ["run.skipped warning"])
    #expect(flags { $0.lostGets = 1 } == ["get.lost invalid"])
    #expect(flags { $0.unfound = 1 } == ["insert.unfound warning"])
    #expect(flags { $0.lateBatches = 1 } == ["generator.late-batches warning"])
  }
}

@Suite struct `Little's law` {
  /// Four workers on a target that takes its time, counted by one and timed by the others.
  @Test func `holds between a gauge that counts and workers that time`() throws {
    let target = SlowToShow(delays: [0])
    var settings = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .uniform, rows: 10, dimensions: 1, metric: .l2, queries: 4, querySource: .heldout,
        seed: 1))
    settings.readRatio = 1
    settings.concurrency = 4
    let slow = Slow(target)
    let due = ArrivalSchedule.dueTimes(.poisson, rate: 400, seconds: 2, seed: 3)
    let phase = Worker.Phase(
      due: due, isClosedLoop: false, seconds: 2, sampleEvery: 0, firstOperation: 0)
    let gauge = ConcurrencyGauge(phase)
    let watching = try WorkerThreads.start(name: "gauge") { gauge.watch() }
    let frame = PhaseFrame(workers: 4, whenBegun: gauge.begin, whenClosed: gauge.end)
    let keys = KeySpace(settings)
    let copy = settings
    let logs = try WorkerThreads.run(count: 4, name: "w") { index in
      var worker = Worker(
        settings: copy, source: VectorSource(copy.dataset), target: slow,
        queries: [[1], [2], [3], [4]], keys: keys, phase: phase,
        numbers: VectorNumbers(from: 10, worker: index, of: 4, batch: 1))
      frame.begin(phase)
      worker.run()
      frame.end()
      return worker.log
    }
    WorkerThreads.join(watching)
    let sum = logs.reduce(0) { $0 + $1.responseNanoseconds }
    let expected = Double(sum) / Double(frame.interval.end - frame.interval.start)
    let reading = try #require(gauge.reading)
    // What is compared is two views of one run, however long the machine made it.
    #expect(
      abs(reading.mean - expected) <= 0.15 * expected + 4 * reading.standardError,
      "seen \(reading), timed \(expected)")
    #expect(phase.finished.load(ordering: .relaxed) == due.count)
  }
}

/// Takes five milliseconds for a search.
private final class Slow: Target {
  private let inner: SlowToShow

  init(_ inner: SlowToShow) { self.inner = inner }

  func search(_ query: Span<Float>, k: Int, ef: Int) throws -> [Neighbor] {
    Clock.sleep(until: Clock.now() + 5_000_000)
    return try inner.search(query, k: k, ef: ef)
  }

  func insert(_ ids: [VectorID], _ vectors: Span<Float>) throws {}
  func upsert(_ ids: [VectorID], _ vectors: Span<Float>) throws {}
  func delete(_ ids: [VectorID]) throws {}
  func get(_ id: VectorID) throws -> Bool { true }
}
