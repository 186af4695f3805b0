import ProfileViews

/// `vbench traces PROFILE|RUN`: every stack with its labels and cost.
enum TracesCommand {
  static let command = Command(
    "traces", "Every stack with its labels, as `go tool pprof -traces` prints it.",
    flags: ViewFlags.common + ViewFlags.granularity + ViewOutput.flags,
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: ["vbench traces Profiles/latest -focus=fsync"]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found = try ProfileSource.combined(invocation)
    let view = try ProfileSource.named(found.name) { try TracesView(found.profile, options) }
    try ViewOutput.write(invocation) {
      view.text
    } json: {
      ViewDocument(
        "traces", found.name, view.subject, header: view.header, view.traces.map(Row.init))
    } csv: {
      [["value", "stack"]]
        + view.traces.map { trace in
          ["\(trace.value)", trace.frames.map(\.name).reversed().joined(separator: ";")]
        }
    }
    return .fine
  }

  private struct Row: Encodable {
    struct Frame: Encodable {
      let name: String
      let inlined: Bool
    }

    let value: Int64
    let labels: [String: String]
    let frames: [Frame]

    init(_ trace: TracesView.Trace) {
      value = trace.value
      labels = Dictionary(
        trace.labels.map { ($0.key, $0.text) }, uniquingKeysWith: { "\($0) \($1)" })
      frames = trace.frames.map { Frame(name: $0.name, inlined: $0.isInlined) }
    }
  }
}
