import RunRecords
import Vocabulary

/// Rules of the catalog that this run cannot answer, each with the reason that holds for this run.
enum Unaskable {
  static func rules(_ evidence: Evidence) -> [NotEvaluable] {
    let hardware = hardware(evidence)
    let heap = evidence.roles.contains { $0.profiles[.heap] != nil }
    return [
      row(
        "M3", "Temporary allocations",
        heap
          ? "the heap profile says what was allocated and what is in use, not how long the rest lived"
          : "the run has no heap profile"),
      row(
        "M5", "Growing memory",
        heap
          ? "a heap profile is of one window; growth at constant data takes several"
          : "the run has no heap profile"),
      row("M7", "Memory stalls", "\(hardware): whether the CPU waits for memory is not known"),
      row("M8", "Address translation", "\(hardware): TLB misses are not known"),
      row("M9", "False sharing", "\(hardware): bounced cache lines are not seen"),
      row("V3", "Kernel bandwidth", "\(hardware): bytes a second of a kernel are not known"),
      row(
        "C11", "Checks in the inner loop",
        "profiles name functions, not instructions: bounds checks inside a kernel are not seen"),
      row(
        "C16", "Cost that grows with the fill",
        "a profile is the sum over its window; whether a call gets dearer as data grows is not in it"
      ),
      row("C17", "Work done twice", "a profile counts samples, not calls"),
      row("L2", "Utilization of a lock", "how long locks are held is not recorded"),
      row("L7", "Rare long holds", "how long locks are held is not recorded"),
      row("B5", "Slowest stage", "the stages of an operation are not timed one by one"),
      row("I5", "Read amplification", blocks(evidence)),
      row("V8", "Deleted nodes on the way", "the run does not count visits to deleted nodes"),
    ].map { row in
      guard evidence.record == nil, aboutOwnRuns.contains(row.rule) else { return row }
      var row = row
      row.asksForOwnRun = true
      return row
    }
  }

  private static let aboutOwnRuns: Set<String> = ["V8", "I5"]

  private static func row(_ rule: String, _ title: String, _ reason: String) -> NotEvaluable {
    NotEvaluable(rule: rule, title: title, reason: reason)
  }

  static func hardware(_ evidence: Evidence) -> String {
    if let problem = evidence.run.countersProblem { return problem }
    guard let counters = evidence.run.counters else {
      return "the run has no counters.json with hardware counters"
    }
    guard let problem = counters.hardwareProblem else {
      return "hardware counters were read, but no rule reads them yet"
    }
    return "hardware counters are \(problem)"
  }

  static func noAllocations(_ evidence: Evidence) -> String {
    guard evidence.roles.contains(where: { $0.profiles[.heap] != nil }) else {
      return "the run has no heap profile"
    }
    return evidence.offersLoad
      ? "the run has no result allocations.per.search"
      : "nobody counted operations, so allocations cannot be set against them"
  }

  private static func blocks(_ evidence: Evidence) -> String {
    evidence.offersLoad
      ? "the engine searches in memory; it counts no blocks read for a search"
      : "nobody counted the blocks read for an operation"
  }
}
