import ProfileViews

/// `vbench tree PROFILE|RUN`: every function with its callers and callees, or a tree of boxes.
enum TreeCommand {
  static let command = Command(
    "tree", "Callers and callees of all functions, or with --boxes a tree that sums.",
    details: """
      As `go tool pprof -tree` prints it. With --boxes: one tree from the roots of the stacks down,
      or with --inverted from the leaves up, in which the rows below a row always sum to it, the
      printed numbers too.
      """,
    flags: ViewFlags.common + ViewFlags.nodes + ViewFlags.trimming(nodeCount: 80) + boxes
      + ViewOutput.flags,
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: [
      "vbench tree Profiles/latest -focus=search",
      "vbench tree --boxes --depth 6 --min-share 2% Profiles/latest",
      "vbench tree --boxes --inverted --depth 3 worker1_cpu.pprof",
    ]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found = try ProfileSource.combined(invocation)
    if invocation.has("boxes") {
      try writeBoxes(found, options, invocation)
      return .fine
    }
    for name in ["inverted", "depth", "min-share"] where invocation.text(name) != nil {
      throw Failure.usage("--\(name) shapes a tree of boxes: add --boxes.", invocation.command)
    }
    let view = try ProfileSource.named(found.name) { try TreeView(found.profile, options) }
    try TreeOutput.write(view, "tree", found.name, invocation)
    return .fine
  }

  private static let boxes = [
    Flag("boxes", .toggle, "Draw a tree in which every level sums.", group: .view),
    Flag("inverted", .toggle, "With --boxes: from the leaves up.", group: .view),
    Flag(
      "depth", .count(1...4_096), "With --boxes: so many branchings deep.", standard: "6",
      group: .view),
    Flag(
      "min-share", .ratio(0...1), "With --boxes: what is smaller is one row.", standard: "0.5%",
      group: .view),
  ]

  private static func writeBoxes(
    _ found: ProfileSource.Combined, _ options: ViewOptions, _ invocation: Invocation
  ) throws {
    let unused = [
      "cum", "flat", "nodecount", "nodefraction", "edgefraction", "trim", "drop-negative",
      "compact-labels",
    ]
    if let name = unused.first(where: { invocation.text($0) != nil }) {
      throw Failure.usage("--\(name) means nothing for a tree of boxes.", invocation.command)
    }
    let tree = try ProfileSource.named(found.name) {
      try BoxTree(found.profile, isInverted: invocation.has("inverted"), options)
    }
    let depth = invocation.count("depth") ?? 6
    let share = invocation.ratio("min-share") ?? 0.005
    let rows = { tree.rows(depth: depth, minimumShare: share) }
    try ViewOutput.write(invocation) {
      tree.text(depth: depth, minimumShare: share)
    } json: {
      ViewDocument("boxes", found.name, tree.subject, header: [], rows().map(Row.init))
    } csv: {
      [["depth", "value", "percent", "name"]]
        + rows().map { ["\($0.depth)", "\($0.value)", "\(Double($0.share) / 100)", $0.name] }
    }
  }

  private struct Row: Encodable {
    let depth: Int
    let name: String
    let value: Int64
    let percent: Double

    init(_ row: BoxTree.Row) {
      (depth, name, value) = (row.depth, row.name, row.value)
      percent = Double(row.share) / 100
    }
  }
}
