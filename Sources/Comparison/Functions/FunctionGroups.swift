/// Names that are one function for this comparison, because one took the place of the other.
struct FunctionGroup: Equatable {
  enum Bond { case alone, sameKernel, sameCallers }

  var bond: Bond
  var names: [String]
}

/// Finds them: variants of one stem whose leading one changed, then functions of which one went and
/// one came under the same callers.
struct FunctionGroups {
  let slice: ProfileSlice
  /// The cost per exposure below which a function is too small to have a story.
  let smallest: Double

  func find() -> [FunctionGroup] {
    let names = slice.names.sorted()
    var groups = variants(of: names)
    let taken = Set(groups.flatMap(\.names))
    groups += replacements(among: names.filter { !taken.contains($0) })
    let grouped = Set(groups.flatMap(\.names))
    return groups
      + names.filter { !grouped.contains($0) }.map { FunctionGroup(bond: .alone, names: [$0]) }
  }

  // MARK: - Variants of one kernel

  private func variants(of names: [String]) -> [FunctionGroup] {
    Dictionary(grouping: names, by: SymbolStem.of).values
      .filter { $0.count > 1 && leaderChanged($0) }
      .map { FunctionGroup(bond: .sameKernel, names: $0.sorted()) }
      .sorted { $0.names[0] < $1.names[0] }
  }

  /// Each side has a leader with two thirds of the stem's cost, and it is not the same one.
  ///
  /// One side big enough to have a story will do: on the other it may have been cheap.
  private func leaderChanged(_ names: [String]) -> Bool {
    guard slice.sides.contains(where: { slice.rate(names, $0) >= smallest }) else { return false }
    let leaders = slice.sides.map { leader(names, $0) }
    guard let one = leaders[0], let other = leaders[1] else { return false }
    return one != other
  }

  private func leader(_ names: [String], _ side: [ProfileSlice.Trial]) -> String? {
    let all = slice.rate(names, side)
    guard all > 0 else { return nil }
    return names.first { slice.rate([$0], side) * 3 >= all * 2 }
  }

  // MARK: - One went, one came

  private func replacements(among names: [String]) -> [FunctionGroup] {
    let gone = names.filter { went($0, from: slice.base, to: slice.new) }
    let arrived = names.filter { went($0, from: slice.new, to: slice.base) }
    if gone.isEmpty || arrived.isEmpty { return [] }
    let before = LeafCallers(Set(gone), slice, slice.base)
    let after = LeafCallers(Set(arrived), slice, slice.new)
    // Only where the match is mutual and single: two candidates are a guess.
    func partners(of name: String) -> [String] {
      arrived.filter { before.overlap(name, with: after, $0) >= 0.8 }
    }
    let matches = gone.map { ($0, partners(of: $0)) }.filter { $0.1.count == 1 }
      .map { ($0.0, $0.1[0]) }
    return matches.filter { match in
      gone.filter { before.overlap($0, with: after, match.1) >= 0.8 }.count == 1
    }
    .map { FunctionGroup(bond: .sameCallers, names: [$0.0, $0.1]) }
  }

  private func went(
    _ name: String, from one: [ProfileSlice.Trial], to other: [ProfileSlice.Trial]
  ) -> Bool {
    let (before, after) = (slice.rate([name], one), slice.rate([name], other))
    return before >= smallest && after <= 0.02 * before
  }
}
