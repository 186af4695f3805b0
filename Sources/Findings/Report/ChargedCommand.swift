import ProfileViews

/// Commands that show a cost where the report charges it: at the first project frame above the leaf.
///
/// `-show` leaves only the project's frames, so that what stood below them becomes theirs. Which
/// filter leaves the stacks that a rule counted is not guessed: each that is tried is held against
/// the very stacks, and where none fits, no command is printed.
extension SourceCommand {
  /// The stacks that a rule counted, each charged to its owner.
  ///
  /// `functions` are those whose stacks the rule counted, if that is how it counted.
  func charged(
    _ slice: ProfileSlice, focus functions: [String] = [],
    where matches: (StackSample) -> Bool = { _ in true }
  ) -> EvidenceItem.Source {
    let chosen = slice.samples.filter(matches)
    let none = EvidenceItem.Source(file: slice.files[0].path, field: slice.sampleType)
    guard !chosen.isEmpty, let show = Self.projectFrames(of: chosen, in: slice),
      let filter = Self.filter(slice, chosen, functions, matches)
    else { return none }
    // Small owners are in the report, too, so none may be dropped from the table.
    return table(
      of: slice, filters: Self.labels(slice) + filter + ["-show=\(show)", "-nodefraction=0"])
  }

  /// The stacks that a rule counted, as they are.
  func counted(
    _ slice: ProfileSlice, where matches: (StackSample) -> Bool
  ) -> EvidenceItem.Source {
    guard let filter = Self.filter(slice, slice.samples.filter(matches), [], matches) else {
      return EvidenceItem.Source(file: slice.files[0].path, field: slice.sampleType)
    }
    return table(of: slice, filters: Self.labels(slice) + filter)
  }

  /// A filter that leaves exactly these stacks; nil when there is none of a simple form.
  private static func filter(
    _ slice: ProfileSlice, _ chosen: [StackSample], _ functions: [String],
    _ matches: (StackSample) -> Bool
  ) -> [String]? {
    if chosen.count == slice.samples.count { return [] }
    if !functions.isEmpty {
      return ["-focus=" + functions.map(pattern).joined(separator: "|")]
    }
    let classes = Set(chosen.compactMap(\.waitClass))
    let isByClass = slice.samples.allSatisfy { sample in
      (sample.waitClass.map(classes.contains) ?? false) == matches(sample)
    }
    // pprof takes one filter of labels, and an operation needs it already.
    guard isByClass, slice.operation == nil else { return nil }
    return ["-tagfocus=class=" + classes.sorted().map { "^\($0)$" }.joined(separator: "|")]
  }

  /// A pattern of all project frames in these stacks and of no other; nil when stacks that weigh
  /// as much as a printed digit have none.
  private static func projectFrames(of chosen: [StackSample], in slice: ProfileSlice) -> String? {
    let without = chosen.filter { slice.owner(of: $0) == nil }
    guard 2_000 * ProfileSlice.seconds(without) <= ProfileSlice.seconds(chosen) else { return nil }
    let symbols = Set(chosen.flatMap(\.symbols)).map { slice.table[$0] }
    let ours = Set(symbols.filter { $0.layer == .project }.map(\.short)).sorted()
    let modules = Set(ours.map(module)).sorted()
    for names in [ours.map(pattern), modules] where names.count <= 64 {
      let source = names.joined(separator: "|")
      guard source.utf8.count <= 1_500, let expression = try? NamePattern(source) else { continue }
      if symbols.allSatisfy({ expression.matches($0.name) == ($0.layer == .project) }) {
        return source
      }
    }
    return nil
  }

  /// `VectorIndex\.` for what is in a module, the whole name for what is not.
  private static func module(_ name: String) -> String {
    guard let dot = name.firstIndex(of: "."), dot > name.startIndex else { return pattern(name) }
    let first = String(name[..<dot])
    let isWord = first.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isWord ? "\(first)\\." : pattern(name)
  }
}
