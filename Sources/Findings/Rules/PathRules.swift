import Pprof
import Vocabulary

extension Rule {
  /// Waits on the way of a request that are neither locks, disks nor cores.
  static let paths: [Rule] = [
    Rule(
      id: "B6", title: "Sleeping on the way", place: Place(kind: .block, operations: .together),
      condition: sleeps,
      text: Text(
        means: ["An operation sleeps for a while and looks again, instead of being told."],
        doesNotMean: "It does not mean background work that sleeps between its rounds.",
        advice: [
          Recommendation(
            "Wait for a signal (condition, channel) instead of polling", effort: .small,
            risk: "low")
        ],
        falsifier: "The sleep is part of what was asked for, such as a rate limit.")),
    Rule(
      id: "B7", title: "Waiting for other services",
      place: Place(kind: .block, operations: .together), condition: downstream,
      text: Text(
        means: [
          "Requests wait for the services behind this one: for that part of their time they are as slow as what is called."
        ],
        doesNotMean:
          "It does not mean that the services behind are the bottleneck, nor that the network is: the way there and back and every queue are in it.",
        ruledOut: ["Waits that no request stands above are not counted."],
        advice: [
          Recommendation(
            "Look at the services behind it first; then ask them at once instead of in turns",
            effort: .medium, risk: "low; more requests at a time")
        ],
        falsifier: "With faster services behind it, its requests take as long.")),
  ]

  private static func sleeps(_ scene: Scene) -> Condition {
    let slice = scene.slice
    if scene.role.name == "engine", let active = scene.evidence.activeSeconds {
      let matches: @Sendable (StackSample) -> Bool = {
        $0.waitClass == "sleep"
          && WaitReading.foregroundOperations.contains($0.operation ?? "")
      }
      return operationWait(
        scene, matches: matches, active: active, threshold: scene.thresholds.sleeps,
        clean: "sleeps", title: "Operations sleep for", of: "of their time",
        metric: "mean time of an operation")
    }
    // Go records waits for locks and channels there, and a sleeping goroutine waits for neither.
    if slice.isGoWaits, !slice.hasAny(of: [.sleeping]) {
      return .notEvaluable("Go's block profile has no time.Sleep")
    }
    let sleeping = slice.contains(.sleeping)
    let handler = slice.contains(.requestHandler)
    return handled(
      scene, matches: { sleeping($0) && handler($0) }, threshold: scene.thresholds.sleeps,
      what: "asleep")
  }

  private static func downstream(_ scene: Scene) -> Condition {
    let downstream = scene.slice.contains(.downstream)
    let handler = scene.slice.contains(.requestHandler)
    return handled(
      scene, matches: { downstream($0) && handler($0) }, threshold: scene.thresholds.downstream,
      what: "waiting for other services", behind: ServicesBehind(scene))
  }

  /// A share of what requests wait for.
  private static func handled(
    _ scene: Scene, matches: @escaping @Sendable (StackSample) -> Bool, threshold: Double,
    what: String, behind: ServicesBehind? = nil
  ) -> Condition {
    guard let waits = RequestWaits(scene.role) else {
      return .clean("\(scene.place): no request was seen to wait for long")
    }
    let slice = waits.slice
    let share = waits.share(where: matches)
    guard share.low >= threshold else {
      return .clean(
        "\(scene.place): requests are \(what) for \(Wording.share(share)) of \(waits.of)")
    }
    let owners = slice.owners(where: matches)
    let items = owners.prefix(3).map { row in
      EvidenceItem(
        "\(name: row.name): \(Wording.seconds(row.seconds)), n = \(Wording.count(row.samples))",
        scene.source(
          .block, focus: row.name == ProfileSlice.noOwner ? [] : [row.name],
          where: { sample in
            waits.belongs(sample) && matches(sample)
              && (slice.owner(of: sample) ?? ProfileSlice.noOwner) == row.name
          }))
    }
    return .fires(
      Observation(
        title:
          "requests in \(scene.place) are \(what) for \(Wording.share(share)) of \(waits.of)",
        share: share, evidence: items + waits.perMember(scene, where: matches),
        matches: matches,
        gain: .notBounded("the time inside requests is not known"),
        means: behind?.sentence(share).map { [$0] } ?? [],
        firstAdvice: behind?.advice(share) ?? [], byNameOnly: true, isOfWaiting: true))
  }
}
