import Pprof
import Vocabulary

extension Rule {
  /// A rule of the commonest shape: stacks that hold a function of some group take at least a
  /// threshold of an operation's CPU.
  static func group(
    _ id: String, _ title: String, _ groups: [SymbolGroup], atLeast threshold: Double,
    _ operations: Place.Operations = .each,
    only guardCondition: (@Sendable (Scene) -> String?)? = nil,
    gain: Observation.Gain = .ofCPU,
    text: Text
  ) -> Rule {
    Rule(
      id: id, title: title, place: .cpu(operations),
      condition: { scene in
        if let reason = guardCondition?(scene) { return .notEvaluable(reason) }
        return groupCondition(scene, groups: groups, threshold: threshold, gain: gain)
      }, text: text)
  }

  private static func groupCondition(
    _ scene: Scene, groups: [SymbolGroup], threshold: Double, gain: Observation.Gain
  ) -> Condition {
    let slice = scene.slice
    let matches = slice.containsAny(groups)
    let share = slice.share(where: matches)
    let label = groups.map(\.label).joined(separator: " and ")
    if share.samples == 0 { return .clean("\(scene.place): none") }
    guard share.low >= threshold else {
      return .clean(
        "\(scene.place): \(label) \(Wording.share(share)), fires from \(Wording.percent(threshold))"
      )
    }
    return .fires(
      Observation(
        title: "\(label): \(Wording.share(share)) of the CPU of \(scene.place)", share: share,
        evidence: groupEvidence(scene, groups: groups, share: share, matches: matches),
        matches: { matches($0) }, gain: gain))
  }

  private static func groupEvidence(
    _ scene: Scene, groups: [SymbolGroup], share: Share, matches: (StackSample) -> Bool
  ) -> [EvidenceItem] {
    let slice = scene.slice
    let names = groups.flatMap(slice.names(of:))
    let shown = Prose.list(names.prefix(4).map { "\(name: $0)" })
    let source = scene.commands.top(slice, focus: names)
    let absolute = scene.perOperation(share.part).map { ", \($0)" } ?? ""
    var items = [
      EvidenceItem(
        "\(shown): \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole))\(absolute), \(SampleText.counts(share))",
        source)
    ]
    items += SampleText.perMember(scene, matches: matches, focus: names)
    let owners = slice.owners(where: matches).prefix(3)
    let charged = Prose.list(
      owners.map { "\(name: $0.name) \(Wording.percent($0.seconds / max(share.part, 1e-12)))" })
    items.append(
      EvidenceItem(
        "Charged to the first project frame above it: \(charged) of these stacks",
        scene.commands.charged(slice, focus: names, where: matches)))
    return items
  }
}

/// How counts stand behind a number.
enum SampleText {
  static func counts(_ share: Share) -> String {
    let trials = share.trials > 0 ? ", \(Wording.counted(share.trials, "trial"))" : ""
    return "n = \(Wording.counted(share.samples, "sample")) of "
      + "\(Wording.count(share.samplesOfWhole))\(trials), 95 % interval "
      + "\(Wording.interval(share.low, share.high)) (\(share.method))"
  }

  /// The same number in each replica, when a role has several.
  static func perMember(
    _ scene: Scene, matches: (StackSample) -> Bool, focus: [String] = []
  ) -> [EvidenceItem] {
    let slice = scene.slice
    guard slice.members.count > 1 else { return [] }
    return slice.members.enumerated().map { index, samples in
      let whole = ProfileSlice.seconds(samples)
      let part = ProfileSlice.seconds(samples.filter(matches))
      return EvidenceItem(
        "\(name: slice.files[index].role): \(Wording.percent(whole > 0 ? part / whole : 0))",
        scene.commands.top(slice, member: index, focus: focus))
    }
  }
}
