import Basics
import Harness

/// `vbench __micro-allocations PLAN`: the parts once more, in a process that is counted.
///
/// Each part runs a few operations and then many, and what is on the clock is counted. What the
/// many allocated beyond the few, by what they did beyond, is what an operation allocates: what a
/// batch allocates once falls out.
enum MicroAllocationJob {
  static let name = "__micro-allocations"

  struct Plan: Codable, Sendable {
    var filter: String
    var dimensions: Int
    var rows: Int
    var folder: String
    var seed: UInt64

    var fixture: MicroFixture {
      MicroFixture(dimensions: dimensions, rows: rows, folder: folder, seed: seed)
    }

    var chosen: [MicroBenchmark] {
      MicroCatalogue.benchmarks.filter { $0.title.contains(filter) }
    }
  }

  private static let few = 64
  private static let many = 320

  static let command = JobCommand.make(name, "Counts allocations.") {
    (plan: Plan) -> CountedAllocations.Answer in
    var plan = plan
    // Logs of its own, beside those of the process that was timed.
    plan.folder += "/counted"
    try FileSystem.makeDirectory(plan.folder)
    let fixture = plan.fixture
    let windows = CountedAllocations.Windows()
    let counted = MicroClock(begin: windows.open, end: windows.close)
    for benchmark in plan.chosen {
      let body = try benchmark.make(fixture)
      // Once outside, so that nothing is there for the first time.
      _ = try body(min(many, benchmark.largestBatch), MicroClock())
      for operations in [few, many] {
        let batch = min(operations, benchmark.largestBatch)
        try windows.group {
          for _ in 0..<(operations / batch) { _ = try body(batch, counted) }
        }
      }
    }
    return windows.answer
  }

  /// Allocations and bytes of one operation of each part.
  static func count(_ plan: Plan) throws -> [CountedAllocations.Window] {
    let windows = try CountedAllocations.run(name, plan, in: plan.folder)
    guard windows.count == 2 * plan.chosen.count else {
      throw Failure(
        .failed, "The counting process closed \(windows.count) windows of \(2 * plan.chosen.count)."
      )
    }
    let operations = Double(many - few)
    return plan.chosen.indices.map { place in
      let (low, high) = (windows[2 * place], windows[2 * place + 1])
      // Fewer in the longer window means that an array grew in the shorter one: none of its own.
      return CountedAllocations.Window(
        allocations: max(0, high.allocations - low.allocations) / operations,
        bytes: max(0, high.bytes - low.bytes) / operations)
    }
  }
}
