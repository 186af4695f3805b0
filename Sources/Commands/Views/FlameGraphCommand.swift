import Measurement
import Pprof
import ProfileViews
import Reporting

/// `vbench flamegraph PROFILE|RUN -o FILE.svg|FILE.html`.
enum FlameGraphCommand {
  static let command = Command(
    "flamegraph", "A flame graph as a still SVG, or as one HTML page with zoom and search.",
    details: """
      The ending of the output file chooses the form; without -o an SVG goes to standard output.
      Width is cost, the root is at the bottom, and frames lie in the order of their names. With
      --base the SVG is differential: red is more than in the base, blue is less.
      """,
    flags: ProfileSource.flags + FilterFlags.flags + [
      Flag(
        "by", .text("LABEL"), "Group by a label first, such as op.",
        standard: "op, in our own runs",
        group: .view),
      Flag(
        "base", .repeated("PROFILE|RUN"), "Show what differs from these, added up.", group: .view),
      Flag("normalize", .toggle, "Scale the base to the same total first.", group: .view),
      Flag("width", .count(400...10_000), "Pixels, for SVG.", standard: "1200", group: .view),
      Flag("title", .text("TEXT"), "What stands above the picture.", group: .view),
      Flag("svg", .toggle, "SVG, whatever the file is called.", group: .output),
      Flag("html", .toggle, "HTML, whatever the file is called.", group: .output),
      SharedFlags.output,
    ],
    operands: .between(1...10_000, "PROFILE|RUN"),
    examples: [
      "vbench flamegraph Profiles/latest -o Reports/cpu.html",
      "vbench flamegraph --kind block Profiles/latest -o Reports/block.svg",
      "vbench flamegraph --base Profiles/before Profiles/after -o Reports/change.svg",
    ]
  ) { invocation in
    if let bases = invocation.list("base") {
      return try FlameDifference(invocation, bases).draw()
    }
    if invocation.has("normalize") {
      throw Failure.usage("--normalize wants a --base.", invocation.command)
    }
    let found = try ProfileSource.sum(invocation)
    let profile = found.profile
    let hasOperations = profile.samples.contains { $0.label("op") != nil }
    let tree: CallTree
    do {
      tree = try CallTree(
        profile, sampleIndex: invocation.text("sample-index"),
        filter: try FilterFlags.filter(invocation),
        groupingByLabel: invocation.text("by") ?? (hasOperations ? "op" : nil))
    } catch let error as ViewError {
      throw Failure(.badInput, "\(found.name): \(error)")
    }
    var options = FlameGraphSVG.Options()
    options.title = invocation.text("title") ?? found.name
    options.subtitle = subtitle(profile, tree)
    options.width = invocation.count("width") ?? options.width
    options.mainBinary =
      profile.mappings.first?.filename.split(separator: "/").last.map(String.init) ?? ""
    let isHTML =
      invocation.has("html")
      || !invocation.has("svg") && (invocation.text("output") ?? "").hasSuffix(".html")
    let text =
      isHTML ? FlameGraphHTML.render(tree, options) : FlameGraphSVG.render(tree, options)
    try OutputFile.write(text, invocation)
    return .fine
  }

  private static func subtitle(_ profile: Profile, _ tree: CallTree) -> String {
    let type = tree.sampleType
    let total = UnitScale.text(tree.total, from: type.unit, to: "auto")
    let samples = profile.samples.reduce(Int64(0)) { $0 &+ ($1.values.first ?? 0) }
    let duration =
      profile.durationNanoseconds > 0
      ? " over \(NumberText.duration(Double(profile.durationNanoseconds) / 1e9))" : ""
    return "\(type.type): \(total) in \(NumberText.count(Int(samples))) samples\(duration)"
  }
}
