import RunRecords
import Vocabulary

/// How many numbers a distance kernel takes at once.
enum KernelWidth: Int, Comparable {
  case scalar = 1
  case four = 4
  case eight = 8
  case sixteen = 16

  static func < (left: KernelWidth, right: KernelWidth) -> Bool { left.rawValue < right.rawValue }

  static let unknownProcessor = "env.json does not list the processor's instruction sets"

  /// Nil when the run does not say what its processor can do.
  static func ofProcessor(_ environment: EnvironmentRecord?) -> KernelWidth? {
    let sets = Set((environment?.instructionSets ?? []).map { $0.lowercased() })
    if sets.isEmpty { return nil }
    if sets.contains("avx512f") || sets.contains("avx512") { return .sixteen }
    if sets.contains("avx2") { return .eight }
    return sets.contains("neon") || sets.contains("asimd") ? .four : .scalar
  }

  /// Told by the name; nil for a kernel of somebody else, whose name does not tell.
  static func ofKernel(_ name: String) -> KernelWidth? {
    if name.hasSuffix("_avx512") { return .sixteen }
    if name.hasSuffix("_avx2") { return .eight }
    if name.hasSuffix("_neon") { return .four }
    return name.hasSuffix("_portable") ? .scalar : nil
  }
}

extension Rule {
  static let kernels: [Rule] = [
    Rule(
      id: "V1", title: "Narrow distance kernel", place: .cpu(.only([.search, .insert])),
      condition: narrowKernel,
      text: Text(
        means: [
          "Most of the CPU goes into distances, and the kernel takes fewer numbers at once than this processor can."
        ],
        doesNotMean:
          "It does not mean that a wider kernel is that much faster: memory and clock rate have a say.",
        ruledOut: [
          "A kernel of the processor's full width is the work that search is about, and no finding."
        ],
        advice: [
          Recommendation(
            "Run with `--kernel automatic`", effort: .small, risk: "none; recall is unchanged"),
          Recommendation(
            "Compute fewer distances: smaller `ef`, or 8-bit codes with exact re-ranking",
            effort: .large, risk: "recall may fall; measure it in the same run"),
        ],
        falsifier: "With the wider kernel the CPU for one search is the same.",
        verify: "--kernel automatic"))
  ]

  private static func narrowKernel(_ scene: Scene) -> Condition {
    let slice = scene.slice
    let share = slice.share(where: slice.contains(.distanceKernel))
    if share.samples == 0 { return .absent }
    guard let processor = KernelWidth.ofProcessor(scene.evidence.run.environment) else {
      return .notEvaluable(KernelWidth.unknownProcessor)
    }
    let names = slice.names(of: [.distanceKernel], where: slice.contains(.distanceKernel))
    let widths = names.compactMap(KernelWidth.ofKernel)
    guard let widest = widths.max() else {
      return .notEvaluable(
        "how wide \(names.first ?? "the kernel") is, its name does not tell, and nothing was counted"
      )
    }
    guard share.low >= scene.thresholds.distanceKernel else {
      return .clean(
        "\(scene.place): distance kernels \(Wording.share(share)), looked at from \(Wording.percent(scene.thresholds.distanceKernel))"
      )
    }
    if widest == .scalar {
      return .clean("\(scene.place): see V2, which is about the portable kernel")
    }
    guard processor > widest else {
      return .clean(
        "\(scene.place): distance kernels \(Wording.share(share)), as wide as this processor can")
    }
    return .fires(narrow(scene, share, names, by: processor.rawValue / widest.rawValue))
  }

  private static func narrow(
    _ scene: Scene, _ share: Share, _ names: [String], by factor: Int
  ) -> Observation {
    let slice = scene.slice
    let list = Prose.list(names.prefix(4).map { "\(name: $0)" })
    let absolute = scene.perOperation(share.part).map { ", \($0)" } ?? ""
    return Observation(
      title:
        "\(list) \(names.count == 1 ? "takes" : "take") \(Wording.share(share)) of the CPU of \(scene.place) and could be \(String(factor)) times as wide",
      share: share,
      evidence: [
        EvidenceItem(
          "\(list): \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole))\(absolute), \(SampleText.counts(share))",
          scene.commands.top(slice, focus: names))
      ], matches: { slice.contains(.distanceKernel)($0) }, gain: .ofCPUSpeedUp(Double(factor)))
  }
}
