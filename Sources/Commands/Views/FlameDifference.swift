import Measurement
import Pprof
import ProfileViews
import Reporting

/// `vbench flamegraph --base BASE NEW`: what two profiles differ in, as a picture.
///
/// Unlike `vbench compare` it knows nothing of operations or seconds: costs are what the files say,
/// or with --normalize the base is brought to the same total.
struct FlameDifference {
  private let invocation: Invocation
  private let base: ProfileSource.Found
  private let new: ProfileSource.Found
  private let type: Profile.ValueType

  init(_ invocation: Invocation, _ bases: [String]) throws {
    let output = invocation.text("output") ?? ""
    if invocation.has("html") || !invocation.has("svg") && output.hasSuffix(".html") {
      throw Failure.usage(
        "A differential flame graph is an SVG; `vbench compare BASE NEW -o FILE.html` has a page "
          + "with one to zoom in.", invocation.command)
    }
    self.invocation = invocation
    base = try ProfileSource.sum(bases, invocation)
    new = try ProfileSource.sum(invocation)
    let profile = new.profile
    type = try ProfileSource.named(new.name) {
      profile.sampleTypes[try profile.sampleIndex(invocation.text("sample-index"))]
    }
    if !base.profile.sampleTypes.contains(type) {
      throw Failure(
        .badInput, "\(base.name) counts no \(type.type) in \(type.unit), and \(new.name) does.")
    }
  }

  func draw() throws -> ExitStatus {
    let filter = try FilterFlags.filter(invocation)
    let sides = [base, new].map { filter.apply(to: $0.profile) }
    let totals = sides.map(total)
    let scale = invocation.has("normalize") && totals[0] > 0 ? totals[1] / totals[0] : 1
    let hasOperations = sides.allSatisfy { $0.samples.contains { $0.label("op") != nil } }
    let tree = DifferenceTree(
      base: [.init(sides[0], sampleType: type.type, scale: scale)],
      new: [.init(sides[1], sampleType: type.type, scale: 1)],
      groupingByLabel: invocation.text("by") ?? (hasOperations ? "op" : nil))
    let text = FlameDifferenceSVG.render(tree, options(scale)) { value in
      UnitScale.text(Int64(exactly: value.rounded()) ?? .max, from: type.unit, to: "auto")
    }
    try OutputFile.write(text, invocation)
    return .fine
  }

  /// What the tree will count: a difference's negative values have no width.
  private func total(_ profile: Profile) -> Double {
    guard let index = profile.sampleTypes.firstIndex(of: type) else { return 0 }
    return profile.samples.reduce(0) { $0 + max(0, Double($1.values[index])) }
  }

  private func options(_ scale: Double) -> FlameGraphSVG.Options {
    var options = FlameGraphSVG.Options()
    options.title = invocation.text("title") ?? "\(base.name) → \(new.name)"
    options.subtitle = type.type + (scale == 1 ? "" : ", base × \(NumberText.ratio(scale))")
    options.width = invocation.count("width") ?? options.width
    return options
  }
}
