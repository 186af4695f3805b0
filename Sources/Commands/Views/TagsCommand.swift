import ProfileViews

/// `vbench tags PROFILE|RUN`: what each label costs.
enum TagsCommand {
  static let command = Command(
    "tags", "What each label of the samples costs, as `go tool pprof -tags` prints it.",
    flags: ViewFlags.common.filter { !["divide-by", "mean", "mean-delay"].contains($0.name) }
      + ViewOutput.flags,
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: ["vbench tags Profiles/latest", "vbench tags -focus=fsync Profiles/latest"]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let found = try ProfileSource.combined(invocation)
    let view = try ProfileSource.named(found.name) { try TagsView(found.profile, options) }
    let rows = view.keys.flatMap { key in key.tags.map { Row(key: key.name, tag: $0) } }
    try ViewOutput.write(invocation) {
      view.text
    } json: {
      ViewDocument("tags", found.name, view.subject, header: [], rows)
    } csv: {
      [["key", "tag", "value"]] + rows.map { [$0.key, $0.tag, "\($0.value)"] }
    }
    return .fine
  }

  private struct Row: Encodable {
    let key: String
    let tag: String
    let value: Int64

    init(key: String, tag: TagsView.Tag) {
      self.key = key
      self.tag = tag.name
      value = tag.value
    }
  }
}
