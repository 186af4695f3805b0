import ProfileViews

/// The filters of pprof, with its spelling and meaning, for every view.
enum FilterFlags {
  static let flags = [
    Flag("focus", .text("REGEX"), "Only samples with a matching frame.", group: .view),
    Flag("ignore", .text("REGEX"), "No samples with a matching frame.", group: .view),
    Flag("hide", .text("REGEX"), "Leave matching frames out.", group: .view),
    Flag("show", .text("REGEX"), "Only matching frames.", group: .view),
    Flag("show-from", .text("REGEX"), "Cut stacks above the highest match.", group: .view),
    Flag("prune-from", .text("REGEX"), "Cut stacks below the lowest match.", group: .view),
    Flag(
      "tagfocus", .text("KEY=REGEX"), "Only samples with a matching label, such as op=search.",
      group: .view),
    Flag("tagignore", .text("KEY=REGEX"), "No samples with a matching label.", group: .view),
    Flag("tagshow", .text("REGEX"), "Only labels with a matching key.", group: .view),
    Flag("taghide", .text("REGEX"), "No labels with a matching key.", group: .view),
    Flag(
      "sample-index", .text("NAME"), "Which value of the samples, by name or number.",
      standard: "the profile's default", group: .view),
  ]

  static func filter(_ invocation: Invocation) throws -> ViewFilter {
    var filter = ViewFilter()
    filter.focus = try pattern("focus", invocation)
    filter.ignore = try pattern("ignore", invocation)
    filter.hide = try pattern("hide", invocation)
    filter.show = try pattern("show", invocation)
    filter.showFrom = try pattern("show-from", invocation)
    filter.pruneFrom = try pattern("prune-from", invocation)
    filter.tagFocus = try tag("tagfocus", invocation)
    filter.tagIgnore = try tag("tagignore", invocation)
    filter.tagShow = try pattern("tagshow", invocation)
    filter.tagHide = try pattern("taghide", invocation)
    return filter
  }

  /// The pattern that stands in front of the profiles.
  static func operand(_ invocation: Invocation) throws -> NamePattern {
    do { return try NamePattern(invocation.operands[0]) } catch {
      throw Failure.usage("\(error).", invocation.command)
    }
  }

  private static func pattern(_ name: String, _ invocation: Invocation) throws -> NamePattern? {
    try checked(name, invocation) { try NamePattern($0) }
  }

  private static func tag(_ name: String, _ invocation: Invocation) throws -> TagPattern? {
    try checked(name, invocation) { try TagPattern($0) }
  }

  private static func checked<Pattern>(
    _ name: String, _ invocation: Invocation, _ make: (String) throws -> Pattern
  ) throws -> Pattern? {
    guard let text = invocation.text(name) else { return nil }
    do { return try make(text) } catch {
      throw Failure.usage("--\(name): \(error).", invocation.command)
    }
  }
}
