import ProfileViews

/// `vbench peek REGEX PROFILE|RUN`: the callers and callees of the functions that match.
enum PeekCommand {
  static let command = Command(
    "peek", "Callers and callees of some functions, as `go tool pprof -peek` prints them.",
    details: """
      The functions that REGEX matches, each with those that call it above and those that it calls
      below. Nothing is trimmed. Several profiles are added up.
      """,
    flags: ViewFlags.common + ViewFlags.nodes + ViewOutput.flags,
    operands: .between(2...10_000, "REGEX PROFILE|RUN"),
    examples: [
      "vbench peek searchLayer Profiles/latest", "vbench peek 'malloc|free' worker1_cpu.pprof",
    ]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let pattern = try FilterFlags.operand(invocation)
    let found = try ProfileSource.combined(invocation, from: 1)
    let view = try ProfileSource.named(found.name) {
      try TreeView(found.profile, peekingAt: pattern, options)
    }
    try TreeOutput.write(view, "peek", found.name, invocation)
    return .fine
  }
}

/// What `peek` and `tree` print.
enum TreeOutput {
  static func write(
    _ view: TreeView, _ name: String, _ source: String, _ invocation: Invocation
  ) throws {
    try ViewOutput.write(invocation) {
      view.text
    } json: {
      ViewDocument(name, source, view.subject, header: view.header, view.entries.map(Row.init))
    } csv: {
      [["caller", "callee", "weight", "inlined"]]
        + view.entries.flatMap { entry in
          entry.callers.map { [$0.name, entry.name, "\($0.weight)", "\($0.isInlined)"] }
            + entry.callees.map { [entry.name, $0.name, "\($0.weight)", "\($0.isInlined)"] }
        }
    }
  }

  private struct Row: Encodable {
    let name: String
    let flat: Int64
    let cumulative: Int64
    let callers: [Call]
    let callees: [Call]

    init(_ entry: TreeView.Entry) {
      (name, flat, cumulative) = (entry.name, entry.flat, entry.cum)
      callers = entry.callers.map(Call.init)
      callees = entry.callees.map(Call.init)
    }
  }

  private struct Call: Encodable {
    let name: String
    let weight: Int64
    let inlined: Bool

    init(_ neighbor: TreeView.Neighbor) {
      (name, weight, inlined) = (neighbor.name, neighbor.weight, neighbor.isInlined)
    }
  }
}
