/// All rules in the order in which they are asked; those that a run cannot answer are `Unaskable`.
enum RuleBook {
  static let rules: [Rule] =
    Rule.kernel + Rule.kernelWork + Rule.hotspots + Rule.cpuGroups + Rule.services
    + Rule.allocators + Rule.heap + Rule.storage + Rule.locks + Rule.sharedLocks + Rule.waits
    + Rule.paths

  static let runRules: [RunRule] = RunRule.all + [RunRule.allocations] + RunRule.counters
}
