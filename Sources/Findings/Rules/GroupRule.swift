import Pprof
import Vocabulary

extension Rule {
  /// A rule of the commonest shape: stacks that hold a function of some group take at least a
  /// threshold of an operation's CPU.
  ///
  /// `byNameOnly` says that the patterns are guesses, so that the finding is not sure of itself.
  static func group(
    _ id: String, _ title: String, _ groups: [SymbolGroup], atLeast threshold: Double,
    _ operations: Place.Operations = .each,
    only guardCondition: (@Sendable (Scene) -> String?)? = nil,
    counting: GroupCounting = .anywhere, byNameOnly: Bool = false,
    gain: Observation.Gain = .ofCPU, depth: Depth = .work,
    more: @escaping @Sendable (Scene) -> [EvidenceItem] = { _ in [] },
    called label: (@Sendable (ProfileSlice) -> String)? = nil,
    advice: @escaping @Sendable (Scene) -> [Recommendation] = { _ in [] },
    text: Text
  ) -> Rule {
    Rule(
      id: id, title: title, place: .cpu(operations),
      condition: { scene in
        if let reason = guardCondition?(scene) { return .notEvaluable(reason) }
        let words = label?(scene.slice) ?? groups.map(\.label).joined(separator: " and ")
        return groupCondition(
          scene, groups: groups, counting: counting, threshold: threshold, gain: gain, more: more,
          label: words, advice: advice, byNameOnly: byNameOnly)
      }, text: text, depth: depth)
  }

  /// Which stacks of a group count.
  enum GroupCounting: Sendable {
    case anywhere
    /// Only those where the group is innermost but for what it calls in libraries.
    case innermost
    /// Only those that hold one of these groups as well.
    case together([SymbolGroup])
    /// Only those that hold none of these.
    case without([SymbolGroup])
    /// Only those of a search or insert, by its label or, where there are no labels, by a graph
    /// search in the stack.
    case inSearch
    /// All others.
    case outsideSearch

    /// Where a group may be seen and does not count.
    var elsewhere: String {
      switch self {
      case .inSearch: " in a graph search"
      case .outsideSearch: " outside a graph search"
      default: ""
      }
    }

    var isInnermost: Bool {
      if case .innermost = self { true } else { false }
    }

    func matches(_ groups: [SymbolGroup], in slice: ProfileSlice)
      -> @Sendable (StackSample) -> Bool
    {
      let inGroups = slice.containsAny(groups)
      switch self {
      case .anywhere: return inGroups
      case .innermost: return slice.isSpent(in: groups)
      case .together(let others):
        let inOthers = slice.containsAny(others)
        return { inGroups($0) && inOthers($0) }
      case .without(let others):
        let inOthers = slice.containsAny(others)
        return { inGroups($0) && !inOthers($0) }
      case .inSearch:
        guard slice.operation == nil else { return inGroups }
        let inSearch = slice.contains(.graphSearch)
        return { inGroups($0) && inSearch($0) }
      case .outsideSearch:
        // All operations of a vector store search its graph.
        if WaitReading.foregroundOperations.contains(slice.operation ?? "") {
          return { _ in false }
        }
        let inSearch = slice.contains(.graphSearch)
        return { inGroups($0) && !inSearch($0) }
      }
    }
  }

  private static func groupCondition(
    _ scene: Scene, groups: [SymbolGroup], counting: GroupCounting, threshold: Double,
    gain: Observation.Gain, more: (Scene) -> [EvidenceItem], label: String,
    advice: (Scene) -> [Recommendation], byNameOnly: Bool
  ) -> Condition {
    let slice = scene.slice
    let matches = counting.matches(groups, in: slice)
    let share = slice.share(where: matches)
    if share.samples == 0 {
      return slice.hasAny(of: groups)
        ? .clean("\(scene.place): none\(counting.elsewhere)") : .absent
    }
    guard share.low >= threshold else {
      return .clean(
        "\(scene.place): \(label) \(Wording.share(share)), fires when surely above \(Wording.percent(threshold))"
      )
    }
    return .fires(
      Observation(
        title: "\(label): \(Wording.share(share)) of the CPU of \(scene.place)", share: share,
        evidence: groupEvidence(
          scene, groups: groups, counting: counting, share: share, matches: matches)
          + more(scene),
        matches: { matches($0) }, gain: gain, advice: advice(scene), byNameOnly: byNameOnly))
  }

  private static func groupEvidence(
    _ scene: Scene, groups: [SymbolGroup], counting: GroupCounting, share: Share,
    matches: (StackSample) -> Bool
  ) -> [EvidenceItem] {
    let slice = scene.slice
    let names = slice.names(of: groups, where: matches)
    let shown = Prose.list(names.prefix(4).map { "\(name: $0)" })
    let spent = counting.isInnermost ? groups : []
    let source = scene.commands.exactly(slice, focus: names, spentIn: spent, where: matches)
    let isSum = source.filters.contains { $0.hasPrefix("-show=") }
    let absolute = scene.perOperation(share.part).map { ", \($0)" } ?? ""
    var items = [
      EvidenceItem(
        "\(shown): \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole))\(absolute), \(SampleText.counts(share))"
          + (isSum ? "; the sum of the first column over such rows" : ""),
        source)
    ]
    items += SampleText.perMember(scene, matches: matches, like: source)
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
    guard share.hasInterval else {
      return
        "n = \(Wording.count(share.samples)) of \(Wording.counted(share.samplesOfWhole, "event")), scaled up from those recorded"
    }
    let trials = share.trials > 0 ? ", \(Wording.counted(share.trials, "trial"))" : ""
    return "n = \(Wording.counted(share.samples, "sample")) of "
      + "\(Wording.count(share.samplesOfWhole))\(trials), 95 % interval "
      + "\(Wording.interval(share.low, share.high)) (\(share.method))"
  }

  /// The same number in each replica, when a role has several.
  ///
  /// `source` is the one of all replicas together, where it is known already.
  static func perMember(
    _ scene: Scene, matches: (StackSample) -> Bool, focus: [String] = [],
    like source: EvidenceItem.Source? = nil
  ) -> [EvidenceItem] {
    let slice = scene.slice
    guard slice.members.count > 1 else { return [] }
    let source = source ?? scene.commands.exactly(slice, focus: focus, where: matches)
    return slice.members.enumerated().map { index, samples in
      let whole = ProfileSlice.seconds(samples)
      let part = ProfileSlice.seconds(samples.filter(matches))
      return EvidenceItem(
        "\(name: slice.files[index].role): \(Wording.percent(whole > 0 ? part / whole : 0))",
        scene.commands.same(source, in: slice, member: index))
    }
  }
}
