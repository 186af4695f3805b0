import Measurement
import RunRecords
import Vocabulary

extension RunRule {
  static let all: [RunRule] = [
    RunRule(
      id: "V6", title: "Recall too low", condition: recallLow,
      text: Rule.Text(
        means: [
          "Searches miss neighbors they should find. A fast wrong answer is no answer: claims about speed wait for this."
        ],
        doesNotMean: "It does not mean that the graph is damaged: the beam may be too narrow.",
        advice: [
          Recommendation(
            "Raise `ef`; if that does not help, raise `m` or `ef-construction` and build again",
            effort: .small, risk: "searches get slower")
        ],
        falsifier: "Exact search over the same live set scores the same."),
      severity: .critical),
    RunRule(
      id: "V5", title: "Recall to spare", condition: recallAmple,
      text: Rule.Text(
        means: [
          "Recall is so high that a narrower beam may do: there is speed to be had for accuracy nobody asked for."
        ],
        doesNotMean:
          "It does not mean that recall is high in a larger collection or for other queries.",
        ruledOut: [
          "Queries are scored against exact search over the live set, not against the index itself."
        ],
        advice: [
          Recommendation(
            "Measure recall and latency over a range of `ef` and take the smallest that meets the target",
            effort: .small, risk: "recall falls; that is the point")
        ],
        falsifier: "A smaller `ef` meets the target but is not faster."),
      severity: .medium),
  ]

  static func recall(_ evidence: Evidence) -> (low: Estimate, high: Estimate)? {
    guard let low = evidence.record?.result("search.recall")?.estimate else { return nil }
    return (low, evidence.record?.result("search.recall.upper")?.estimate ?? low)
  }

  static let noRecall = "the run has no result search.recall"

  private static func recallLow(_ evidence: Evidence, _ commands: SourceCommand) -> Condition {
    guard let recall = recall(evidence) else { return .notEvaluable(noRecall) }
    let best = recall.high.interval?.high ?? recall.high.value
    let floor = evidence.thresholds.recallFloor
    guard best < floor else {
      return .clean("Recall is \(recallText(recall.low)), the floor is \(Wording.number(floor))")
    }
    return .fires(
      Observation(
        title: "Recall is \(recallText(recall.low)), below \(Wording.number(floor))", share: nil,
        evidence: [
          EvidenceItem(
            "search.recall is \(recallText(recall.low)); even its upper bound is \(recallText(recall.high))",
            commands.record("results.search.recall"))
        ], gain: .notBounded("recall is not a matter of speed"),
        trial: beam(evidence).map { ef in
          .sweep(
            over: "ef=\(ef)..\(ef * 8)x2", evidence,
            passes: "at a larger `ef` the recall of the table is \(Wording.number(floor)) or more")
        }))
  }

  private static func recallAmple(_ evidence: Evidence, _ commands: SourceCommand) -> Condition {
    guard let recall = recall(evidence) else { return .notEvaluable(noRecall) }
    let worst = recall.low.interval?.low ?? recall.low.value
    let ample = evidence.thresholds.recallAmple
    guard worst >= ample else {
      return .clean("Recall is \(recallText(recall.low)), not above \(Wording.number(ample))")
    }
    let ef = beam(evidence)
    let at = ef.map { " at ef \($0)" } ?? ""
    return .fires(
      Observation(
        title: "Recall is \(recallText(recall.low))\(at): the beam may be wider than it need be",
        share: nil,
        evidence: [
          EvidenceItem(
            "search.recall is \(recallText(recall.low))\(at), n = \(Wording.counted(recall.low.count, "trial"))",
            commands.record("results.search.recall"))
        ] + CPUOfOperation.item(evidence, .search, commands),
        matches: { _ in true },
        gain: .notBounded("only a measured curve of recall over latency tells how much"),
        weighed: CPUOfOperation.slice(evidence, .search),
        trial: ef.map { ef in
          .sweep(
            over: "ef=\(max(1, ef / 4))..\(ef)x2", evidence,
            passes:
              "at an `ef` below \(ef) the recall of the table is still what is wanted, and its searches a second are more"
          )
        }))
  }

  private static func beam(_ evidence: Evidence) -> Int? {
    evidence.record?.setting("ef").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  static func recallText(_ estimate: Estimate) -> String {
    let value = Wording.recall(estimate.value)
    guard let interval = estimate.interval else { return value }
    return
      "\(value) (\(Wording.recall(interval.low))–\(Wording.recall(interval.high)))"
  }
}
