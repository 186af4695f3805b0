import Basics
import Measurement
import Testing
import VectorIndex
import Vocabulary
import Workloads

@testable import Harness

/// A planted queue in virtual time: nothing here looks at a clock.
struct PlantedQueueTests {
  private let plan = PlantedQueue.Plan(
    service: 1_000_000, servers: 2,
    stall: PlantedQueue.Plan.Stall(length: 200_000_000, after: 1_000_000_000))

  @Test func `its capacity is servers over service, exactly`() {
    var queue = PlantedQueue(PlantedQueue.Plan(service: 1_000_000, servers: 2))
    let last = (0..<4_000).map { _ in queue.serve(at: 0) }.max()
    #expect(last == 2_000_000_000)
    #expect(plan.capacityPerSecond == 2_000)
  }

  @Test func `who comes to a free server is done after the service time`() {
    var queue = PlantedQueue(plan)
    #expect(queue.serve(at: 5_000_000) == 6_000_000)
    #expect(queue.serve(at: 5_000_000) == 6_000_000)
    #expect(queue.serve(at: 5_500_000) == 7_000_000)
  }

  /// Response times of operations due by a schedule, as an open loop counts them.
  private func open(rate: Double, seconds: Double) -> LatencyHistogram {
    var queue = PlantedQueue(plan)
    queue.begin(at: 0)
    var histogram = LatencyHistogram()
    for due in ArrivalSchedule.dueTimes(.poisson, rate: rate, seconds: seconds, seed: 3) {
      histogram.record(queue.serve(at: due) - due)
    }
    return histogram
  }

  /// Response times as clients see them who ask again when they have their answer.
  private func closed(clients: Int, seconds: Double) -> LatencyHistogram {
    var queue = PlantedQueue(plan)
    queue.begin(at: 0)
    var histogram = LatencyHistogram()
    var free = [UInt64](repeating: 0, count: clients)
    while let client = free.indices.min(by: { free[$0] < free[$1] }),
      free[client] < UInt64(seconds * 1e9)
    {
      let done = queue.serve(at: free[client])
      histogram.record(done - free[client])
      free[client] = done
    }
    return histogram
  }

  @Test func `a stall of 200 ms stands in the p99 of an open loop, and a closed loop hides it`() {
    let (open, closed) = (open(rate: 1_000, seconds: 4), closed(clients: 8, seconds: 4))
    #expect(open.percentile(99) > 100_000_000)
    #expect(closed.percentile(99) < 10_000_000)
    // Both met it: the longest of either is the stall.
    #expect(open.max >= 199_000_000 && closed.max >= 199_000_000)
  }

  @Test(arguments: [
    "planted:service=1ms,servers=2", "planted:servers=1,service=250us",
    "planted:service=1ms,servers=2,stall=200ms@1s", "engine",
  ])
  func `a target's spelling is read and written the same`(text: String) throws {
    let target = try #require(TargetChoice(spelling: text))
    #expect(TargetChoice(spelling: target.description) == target)
  }

  @Test(arguments: [
    "planted", "planted:", "planted:service=1ms", "planted:service=0ms,servers=2",
    "planted:service=1ms,servers=0", "planted:service=1,servers=2", "rocks",
    "planted:service=1ms,servers=2,stall=1s", "planted:service=1ms,servers=2,speed=3",
    "planted:service=1ms,service=2ms,servers=2",
  ])
  func `a target that is none is refused`(text: String) {
    #expect(TargetChoice(spelling: text) == nil)
  }

  @Test func `a store serves others that differ only in what is chosen at opening`() {
    var one = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .clustered, rows: 10, dimensions: 4, metric: .cosine, queries: 5,
        querySource: .heldout, seed: 1))
    let base = one
    (one.kernel, one.ef, one.concurrency, one.groupCommit) = (.portable, 9, 3, false)
    one.dataset.queries = 7
    #expect(one.loadsLike(base))
    for change: (inout WorkloadSettings) -> Void in [
      { $0.m = 8 }, { $0.efConstruction = 9 }, { $0.dataset.rows = 11 }, { $0.dataset.seed = 2 },
      { $0.dataset.dimensions = 5 },
    ] {
      var other = base
      change(&other)
      #expect(!other.loadsLike(base))
    }
  }
}
