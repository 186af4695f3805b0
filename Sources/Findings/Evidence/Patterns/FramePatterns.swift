/// All patterns of all groups, ready to be asked about a name.
struct FramePatterns: Sendable {
  /// Patterns without a star are most of them; a table answers those at once.
  private var exact: [String: SymbolGroups] = [:]
  private var open: [(glob: Glob, groups: SymbolGroups)] = []
  private var labels: [SymbolGroup: String] = [:]
  /// Groups whose patterns are guesses about the names people give their own functions.
  private(set) var ownCodeOnly: SymbolGroups = []
  /// Library and runtime functions, and what only a kernel has.
  private(set) var system: SymbolGroups = []
  private(set) var kernel: SymbolGroups = []

  /// What comes with vbench.
  static let standard: FramePatterns = {
    do { return FramePatterns([try RulesFile.standard()]) } catch {
      preconditionFailure("the frame patterns of vbench itself: \(error)")
    }
  }()

  /// The standard patterns and what a user's file adds to them.
  static func with(_ rules: RulesFile?) -> FramePatterns {
    guard let rules, !rules.groups.isEmpty, let standard = try? RulesFile.standard() else {
      return .standard
    }
    return FramePatterns([standard, rules])
  }

  private init(_ files: [RulesFile]) {
    system = SymbolGroups(SymbolGroup.system)
    kernel = SymbolGroups(SymbolGroup.kernel)
    let groups = files.flatMap(\.groups)
    for group in groups {
      let members = Self.groups(holding: group.group, in: groups)
      labels[group.group] = labels[group.group] ?? group.label
      if group.isOwnCodeOnly { ownCodeOnly.insert(SymbolGroups(group.group)) }
      for pattern in group.patterns { add(pattern, members) }
    }
  }

  private mutating func add(_ pattern: String, _ groups: SymbolGroups) {
    let glob = Glob(pattern)
    if glob.isPlain {
      exact[pattern, default: []].formUnion(groups)
    } else {
      open.append((glob, groups))
    }
  }

  /// The group itself and those that say they are made `with` it.
  private static func groups(
    holding group: SymbolGroup, in groups: [RulesFile.Group]
  ) -> SymbolGroups {
    var found = SymbolGroups(group)
    for other in groups where other.includes.contains(group) {
      found.insert(SymbolGroups(other.group))
    }
    return found
  }

  func label(of group: SymbolGroup) -> String { labels[group] ?? group.rawValue }

  /// The groups of a function, by its whole name and by its name without parameters.
  func groups(name: String, stem: String) -> SymbolGroups {
    var found: SymbolGroups = exact[name] ?? []
    found.formUnion(exact[stem] ?? [])
    let spellings = name == stem ? [Array(name.utf8)] : [Array(name.utf8), Array(stem.utf8)]
    for (glob, groups) in open where !found.isSuperset(of: groups) {
      if spellings.contains(where: glob.matches) { found.formUnion(groups) }
    }
    return found
  }
}
