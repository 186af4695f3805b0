import Measurement
import RunRecords
import Vocabulary

extension RunRule {
  /// Whether an index that finds all that is asked of it is built with more effort than it need be.
  static let build = RunRule(
    id: "V9", title: "Effort of the build", condition: effortOfBuild,
    text: Rule.Text(
      means: [
        "Inserts look for their neighbors with a wide beam, and searches find nearly everything: a graph that was built with a narrower one may find as much."
      ],
      doesNotMean:
        "It does not mean that recall holds with a narrower beam, in this collection or in a larger one.",
      ruledOut: [
        "Choosing among the neighbors that were found, and linking them, is not counted: only the search for them is."
      ],
      advice: [],
      falsifier:
        "With half of `ef-construction` the CPU for one insert does not fall, or recall falls below what is wanted."
    ),
    severity: .medium)

  private static func effortOfBuild(_ evidence: Evidence, _ commands: SourceCommand) -> Condition {
    guard let recall = recall(evidence) else { return .notEvaluable(noRecall) }
    guard let effort = evidence.record?.setting("ef-construction").flatMap({ Int($0) }) else {
      return .notEvaluable("the run does not say its ef-construction")
    }
    let ample = evidence.thresholds.recallAmple
    guard (recall.low.interval?.low ?? recall.low.value) >= ample else {
      return .clean(
        "Recall is \(recallText(recall.low)), not above \(Wording.number(ample)): there is none to spare for a cheaper build"
      )
    }
    guard let slice = CPUOfOperation.slice(evidence, .insert) else {
      return .notEvaluable("no sample of a CPU profile has the label op=insert")
    }
    let needed = evidence.thresholds.samplesForAnyClaim
    guard slice.sampleCount >= needed else {
      return .notEvaluable(
        "insert in engine has \(Wording.counted(slice.sampleCount, "sample")) and needs \(needed)"
      )
    }
    let matches = slice.contains(.graphSearch)
    guard let part = evidence.partOfAllCPU(slice, where: matches) else {
      return .notEvaluable("no CPU was sampled")
    }
    guard part.low >= evidence.thresholds.buildSearch else {
      return .clean(
        "The search for neighbors inside inserts is \(Wording.percent(part.value)) of all CPU, looked at when surely above \(Wording.percent(evidence.thresholds.buildSearch))"
      )
    }
    guard effort / 2 >= leastEffort(evidence) else {
      return .clean("ef-construction is \(effort), hardly more than a node has links")
    }
    return .fires(wideBuild(evidence, commands, effort, recall.low, slice, part))
  }

  /// A list of candidates must hold the links of a node, and some to choose from.
  private static func leastEffort(_ evidence: Evidence) -> Int {
    2 * (evidence.record?.setting("m").flatMap { Int($0) } ?? 4)
  }

  private static func wideBuild(
    _ evidence: Evidence, _ commands: SourceCommand, _ effort: Int, _ recall: Estimate,
    _ slice: ProfileSlice, _ part: Ceiling
  ) -> Observation {
    let matches = slice.contains(.graphSearch)
    let share = slice.share(where: matches)
    let names = slice.names(of: [.graphSearch], where: matches)
    let half = effort / 2
    let folder = commands.folderWord
    return Observation(
      title:
        "the search for neighbors inside \(name: "insert") is \(Wording.percent(part.value)) of all CPU at ef-construction \(effort), and recall is \(recallText(recall)): the build may take more effort than it needs",
      share: share,
      evidence: [
        EvidenceItem(
          "\(Prose.list(names.prefix(4).map { "\(name: $0)" })): \(Wording.seconds(share.part)) inside inserts, n = \(Wording.counted(share.samples, "sample")): \(Wording.percent(part.value)) of all CPU (95 %: \(Wording.interval(part.low, part.high)))",
          commands.exactly(slice, focus: names, where: matches)),
        EvidenceItem(
          "search.recall is \(recallText(recall)), n = \(Wording.counted(recall.count, "trial"))",
          commands.record("results.search.recall")),
      ],
      matches: matches,
      gain: .notBounded(
        "only a build with less effort tells how much of it can go, and what it costs"),
      advice: [
        Recommendation(
          "Measure `ef-construction` \(half) against \(effort), and keep the smaller where recall holds",
          effort: .small, risk: "recall may fall, and falls further as the graph is written to")
      ],
      weighed: slice,
      trial: FixTrial(
        commands: [
          "vbench ab --b \"--ef-construction \(half)\" --allow recall -- \(SourceCommand.quoted(evidence.record?.command ?? "market")) --like \(folder)"
        ],
        passes:
          "in arm B \(name: "cpu.per.insert") falls, and \(name: "search.recall") is still what is wanted"
      ))
  }
}
