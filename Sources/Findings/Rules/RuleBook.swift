/// All rules in the order in which they are asked, and those that this tool cannot ask at all.
package enum RuleBook {
  /// The names of the rules that can fire.
  package static var ids: [String] { rules.map(\.id) + runRules.map(\.id) }

  /// The names of those that no run can answer.
  package static var idsNeverEvaluable: [String] { neverEvaluable.map(\.rule) }

  static let rules =
    Rule.kernel + Rule.hotspots + Rule.cpuGroups + Rule.kernels + Rule.locks + Rule.waits
    + Rule.cores

  static let runRules = RunRule.all

  /// Rules of the catalog that no run of this version can answer, with the sentence that the
  /// report is missing because of it.
  static let neverEvaluable: [NotEvaluable] = [
    NotEvaluable(
      rule: "M2", title: "Allocations per operation",
      reason: "no heap profile was recorded, so how many allocations one search makes is not known"),
    NotEvaluable(
      rule: "M3", title: "Temporary allocations",
      reason: "no heap profile was recorded, so what pooling could reach is not known"),
    NotEvaluable(
      rule: "M7", title: "Memory stalls",
      reason:
        "no hardware counters on this machine: whether the CPU waits for memory (IPC, cache misses) is not known"
    ),
    NotEvaluable(
      rule: "M8", title: "Address translation",
      reason: "no hardware counters on this machine: TLB misses are not known"),
    NotEvaluable(
      rule: "M9", title: "False sharing",
      reason: "no hardware counters on this machine: bounced cache lines are not seen"),
    NotEvaluable(
      rule: "V3", title: "Kernel bandwidth",
      reason:
        "no hardware counters on this machine: bytes and operations a second of a kernel are not known"
    ),
    NotEvaluable(
      rule: "C11", title: "Checks in the inner loop",
      reason:
        "profiles name functions, not instructions: bounds checks inside a kernel are not seen"),
    NotEvaluable(
      rule: "B4", title: "Involuntary switches",
      reason: "the run does not record context switches for each operation"),
  ]
}
