import ProfileViews

/// `vbench top PROFILE|RUN`: the table of functions, as `go tool pprof -top` prints it.
enum TopCommand {
  static let command = Command(
    "top", "The functions that cost most, in the layout of `go tool pprof -top`.",
    details: """
      PROFILE is a pprof file, or a run directory; several are added up. Flags may be typed with
      one dash or two, and as pprof spells them (-sample_index). Of a report of perf stat, of
      heaptrack_print or of go test -bench the numbers are shown.
      """,
    flags: ViewFlags.common + ViewFlags.nodes + ViewFlags.trimming(nodeCount: 0) + [
      Flag("top", .toggle, "Nothing: so that a pprof command line can be pasted.", group: .view)
    ] + ViewOutput.flags,
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: [
      "vbench top Profiles/latest", "vbench top Profiles/latest -tagfocus=op=search -n 20",
      "vbench top --kind mutex Profiles/latest", "vbench top -cum worker1_cpu.pprof",
      "vbench top -diff_base old.pprof new.pprof",
    ]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found: ProfileSource.Combined
    do { found = try ProfileSource.combined(invocation) } catch {
      guard try showNumbers(invocation) else { throw error }
      return .fine
    }
    let view = try ProfileSource.named(found.name) { try TopView(found.profile, options) }
    try ViewOutput.write(invocation) {
      view.text
    } json: {
      ViewDocument("top", found.name, view.subject, header: view.header, view.rows.map(Row.init))
    } csv: {
      [["flat", "cumulative", "name", "inlining"]]
        + view.rows.map { ["\($0.flat)", "\($0.cum)", $0.name, $0.inlining] }
    }
    return .fine
  }

  /// Shows a file without stacks whose numbers another tool wrote; false when it is none.
  private static func showNumbers(_ invocation: Invocation) throws -> Bool {
    guard invocation.operands.count == 1, let table = try ToolFile.table(invocation.operands[0])
    else { return false }
    try ViewOutput.write(invocation) {
      ToolTableText.text(table)
    } json: {
      ToolTableDocument(table: table)
    } csv: {
      ToolTableText.csv(table)
    }
    return true
  }

  private struct Row: Encodable {
    let name: String
    let flat: Int64
    let cumulative: Int64
    let inlining: String?

    init(_ row: TopView.Row) {
      (name, flat, cumulative) = (row.name, row.flat, row.cum)
      inlining = row.inlining.isEmpty ? nil : row.inlining
    }
  }
}
