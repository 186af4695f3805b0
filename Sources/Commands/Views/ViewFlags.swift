import Basics
import ProfileViews

/// pprof's flags that several views share, as they stand on the command line.
///
/// A view takes those that mean something for it; any other is refused like every unknown flag.
enum ViewFlags {
  /// What every text view takes.
  static let common =
    ProfileSource.flags + FilterFlags.flags + shorthands + bases + [
      Flag("mean", .toggle, "Divide each value by the first one.", group: .view),
      Flag(
        "divide-by", .number(1e-9...1e18), "Divide values by this, such as the number of jobs.",
        standard: "1", group: .view),
      Flag(
        "unit", .text("UNIT"), "Print in this unit, such as ms.", standard: "minimum", group: .view),
      Flag("relative-percentages", .toggle, "Percentages of what the filters leave.", group: .view),
      Flag("noinlines", .toggle, "Charge inlined functions to their callers.", group: .view),
      Flag("tagroot", .text("KEY,…"), "Labels as frames at the root of stacks.", group: .view),
      Flag("tagleaf", .text("KEY,…"), "Labels as frames at the leaf of stacks.", group: .view),
      Flag(
        "seconds", .text("N"), "Refused: files are read here, and `vbench record` takes profiles.",
        group: .view),
    ]

  static let granularity = [
    Flag("functions", .toggle, "A row for each function.", standard: "true", group: .view),
    Flag("filefunctions", .toggle, "A row for each function and file.", group: .view),
    Flag("files", .toggle, "A row for each file.", group: .view),
    Flag("lines", .toggle, "A row for each source line.", group: .view),
    Flag("addresses", .toggle, "A row for each address.", group: .view),
  ]

  /// For views that are made of nodes and calls.
  static let nodes =
    granularity + sources + [
      Flag("cum", .toggle, "Sort by cumulative cost.", group: .view),
      Flag("flat", .toggle, "Sort by own cost.", standard: "true", group: .view),
      Flag("drop-negative", .toggle, "Leave negative rows out.", group: .view),
      Flag("compact-labels", .toggle, "Leave the header out.", group: .view),
    ]

  static let sources = [
    Flag("source-path", .text("FOLDER:…"), "Where sources lie.", group: .view),
    Flag("trim-path", .text("FOLDER:…"), "What to cut off file names.", group: .view),
  ]

  static func trimming(nodeCount: Int) -> [Flag] {
    [
      Flag(
        "nodecount", short: "n", .count(0...1_000_000), "Show so many rows at most; 0 shows all.",
        standard: "\(nodeCount)", group: .view),
      Flag(
        "nodefraction", .ratio(0...1), "Drop rows whose cumulative share is below this.",
        standard: "0.005", group: .view),
      Flag(
        "edgefraction", .ratio(0...1), "Forget calls below this share.", standard: "0.001",
        group: .view),
      Flag(
        "trim", .toggle, "Honor the two fractions and the count.", standard: "true", group: .view),
    ]
  }

  private static let bases = [
    Flag(
      "base", .repeated("PROFILE|RUN"), "Take this away: an earlier state of the same process.",
      group: .view),
    Flag(
      "diff-base", .repeated("PROFILE|RUN"),
      "Take this away: another run, of which percentages are.", group: .view),
    Flag("normalize", .toggle, "Scale to the total of the base first.", group: .view),
  ]

  private static let shorthandNames = [
    "inuse-space", "inuse-objects", "alloc-space", "alloc-objects", "contentions", "total-delay",
    "mean-delay",
  ]

  private static let shorthands = shorthandNames.map { name in
    Flag(name, .toggle, "The sample type of this name.", group: .view)
  }

  // MARK: - Reading

  static func options(_ invocation: Invocation) throws -> ViewOptions {
    let known = Set(invocation.command.flags.map(\.name))
    func has(_ name: String) -> Bool { known.contains(name) && invocation.has(name) }
    func text(_ name: String) -> String? { known.contains(name) ? invocation.text(name) : nil }
    try refuse(invocation)
    var options = ViewOptions()
    options.filter = try FilterFlags.filter(invocation)
    options.sampleIndex = try sampleIndex(invocation)
    options.isMean = has("mean") || has("mean-delay")
    options.divideBy = text("divide-by").flatMap { Double($0) } ?? 1
    options.unit = invocation.text("unit") ?? options.unit
    options.isRelative = has("relative-percentages")
    options.noInlines = has("noinlines")
    options.tagRoot = invocation.list("tagroot") ?? []
    options.tagLeaf = invocation.list("tagleaf") ?? []
    options.timeText = { LocalTime.pprof(UInt64(clamping: $0)) }
    options.sortsByCum = has("cum")
    options.dropsNegative = has("drop-negative")
    options.compactLabels = has("compact-labels")
    options.isCallTree = has("call-tree")
    options.sourcePaths.search = text("source-path") ?? ""
    options.sourcePaths.trim = text("trim-path") ?? ""
    options.trims = text("trim") != "false"
    options.nodeCount = text("nodecount").flatMap { _ in invocation.count("nodecount") }
    if known.contains("nodefraction") {
      options.nodeFraction = invocation.ratio("nodefraction") ?? options.nodeFraction
      options.edgeFraction = invocation.ratio("edgefraction") ?? options.edgeFraction
    }
    if known.contains("lines") { options.granularity = try granularity(invocation) }
    return options
  }

  private static func refuse(_ invocation: Invocation) throws {
    if invocation.text("seconds") != nil {
      throw Failure.usage(
        "--seconds is for profiles that pprof fetches from a server; vbench reads files, and "
          + "`vbench record` takes profiles.", invocation.command)
    }
    let known = Set(invocation.command.flags.map(\.name))
    if known.contains("cum"), invocation.has("cum"), invocation.has("flat") {
      throw Failure.usage("--cum and --flat exclude each other.", invocation.command)
    }
  }

  private static func granularity(_ invocation: Invocation) throws -> Granularity {
    let chosen = Granularity.allCases.filter { invocation.has($0.rawValue) }
    if chosen.count > 1 {
      let names = chosen.map { "--\($0.rawValue)" }.joined(separator: " and ")
      throw Failure.usage("\(names) exclude each other.", invocation.command)
    }
    return chosen.first ?? .functions
  }

  private static func sampleIndex(_ invocation: Invocation) throws -> String? {
    let known = Set(invocation.command.flags.map(\.name))
    let short = shorthandNames.filter { known.contains($0) && invocation.has($0) }
    let names = short.map { name in
      name.hasSuffix("-delay") ? "delay" : name.replacing("-", with: "_")
    }
    let all = (invocation.text("sample-index").map { [$0] } ?? []) + names
    if all.count > 1 {
      throw Failure.usage("Only one sample type can be shown at a time.", invocation.command)
    }
    return all.first
  }
}
