import Vocabulary

extension Rule {
  /// A rule of a user's file, which is asked like one of ours.
  init(_ project: ProjectRule) {
    let globs = project.patterns.map(Glob.init)
    self.init(
      id: project.id, title: project.title,
      place: Place(
        kind: ProfileKind(project.kind),
        operations: project.operation.map(Place.Operations.named)
          ?? (project.kind == .cpu ? .each : .together)),
      condition: { Self.ask(project, globs, $0) },
      text: Text(
        means: project.means.map { [$0] } ?? [
          "It is what the rule `\(project.id)` of this project looks for."
        ],
        doesNotMean: "It says how much there is of these functions, not why.",
        advice: project.advice.map { [$0] } ?? [],
        falsifier: "The share falls but what it was expected to improve does not."),
      // Whoever writes a rule knows the cause, and wants to see it by its name.
      depth: .cause)
  }

  private static func ask(_ project: ProjectRule, _ globs: [Glob], _ scene: Scene) -> Condition {
    let slice = scene.slice
    let symbols = slice.symbols(matching: globs)
    let matches: @Sendable (StackSample) -> Bool = { $0.symbols.contains(where: symbols.contains) }
    let share = slice.share(where: matches)
    if share.samples == 0 { return .clean("\(scene.place): none") }
    guard share.low >= project.threshold else {
      return .clean(
        "\(scene.place): \(Wording.share(share)), fires when surely above \(Wording.percent(project.threshold))"
      )
    }
    let names = slice.rows { sample in
      Set(sample.symbols.filter(symbols.contains).map { slice.table[$0].short })
    }.map(\.name)
    let shown = Prose.list(names.prefix(4).map { "\(name: $0)" })
    let what = slice.kind == .cpu ? "CPU" : slice.kind == .mutex ? "lock delay" : "waiting"
    return .fires(
      Observation(
        title: "\(project.title): \(Wording.share(share)) of the \(what) of \(scene.place)",
        share: share,
        evidence: [
          EvidenceItem(
            "\(shown): \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole)), \(SampleText.counts(share))",
            scene.commands.top(slice, focus: names))
        ] + SampleText.perMember(scene, matches: matches, focus: names), matches: matches,
        gain: slice.kind == .cpu
          ? .ofCPU : .notBounded("a share of the waiting is not a share of an operation's time"),
        byNameOnly: true))
  }
}

extension ProfileKind {
  fileprivate init(_ kind: ProjectRule.Kind) {
    self =
      switch kind {
      case .cpu: .cpu
      case .mutex: .mutex
      case .block: .block
      }
  }
}

extension ProfileSlice {
  /// The functions that one of the patterns fits, by their whole or their short name.
  fileprivate func symbols(matching globs: [Glob]) -> Set<Int32> {
    var asked: [Int32: Bool] = [:]
    for sample in samples {
      for symbol in sample.symbols where asked[symbol] == nil {
        let names = [Array(table[symbol].name.utf8), Array(table[symbol].short.utf8)]
        asked[symbol] = globs.contains { glob in names.contains(where: glob.matches) }
      }
    }
    return Set(asked.filter(\.value).keys)
  }
}
