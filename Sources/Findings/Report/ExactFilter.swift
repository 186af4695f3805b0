import ProfileViews
import Vocabulary

/// Filters that leave exactly the stacks that a number counts.
///
/// A command is printed so that a reader sees the number again; one that shows more or less than that
/// is worse than none. So every filter is held against the very stacks before it is printed.
extension SourceCommand {
  /// The table of just these stacks; without a command where no simple filter leaves them.
  ///
  /// - Parameters:
  ///   - slice: All stacks of the profile or of one operation in it.
  ///   - functions: A guess: those whose stacks the rule counted.
  ///   - groups: What a stack is spent in, where that is how it was counted.
  ///   - matches: The stacks.
  /// - Returns: Where the number comes from, with commands if there are any.
  func exactly(
    _ slice: ProfileSlice, focus functions: [String] = [], spentIn groups: [SymbolGroup] = [],
    where matches: (StackSample) -> Bool
  ) -> EvidenceItem.Source {
    let file = slice.files.map(\.path).joined(separator: ", ")
    let none = EvidenceItem.Source(file: file, field: slice.sampleType)
    let search = FilterSearch(slice: slice, chosen: slice.samples.map(matches))
    guard let filter = search.filter(functions) ?? search.innermost(groups) else { return none }
    return table(of: slice, filters: Self.labels(slice) + filter)
  }

  /// The same table of one replica alone.
  func same(
    _ source: EvidenceItem.Source, in slice: ProfileSlice, member: Int
  ) -> EvidenceItem.Source {
    guard source.command != nil else {
      return EvidenceItem.Source(file: slice.files[member].path, field: source.field)
    }
    return table(
      of: slice, member: member,
      filters: source.filters.filter { !$0.hasPrefix("-sample_index=") })
  }
}

extension SourceCommand {
  /// The table in which these stacks are the flat cost of their leaves, with what the leaves are.
  ///
  /// For stacks that are counted by where they end: a filter may leave others as well, which end
  /// elsewhere.
  func leaves(
    _ slice: ProfileSlice, where matches: (StackSample) -> Bool
  ) -> (source: EvidenceItem.Source, rows: [String]) {
    let exact = exactly(slice, where: matches)
    guard exact.command == nil else { return (exact, []) }
    let chosen = slice.samples.map(matches)
    let ends = Set(zip(slice.samples, chosen).filter(\.1).compactMap(\.0.symbols.first))
    let isRival = slice.samples.map { $0.symbols.first.map(ends.contains) ?? false }
    let search = FilterSearch(slice: slice, chosen: chosen, isRival: isRival)
    let names = Set(ends.map { slice.table[$0].short }).sorted()
    guard let filter = search.filter([]) else {
      return (
        EvidenceItem.Source(
          file: slice.files.map(\.path).joined(separator: ", "), field: slice.sampleType), []
      )
    }
    return (table(of: slice, filters: Self.labels(slice) + filter), names)
  }
}

extension Scene {
  /// The stacks of a profile of this role that match, of this operation where it is about one.
  func source(
    _ kind: ProfileKind, focus functions: [String] = [], where matches: (StackSample) -> Bool
  ) -> EvidenceItem.Source {
    guard let whole = role.profiles[kind] else { return commands.top(slice) }
    let part = slice.kind == kind && slice.operation != nil ? slice : whole
    return commands.exactly(part, focus: functions, where: matches)
  }
}

/// Looks for a filter that tells some stacks of a slice from all others.
private struct FilterSearch {
  let slice: ProfileSlice
  let chosen: [Bool]
  /// Stacks that may not be left when they are not chosen; nil means all of them.
  var isRival: [Bool]?

  /// Longer ones nobody reads, and shells have their limits.
  private static let namesMax = 12
  private static let bytesMax = 1_500

  func filter(_ guess: [String]) -> [String]? {
    guard chosen.contains(true) else { return nil }
    if chosen.indices.allSatisfy({ chosen[$0] || !mustGo($0) }) { return [] }
    return byClass ?? byNames(guess) ?? byNames(telling)
  }

  /// Whether a stack would spoil the number if it stayed.
  private func mustGo(_ index: Int) -> Bool { !chosen[index] && (isRival?[index] ?? true) }

  /// pprof takes one filter of labels, and an operation needs it already.
  private var byClass: [String]? {
    let pairs = zip(slice.samples, chosen)
    let classes = Set(pairs.filter(\.1).compactMap(\.0.waitClass))
    guard slice.operation == nil, !classes.isEmpty,
      pairs.allSatisfy({ ($0.waitClass.map(classes.contains) ?? false) == $1 })
    else { return nil }
    return ["-tagfocus=class=" + classes.sorted().map { "^\($0)$" }.joined(separator: "|")]
  }

  // MARK: Names

  private func byNames(_ names: [String]) -> [String]? {
    guard !names.isEmpty, names.count <= Self.namesMax else { return nil }
    let patterns = names.map(SourceCommand.pattern)
    for patterns in [patterns, patterns.map(Self.anchored)] {
      let source = patterns.joined(separator: "|")
      if source.utf8.count <= Self.bytesMax, leavesChosen(source) { return ["-focus=\(source)"] }
    }
    return nil
  }

  private static func anchored(_ pattern: String) -> String {
    pattern.hasPrefix("^") ? pattern : "^\(pattern)$"
  }

  private func leavesChosen(_ source: String) -> Bool {
    guard let expression = try? NamePattern(source) else { return false }
    // Asked once for each function, and only for those that come up.
    var known = [Bool?](repeating: nil, count: slice.table.symbols.count)
    func isFound(_ symbol: Int32) -> Bool {
      if let answer = known[Int(symbol)] { return answer }
      let answer =
        expression.matches(slice.table[symbol].name)
        || slice.table.files[symbol].map(expression.matches) ?? false
      known[Int(symbol)] = answer
      return answer
    }
    return slice.samples.indices.allSatisfy { index in
      guard chosen[index] || mustGo(index) else { return true }
      return slice.samples[index].symbols.contains(where: isFound) == chosen[index]
    }
  }

  /// Functions that no other stack has, the fewest of them that all of these have one of.
  private var telling: [String] {
    var isElsewhere = [Bool](repeating: false, count: slice.table.symbols.count)
    for index in slice.samples.indices where mustGo(index) {
      for symbol in slice.samples[index].symbols { isElsewhere[Int(symbol)] = true }
    }
    let taken = Set(
      isElsewhere.indices.filter { isElsewhere[$0] }.map { slice.table.symbols[$0].short })
    var left = zip(slice.samples, chosen).filter(\.1).map { sample, _ in
      let own = sample.symbols.filter { !isElsewhere[Int($0)] }
      return (value: sample.value, names: Set(own.map { slice.table[$0].short }).subtracting(taken))
    }
    var names: [String] = []
    while !left.isEmpty, names.count < Self.namesMax {
      var sums: [String: Int64] = [:]
      for stack in left {
        for name in stack.names { sums[name, default: 0] += max(1, stack.value) }
      }
      // Of equals the shortest name; the order of a set must not decide.
      guard
        let best = sums.min(by: {
          ($1.value, $0.key.utf8.count, $0.key) < ($0.value, $1.key.utf8.count, $1.key)
        })
      else { return [] }
      names.append(best.key)
      left.removeAll { $0.names.contains(best.key) }
    }
    return left.isEmpty ? names : []
  }

  // MARK: Innermost

  /// Only the project's frames and the groups': what is spent in a group is flat in its rows then.
  func innermost(_ groups: [SymbolGroup]) -> [String]? {
    guard !groups.isEmpty else { return nil }
    let wanted = SymbolGroups(groups)
    func isShown(_ symbol: Int32) -> Bool {
      slice.table[symbol].layer == .project || !slice.table[symbol].groups.isDisjoint(with: wanted)
    }
    let used = slice.samples.reduce(into: Set<Int32>()) { $0.formUnion($1.symbols) }
    let shown = Set(used.filter(isShown).map { slice.table[$0].short }).sorted()
    let packages = Set(shown.map(Self.package)).sorted()
    for names in [packages, shown.map { "^\(SourceCommand.pattern($0))$" }] {
      let source = names.joined(separator: "|")
      guard source.utf8.count <= Self.bytesMax, let expression = try? NamePattern(source) else {
        continue
      }
      if used.allSatisfy({ expression.matches(slice.table[$0].name) == isShown($0) }) {
        return ["-show=\(source)", "-nodefraction=0"]
      }
    }
    return nil
  }

  /// `^net/http\.` of `net/http.(*conn).serve`: in Go a package ends at the first point behind the
  /// last slash before its receiver.
  private static func package(_ name: String) -> String {
    let path = name.prefix { $0 != "(" }
    let start = path.lastIndex(of: "/") ?? path.startIndex
    guard let dot = path[start...].firstIndex(of: "."), dot > path.startIndex else {
      return "^\(SourceCommand.pattern(name))$"
    }
    return "^" + path[...dot].replacing(".", with: "\\.")
  }
}
