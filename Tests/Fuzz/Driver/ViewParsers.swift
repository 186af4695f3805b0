import Pprof
import ProfileViews
import Reporting

extension FuzzedParser {
  /// Views of a profile that was read: whatever its numbers, names and labels are, none traps.
  static let views: [FuzzedParser] = [
    FuzzedParser("views") { bytes in
      let profile = try ProfileReader.read(bytes)
      let question = Question(profile)
      let combined = CombinedProfile(profile)
      question.ask(combined)
      let twice = try CombinedProfile([profile, profile])
      question.ask(try CombinedProfile([profile], bases: [profile], as: .compared))
      let (one, two) = (try TopView(combined, ViewOptions()), try? TopView(twice, ViewOptions()))
      if let two { precondition(one.total &+ one.total == two.total) }
    },
    FuzzedParser("patterns") { bytes in
      // A pattern may come with a profile, as `drop_frames`; what follows a line feed is searched.
      let parts = bytes.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
      let pattern = try NamePattern(String(decoding: parts[0], as: UTF8.self))
      _ = pattern.matches(String(decoding: (parts.last ?? []).prefix(1_000), as: UTF8.self))
    },
  ]
}

/// What is asked of a profile; its period, which no view computes with, chooses.
private struct Question {
  private var options = ViewOptions()
  private let name: NamePattern?
  private let label: String?

  init(_ profile: Profile) {
    let choice = UInt64(bitPattern: profile.period)
    func bit(_ number: UInt64) -> Bool { choice >> number & 1 == 1 }
    options.granularity = Granularity.allCases[Int(choice % UInt64(Granularity.allCases.count))]
    (options.isMean, options.noInlines, options.sortsByCum) = (bit(3), bit(4), bit(5))
    (options.dropsNegative, options.isRelative, options.isCallTree) = (bit(6), bit(7), bit(8))
    (options.trims, options.nodeCount) = (bit(9), bit(10) ? 2 : nil)
    label = profile.samples.lazy.flatMap(\.labels).first?.key
    if bit(11), let label { options.tagRoot = [label] }
    if bit(12), let label { options.tagLeaf = [label] }
    options.unit = bit(13) ? "minimum" : profile.sampleTypes.first?.unit ?? ""
    options.sampleIndex = bit(14) ? nil : profile.sampleTypes.last?.type
    // The name of a profile's own function, as far as it is no expression that takes forever.
    name = profile.functions.last.flatMap { function in
      let isPlain = function.name.utf8.allSatisfy { !#"\.+*?()|[]{}^$"#.utf8.contains($0) }
      return isPlain ? try? NamePattern(function.name) : nil
    }
    if bit(15) { options.filter.focus = name }
    if bit(16) { options.filter.hide = name }
    if bit(17) { options.filter.showFrom = name }
    if bit(18) { options.filter.pruneFrom = name }
  }

  func ask(_ profile: CombinedProfile) {
    _ = try? TopView(profile, options).text
    _ = try? TreeView(profile, options).text
    _ = try? TracesView(profile, options).text
    _ = try? TagsView(profile, options).text
    _ = try? CallGraphView(profile, options).text
    _ = try? RawView(profile, options).text { "\($0)" }
    _ = try? BoxTree(profile, isInverted: options.sortsByCum, options)
      .text(depth: 8, minimumShare: 0.01)
    if let name {
      _ = try? TreeView(profile, peekingAt: name, options).text
      _ = try? ListView(profile, matching: name, options) { _ in .lines(["a", "b"]) }.text
    }
    guard let tree = try? CallTree(profile.profile, groupingByLabel: label) else { return }
    _ = FlameGraphSVG.render(tree, FlameGraphSVG.Options())
    _ = FlameGraphHTML.render(tree, FlameGraphSVG.Options())
  }
}
