import Measurement
import RunRecords

extension Gate {
  /// Whether the run measured what it says.
  static let workload: [Gate] = [
    Gate(
      id: "Q10", title: "Quiet machine", question: quietMachine,
      consequence: "Others used the machine; repeat the run when it is idle."),
    Gate(
      id: "W1", title: "Coordinated omission", question: coordinatedOmission,
      consequence: "A closed loop stops asking while it waits; use `--rate` for latencies."),
    Gate(
      id: "W2", title: "Trials agree", question: drift,
      consequence: "The run warms up or drifts; its mean stands for no moment of it."),
    Gate(
      id: "W3", title: "Enough trials", question: enoughTrials,
      consequence: "A comparison with this run cannot tell small changes.",
      effect: .lowersConfidence(ofRules: [])),
    Gate(
      id: "W4", title: "Percentiles have observations", question: percentiles,
      consequence: "Percentiles with too few observations beyond them are not shown."),
    Gate(
      id: "W5", title: "Load generator", question: loadGenerator,
      consequence:
        "The load generator takes CPU from the engine, and what it starts late is late in every response."
    ),
    Gate(
      id: "W6", title: "Offered load was achieved", question: offeredLoad,
      consequence:
        "Work piled up in a queue: response times tell how long the run was, not how the engine answers."
    ),
    Gate(
      id: "W7", title: "Collection size", question: collectionSize,
      consequence: "In a toy collection brute force wins and the caches hide the cost of memory."),
    Gate(
      id: "W8", title: "Result cache",
      question: { _, _ in
        .notEvaluable("the run does not count hits of a result cache")
      }, consequence: ""),
    Gate(
      id: "W10", title: "Run is whole", question: complete,
      consequence: "Failed or interrupted trials are left out of every number.",
      effect: .lowersConfidence(ofRules: [])),
  ]

  private static let noRecord = "there is no run.json"
  private static let onlyWatched = "the program was only watched: vbench offered it no load"

  private static func quietMachine(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let environment = evidence.run.environment else {
      return .notEvaluable("there is no env.json")
    }
    if let noise = evidence.record?.flags.first(where: { $0.id.hasPrefix("noise.") }) {
      return .warn("the run says: \(noise.message)", commands.record("flags"))
    }
    guard let steal = environment.stealShare else {
      return .notEvaluable("the kernel does not tell how much CPU the host took")
    }
    let others = environment.otherProcessesCPU ?? 0
    let text: Prose =
      "the host took \(Wording.percent(steal)) of the CPU, other processes used \(Wording.number(others)) cores"
    let source = commands.environment("stealShare")
    let quiet =
      steal <= evidence.thresholds.stealWarn && others <= evidence.thresholds.otherProcessesCPU
    return quiet ? .pass(text, source) : .warn(text, source)
  }

  private static func isClosed(_ record: RunRecord) -> Bool {
    record.setting("arrival")?.lowercased().contains("closed") ?? (record.setting("rate") == nil)
  }

  private static func coordinatedOmission(_ evidence: Evidence, _ commands: SourceCommand) -> Answer
  {
    guard let record = evidence.record else { return .notEvaluable(noRecord) }
    guard evidence.offersLoad else { return .notEvaluable(onlyWatched) }
    let source = commands.record("settings.arrival")
    return isClosed(record)
      ? .warn("arrivals are a closed loop, so response times start when a worker is free", source)
      : .pass("latency counts from the intended start of each operation", source)
  }

  private static func drift(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    let names = ["capacity", "throughput.achieved"]
    guard
      let result = names.lazy.compactMap({ evidence.record?.result($0) })
        .first(where: { $0.trials.count >= 3 })
    else { return .notEvaluable("fewer than three trials report a throughput") }
    let trend = Trend(result.trials)
    let way = trend.change < 0 ? "falls" : "rises"
    let text: Prose =
      "a line through the trials of \(name: result.name) \(way) by \(Wording.percent(abs(trend.change))) from the first to the last (p \(Wording.number(trend.p)))"
    let source = commands.record("results.\(result.name).trials")
    let drifts =
      abs(trend.change) > evidence.thresholds.driftBetweenTrials && trend.p < 0.05
    return drifts ? .warn(text, source) : .pass(text, source)
  }

  private static func enoughTrials(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard evidence.record != nil else { return .notEvaluable(noRecord) }
    guard evidence.offersLoad else { return .notEvaluable(onlyWatched) }
    let count = evidence.trials.count
    let text: Prose = "\(Wording.counted(count, "trial"))"
    let source = commands.record("trials")
    if count < evidence.thresholds.trialsForInterval { return .fail(text, source) }
    return count < evidence.thresholds.trialsForVerdict ? .warn(text, source) : .pass(text, source)
  }

  private static func percentiles(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record else { return .notEvaluable(noRecord) }
    let tails = record.results.filter { PercentileSupport.quantile($0.name) != nil }
    guard !tails.isEmpty else { return .notEvaluable("the run reports no percentiles") }
    let thin = tails.filter { !PercentileSupport.isSupported($0, evidence.thresholds) }
    guard let first = thin.first else {
      return .pass(support(of: tails), commands.record("results"))
    }
    return .warn(
      "\(Wording.counted(thin.count, "percentile")) hidden, such as \(name: first.name) with \(Wording.counted(first.observations ?? 0, "observation"))",
      commands.record("results.\(first.name).observations"))
  }

  /// The values are means over the trials, and one trial has fewer observations than all together.
  private static func support(of tails: [RunRecord.Result]) -> Prose {
    func beyond(_ result: RunRecord.Result) -> Double {
      let quantile = PercentileSupport.quantile(result.name) ?? 1
      return Double(result.observations ?? 0) * (1 - quantile)
    }
    let counted = tails.filter { $0.observations != nil }
    guard let thinnest = counted.min(by: { beyond($0) < beyond($1) }) else {
      return "no percentile says how many observations it has"
    }
    let all: Prose =
      "every percentile shown has \(Wording.number((beyond(thinnest) + 1e-6).rounded(.down))) observations or more beyond it in all trials together"
    guard thinnest.trials.count > 1 else { return all }
    let each = beyond(thinnest) / Double(thinnest.trials.count)
    return all
      + "; each is the mean of one percentile for each trial, and \(name: thinnest.name) has \(Wording.number((each * 10).rounded() / 10)) beyond it in one"
  }

  private static func loadGenerator(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record else { return .notEvaluable(noRecord) }
    guard let share = record.result("client.cpu.share")?.estimate.value else {
      return .notEvaluable("the run does not tell the load generator's CPU from the engine's")
    }
    var text: Prose = "the load generator uses \(Wording.percent(share)) of the CPU"
    var late = false
    if let lag = record.result("generator.lag.p99")?.estimate.value,
      let response = record.result("search.response.p99")?.estimate.value, response > 0
    {
      late = lag > evidence.thresholds.generatorLagOfResponse * response && !isClosed(record)
      text = text + ", its starts are late by \(Wording.seconds(lag)) at p99"
    }
    let source = commands.record("results.client.cpu.share")
    let ok = share <= evidence.thresholds.clientCPUShare && !late
    return ok ? .pass(text, source) : .warn(text, source)
  }

  private static func offeredLoad(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record else { return .notEvaluable(noRecord) }
    guard let offered = record.result("throughput.offered")?.estimate.value, offered > 0,
      let achieved = record.result("throughput.achieved")?.estimate.value
    else { return .notEvaluable("a closed loop offers no rate") }
    let missed = 1 - achieved / offered
    let text: Prose =
      "\(Wording.rate(achieved)) of \(Wording.rate(offered)) offered were achieved"
    let source = commands.record("results.throughput.achieved")
    return missed > evidence.thresholds.offeredMissed ? .fail(text, source) : .pass(text, source)
  }

  private static func collectionSize(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let dataset = evidence.record?.dataset else {
      return .notEvaluable("the run does not name a dataset")
    }
    let ef = evidence.record?.setting("ef").flatMap { Int($0) } ?? 0
    let text: Prose =
      "\(Wording.counted(dataset.rows, "row"))"
      + (ef > 0 ? ", ef \(ef)" : "")
    let source = commands.record("dataset.rows")
    let small =
      dataset.rows < evidence.thresholds.toyRows
      || dataset.rows < evidence.thresholds.toyRowsPerCandidate * ef
    return small ? .warn(text, source) : .pass(text, source)
  }

  private static func complete(_ evidence: Evidence, _ commands: SourceCommand) -> Answer {
    guard let record = evidence.record else { return .notEvaluable(noRecord) }
    let broken = record.trials.filter { $0.status != .complete }
    let source = commands.record("status")
    guard record.status == .complete, broken.isEmpty else {
      let problems = Prose.list(broken.compactMap(\.problem).prefix(3).map { "\(name: $0)" })
      return .fail(
        "the run is \(record.status.rawValue); \(Wording.counted(broken.count, "trial")) of \(record.trials.count) did not end well"
          + (broken.isEmpty ? "" : ": ") + problems, source)
    }
    return .pass("all \(Wording.counted(record.trials.count, "trial")) ended well", source)
  }
}

/// Whether enough observations lie beyond a percentile to speak of it.
enum PercentileSupport {
  /// 0.99 for `search.response.p99`; nil when the name is not a percentile.
  static func quantile(_ name: String) -> Double? {
    guard let last = name.split(separator: ".").last, last.first == "p",
      let digits = Double(last.dropFirst()), digits > 0
    else { return nil }
    return digits >= 100 ? digits / 1_000 : digits / 100
  }

  static func isSupported(_ result: RunRecord.Result, _ thresholds: Thresholds) -> Bool {
    guard let quantile = quantile(result.name), let count = result.observations else { return true }
    return Double(count) * (1 - quantile) >= thresholds.observationsBeyondPercentile - 1e-6
  }
}
