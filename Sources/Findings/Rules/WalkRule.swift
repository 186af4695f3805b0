import Measurement
import RunRecords

/// What a search does on its way, by the index's own count.
extension RunRule {
  static let walk = RunRule(
    id: "V7", title: "Distances per search", condition: walkIsLong,
    text: Rule.Text(
      means: [
        "A walk follows the links of each candidate it keeps, once. This one follows many more: nodes that are met twice, that are gone, or that a bad start leads through."
      ],
      doesNotMean:
        "It does not mean that a distance is dear: the count says nothing about time.",
      advice: [
        Recommendation(
          "Look for nodes that are expanded twice or are removed already, and at where a search starts",
          effort: .medium, risk: "low")
      ],
      falsifier: "The count falls, and the CPU for a search does not.", verify: "search-only",
      passes: "`hops.per.search` and `cpu.per.search` fall (`compare` says better)"),
    severity: .medium)

  /// More hops than this for each place of the beam are not explained by it.
  private static let hopsForEach = 1.5
  /// The way down through the upper layers.
  private static let hopsDown = 20.0

  private static func walkIsLong(_ evidence: Evidence, _ commands: SourceCommand) -> Condition {
    guard let record = evidence.record, let distances = record.result("distances.per.search"),
      let hops = record.result("hops.per.search")?.estimate
    else {
      return .notEvaluable("the run does not record how many distances a search computes")
    }
    guard let beam = record.setting("ef").flatMap(Double.init) else {
      return .notEvaluable("the run does not say how wide the beam is")
    }
    guard record.setting("filter") ?? "none" == "none" else {
      return .notEvaluable("with a filter a search goes on until enough is found")
    }
    let k = record.setting("top-k").flatMap(Double.init) ?? 0
    let wide = max(beam, k)
    let most = hopsForEach * wide + hopsDown
    let seen =
      "\(Wording.number(distances.estimate.value)) distances in \(Wording.number(hops.value)) hops for a search"
    guard (hops.interval?.low ?? hops.value) > most else {
      return .clean(
        "\(seen), a beam of \(Wording.number(wide)) explains up to \(Wording.number(most)) hops")
    }
    return .fires(
      Observation(
        title: "\(seen): a beam of \(Wording.number(wide)) needs about as many hops as it is wide",
        share: nil,
        evidence: [
          EvidenceItem(
            "\(seen), n = \(Wording.counted(hops.count, "trial"))",
            commands.record("results.hops.per.search"))
        ], gain: .notBounded("what the hops beyond the beam cost is not known")))
  }
}
