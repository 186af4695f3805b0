import Vocabulary

extension Rule {
  static let hotspots: [Rule] = [
    Rule(
      id: "C1", title: "Hot function", place: .cpu(), condition: hotFunction,
      text: Text(
        means: [],
        doesNotMean:
          "It does not mean that the function is badly written or does too much: it may be where the work is.",
        ruledOut: ["Time in functions it calls is not counted: the share is of its own code."],
        advice: [
          Recommendation(
            "Call it less often, or give it less to do, before making it faster", effort: .medium,
            risk: "low")
        ],
        falsifier: "The function gets faster alone but the CPU for one operation does not fall."),
      depth: .amount),
    Rule(
      id: "C2", title: "Flat profile", place: .cpu(), condition: flatProfile,
      text: Text(
        means: [
          "No single function is worth tuning by itself: a faster run takes a different structure."
        ],
        doesNotMean: "It does not mean that nothing can be gained.",
        advice: [
          Recommendation(
            "Look at the cumulative shares and at what can be left out", effort: .large,
            risk: "medium")
        ],
        falsifier: "One change to one function brings more than its own share."),
      severityCap: .info, depth: .amount),
  ]

  private static func hotFunction(_ scene: Scene) -> Condition {
    let slice = scene.slice
    let limit = scene.thresholds.hotFunction
    guard let hottest = slice.flat.first else { return .notEvaluable("the profile is empty") }
    let candidates = slice.flat.prefix(8).filter { row in
      !isPlumbing(row.name, slice) && slice.share(where: slice.hasLeaf(row.name)).low >= limit
    }
    guard let row = candidates.first else {
      return .clean(
        "\(scene.place): no function without a rule of its own stands out; the hottest is \(name: hottest.name) with \(Wording.percent(hottest.seconds / max(slice.total, 1e-12)))"
      )
    }
    let name = row.name
    let share = slice.share(where: slice.hasLeaf(name))
    let callers = slice.owners(where: slice.hasLeaf(name)).prefix(2).filter { $0.name != name }
    let source = scene.commands.top(slice)
    let absolute = scene.perOperation(share.part).map { ", \($0)" } ?? ""
    var items = [
      EvidenceItem(
        "\(name: name): \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole)) flat\(absolute), \(SampleText.counts(share))",
        source)
    ]
    items += SampleText.perMember(scene, matches: slice.hasLeaf(name))
    if !callers.isEmpty {
      items.append(
        EvidenceItem("Charged to \(Prose.list(callers.map { "\(name: $0.name)" }))", source))
    }
    return .fires(
      Observation(
        title: "\(name: name) takes \(Wording.share(share)) of the CPU of \(scene.place)",
        share: share, evidence: items, matches: { slice.hasLeaf(name)($0) },
        gain: .notBounded(
          "how much of the function's own work could be left out is not known, and all of it cannot"
        ),
        means: ["\(name: name) spends this in its own code, not in what it calls."],
        severityCap: isCoreWork(name, slice) ? .info : nil))
  }

  /// Walking the graph is what an index does; that it takes CPU is no news.
  private static func isCoreWork(_ name: String, _ slice: ProfileSlice) -> Bool {
    guard let sample = slice.samples.first(where: slice.hasLeaf(name)) else { return false }
    return slice.table[sample.symbols[0]].groups.contains(.graphSearch)
  }

  /// What a function of these groups costs is said by a rule of its own.
  private static let groupsWithRules: [SymbolGroup] = [
    .lockFrame, .allocation, .collection, .candidateHeap, .hashing, .copying, .zeroing,
    .referenceCounting, .exclusivity, .generics, .clock, .foreignCall, .distanceKernel, .scheduler,
  ]

  /// Kernel entries, frames without a name, and functions that another rule speaks of.
  private static func isPlumbing(_ name: String, _ slice: ProfileSlice) -> Bool {
    guard let sample = slice.samples.first(where: slice.hasLeaf(name)) else { return true }
    let symbol = slice.table[sample.symbols[0]]
    return slice.isInKernel(sample) || symbol.layer == .unknown
      || groupsWithRules.contains { symbol.groups.contains($0) }
  }

  private static func flatProfile(_ scene: Scene) -> Condition {
    let slice = scene.slice
    guard let hottest = slice.flat.first, slice.total > 0 else {
      return .notEvaluable("the profile is empty")
    }
    let share = slice.share(where: slice.hasLeaf(hottest.name))
    guard share.high < scene.thresholds.flatProfile else {
      return .clean("\(scene.place): \(name: hottest.name) alone has \(Wording.share(share))")
    }
    return .fires(
      Observation(
        title:
          "The CPU profile of \(scene.place) is flat: no function has \(Wording.percent(scene.thresholds.flatProfile))",
        share: share,
        evidence: [
          EvidenceItem(
            "The hottest function, \(name: hottest.name), has \(Wording.share(share)), \(SampleText.counts(share))",
            scene.commands.top(slice))
        ], gain: .notBounded("a flat profile names nothing to remove")))
  }
}
