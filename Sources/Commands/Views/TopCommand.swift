import Basics
import Pprof
import ProfileViews

/// `vbench top PROFILE|RUN`: the table of functions, as `go tool pprof -top` prints it.
enum TopCommand {
  static let command = Command(
    "top", "The functions that cost most, in the layout of `go tool pprof -top`.",
    details: """
      PROFILE is a pprof file, or a run directory. Flags may be typed with one dash or two, and
      as pprof spells them (-sample_index).
      """,
    flags: ProfileSource.flags + FilterFlags.flags + [
      Flag("cum", .toggle, "Sort by cumulative cost.", group: .view),
      Flag(
        "nodecount", short: "n", .count(0...1_000_000), "Show so many rows at most; 0 shows all.",
        standard: "0", group: .view),
      Flag(
        "nodefraction", .ratio(0...1), "Drop rows whose cumulative share is below this.",
        standard: "0.005", group: .view),
      Flag(
        "edgefraction", .ratio(0...1), "Forget calls below this share.", standard: "0.001",
        group: .view),
      Flag(
        "trim", .toggle, "Honor the two fractions and the count.", standard: "true", group: .view),
      Flag(
        "unit", .text("UNIT"), "Print in this unit, such as ms.", standard: "minimum", group: .view),
      Flag("relative-percentages", .toggle, "Percentages of what the filters leave.", group: .view),
      Flag("noinlines", .toggle, "Charge inlined functions to their callers.", group: .view),
      Flag("functions", .toggle, "A row for each function.", standard: "true", group: .view),
      Flag("filefunctions", .toggle, "A row for each function and file.", group: .view),
      Flag("files", .toggle, "A row for each file.", group: .view),
      Flag("lines", .toggle, "A row for each source line.", group: .view),
      Flag("compact-labels", .toggle, "Leave the header out.", group: .view),
      Flag("drop-negative", .toggle, "Leave negative rows out.", group: .view),
      Flag("top", .toggle, "Nothing: so that a pprof command line can be pasted.", group: .view),
      SharedFlags.json, SharedFlags.output,
    ],
    operands: .exactly(1, "PROFILE|RUN"),
    examples: [
      "vbench top Profiles/latest", "vbench top Profiles/latest -tagfocus=op=search -n 20",
      "vbench top --kind mutex Profiles/latest", "vbench top -cum worker1_cpu.pprof",
    ]
  ) { invocation in
    let found = try ProfileSource.open(invocation.operands[0], invocation)
    let view: TopView
    do { view = try TopView(found.profile, options(invocation)) } catch let error as ViewError {
      throw Failure(.badInput, "\(found.name): \(error)")
    }
    let text = invocation.has("json") ? try JSONText.of(TopDocument(view, found.name)) : view.text
    try OutputFile.write(text, invocation)
    return .fine
  }

  static func options(_ invocation: Invocation) throws -> TopView.Options {
    var options = TopView.Options()
    options.filter = try FilterFlags.filter(invocation)
    options.sampleIndex = invocation.text("sample-index")
    options.sortsByCum = invocation.has("cum")
    options.nodeCount = invocation.count("nodecount") ?? 0
    options.nodeFraction = invocation.ratio("nodefraction") ?? options.nodeFraction
    options.edgeFraction = invocation.ratio("edgefraction") ?? options.edgeFraction
    if invocation.text("trim") == "false" {
      (options.nodeCount, options.nodeFraction, options.edgeFraction) = (0, 0, 0)
    }
    options.unit = invocation.text("unit") ?? options.unit
    options.isRelative = invocation.has("relative-percentages")
    options.noInlines = invocation.has("noinlines")
    options.compactLabels = invocation.has("compact-labels")
    options.dropsNegative = invocation.has("drop-negative")
    options.timeText = { LocalTime.pprof(UInt64(clamping: $0)) }
    for granularity in Granularity.allCases where invocation.has(granularity.rawValue) {
      options.granularity = granularity
    }
    return options
  }
}

/// `vbench top --json`.
private struct TopDocument: Encodable {
  struct Row: Encodable {
    let name: String
    let flat: Int64
    let cumulative: Int64
    let inlining: String?
  }

  let schema = "vbench.top/1"
  let source: String
  let sampleType: String
  let unit: String
  let total: Int64
  let header: [String]
  let rows: [Row]

  init(_ view: TopView, _ source: String) {
    self.source = source
    sampleType = view.sampleType.type
    unit = view.unit
    total = view.total
    header = view.header
    rows = view.rows.map { row in
      Row(
        name: row.name, flat: row.flat, cumulative: row.cum,
        inlining: row.inlining.isEmpty ? nil : row.inlining)
    }
  }
}
