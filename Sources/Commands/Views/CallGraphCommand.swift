import ProfileViews

/// `vbench callgraph PROFILE|RUN`: the call graph for Graphviz.
enum CallGraphCommand {
  static let command = Command(
    "callgraph", "The call graph as DOT, as `go tool pprof -dot` prints it.",
    details: """
      Graphviz draws it: vbench callgraph Profiles/latest | dot -Tsvg > graph.svg
      """,
    flags: ViewFlags.common
      + ViewFlags.nodes.filter { !["cum", "flat", "compact-labels"].contains($0.name) }
      + ViewFlags.trimming(nodeCount: 80) + [
        Flag(
          "call-tree", .toggle, "A function once for each way that leads to it.", group: .view),
        Flag("dot", .toggle, "Nothing: so that a pprof command line can be pasted.", group: .view),
        SharedFlags.output,
      ],
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: ["vbench callgraph Profiles/latest -nodecount=30 -o graph.dot"]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found = try ProfileSource.combined(invocation)
    let view = try ProfileSource.named(found.name) { try CallGraphView(found.profile, options) }
    try OutputFile.write(view.text, invocation)
    return .fine
  }
}
