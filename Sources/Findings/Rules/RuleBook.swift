/// All rules in the order in which they are asked; those that a run cannot answer are `Unaskable`.
package enum RuleBook {
  /// The names of the rules that can fire.
  package static var ids: [String] { rules.map(\.id) + runRules.map(\.id) }

  static let rules: [Rule] =
    Rule.kernel + Rule.kernelWork + Rule.hotspots + Rule.cpuGroups + Rule.kernels + Rule.services
    + Rule.allocators + Rule.heap + Rule.storage + Rule.locks + Rule.sharedLocks + Rule.waits
    + Rule.cores + Rule.paths

  static let runRules: [RunRule] =
    RunRule.all + [.walk, .build, .allocations] + RunRule.counters
}
