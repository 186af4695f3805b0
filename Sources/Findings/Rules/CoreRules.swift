import Measurement
import Pprof
import RunRecords
import Vocabulary

extension Rule {
  static let cores: [Rule] = [
    Rule(
      id: "B3", title: "Waiting for a core", place: Place(kind: .block, operations: .together),
      condition: coreWaits,
      text: Text(
        means: [],
        doesNotMean: "It does not mean that the engine is slow: it is not running.",
        advice: [],
        falsifier: "The wait stays on an idle machine with no more workers than cores."),
      asksForOwnRun: true)
  ]

  /// The labels under which a recorder files the time between waking and running.
  private static let coreClasses: Set<String> = ["runnable", "runqueue", "preempted"]

  private static func coreWaits(_ scene: Scene) -> Condition {
    guard let active = scene.evidence.activeSeconds, scene.role.name == "engine" else {
      return .notEvaluable("the time inside operations of \(scene.role.name) is not known")
    }
    guard scene.slice.samples.contains(where: { coreClasses.contains($0.waitClass ?? "") }) else {
      return .notEvaluable("no wait was recorded as waiting for a core")
    }
    let matches: @Sendable (StackSample) -> Bool = {
      coreClasses.contains($0.waitClass ?? "")
        && WaitReading.foregroundOperations.contains($0.operation ?? "")
    }
    let answer = operationWait(
      scene, matches: matches, active: active, threshold: scene.thresholds.runnable,
      clean: "waits for a core", title: "Operations wait for a core for", of: "of their time",
      metric: "mean time of an operation")
    guard case .fires(var seen) = answer, let share = seen.share else { return answer }
    seen.isOfWaiting = true
    seen.advice = [FewerWorkers.advice(scene.evidence)]
    seen.trial = FewerWorkers.trial(
      scene.evidence,
      passes:
        "the share falls below \(Wording.percent(share.low)) and \(name: "search.response.p99") does not rise: a wait before an operation is no better than one inside it"
    )
    return .fires(weighed(seen, share, scene, active: active))
  }

  /// What the load itself makes operations wait is the queue before the cores, and no fault; only
  /// what is beyond that is weighed.
  private static func weighed(
    _ seen: Observation, _ share: Share, _ scene: Scene, active: Double
  ) -> Observation {
    var seen = seen
    guard let load = CoreLoad(scene.evidence) else {
      seen.means = ["How much of it the load itself explains is not known."]
      return seen
    }
    let explained = min(1, load.expectedWait / active)
    seen.evidence.append(
      EvidenceItem(
        "\(load.sentence): that alone makes operations wait for \(Wording.percent(explained)) of their time",
        scene.commands.record("trials.cpuSeconds")))
    guard share.low - explained >= scene.thresholds.runnable else {
      seen.gain = .notBounded(
        "the load explains the wait: with fewer workers it is before the operation")
      seen.means = ["It is the queue before the cores that this load makes, and no fault."]
      seen.severityCap = .info
      return seen
    }
    seen.means = [
      "Threads that could run wait for a core longer than this load explains: there are more of them than cores, or others use the machine."
    ]
    seen.title =
      seen.title + ", \(Wording.percent(share.value - explained)) more than the load explains"
    seen.share = share.without(explained)
    return seen
  }
}

/// As many workers as there are cores: what that takes, and what it may cost.
enum FewerWorkers {
  static func advice(_ evidence: Evidence) -> Recommendation {
    let slow = ["insert", "upsert", "delete"].compactMap { name in
      evidence.record?.result("\(name).service.mean").map { (name, $0.estimate.value) }
    }.max { $0.1 < $1.1 }
    let risk =
      slow.map {
        "a search that comes while every worker is in an operation waits to begin, and \($0.0) takes \(Wording.seconds($0.1))"
      } ?? "an operation that comes while every worker is busy waits to begin"
    return Recommendation(
      "Run as many workers as there are cores, and nothing else on the machine", effort: .small,
      risk: risk)
  }

  /// Nil where there are no more workers than cores.
  static func trial(_ evidence: Evidence, passes: Prose) -> FixTrial? {
    guard let cores = evidence.cores,
      let workers = evidence.record?.setting("concurrency").flatMap({ Int($0) }), workers > cores
    else { return nil }
    return .again("--concurrency \(cores)", allowing: ["concurrency"], evidence, passes: passes)
  }
}

/// How long operations wait for a core because of the load alone.
///
/// An open loop of random arrivals, shared out over the cores, waits as Erlang's formula says: for
/// processor sharing it holds whatever the lengths of the operations are. In a closed loop each
/// worker has its turn among all of them.
struct CoreLoad {
  let sentence: Prose
  /// Seconds, over all operations of the run.
  let expectedWait: Double

  init?(_ evidence: Evidence) {
    guard let record = evidence.record, let cores = evidence.cores, evidence.measuredSeconds > 0,
      let workers = record.setting("concurrency").flatMap({ Int($0) })
    else { return nil }
    let used = evidence.trials.reduce(0) { $0 + ($1.cpuSecondsByRole?["engine"] ?? $1.cpuSeconds) }
    let busy = used / evidence.measuredSeconds
    if record.setting("arrival") == "closed" {
      let most = evidence.thresholds.workersPerCore * Double(cores)
      let sharing = max(1, min(Double(workers), most) / Double(cores))
      expectedWait = used * (sharing - 1)
      sentence =
        "\(Wording.counted(workers, "worker")) in a closed loop share \(Wording.counted(cores, "core"))"
    } else {
      let waits: Double = workers > cores ? Self.erlangWait(busy: busy, cores: cores) : 0
      expectedWait = used * waits
      sentence =
        "Random arrivals keep \(Wording.number(busy)) of \(Wording.counted(cores, "core")) busy"
    }
  }

  /// The mean wait for one of the cores, in mean service times.
  ///
  /// Erlang's C by the recurrence of his B, which never overflows. A full machine makes a queue
  /// without end.
  static func erlangWait(busy: Double, cores: Int) -> Double {
    guard busy < Double(cores) else { return .infinity }
    var blocked = 1.0
    for servers in 1...cores {
      blocked = busy * blocked / (Double(servers) + busy * blocked)
    }
    let load = busy / Double(cores)
    let waits = blocked / (1 - load * (1 - blocked))
    return waits / (Double(cores) - busy)
  }
}

extension Share {
  /// The share beyond a part that is explained otherwise.
  fileprivate func without(_ explained: Double) -> Share {
    var rest = self
    rest.part = max(0, part - explained * whole)
    rest.low = max(0, low - explained)
    rest.high = max(0, high - explained)
    return rest
  }
}
