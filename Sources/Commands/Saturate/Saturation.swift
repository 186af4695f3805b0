import Basics
import Harness
import Measurement
import RunRecords
import Workloads

/// The search for the highest offered rate that keeps a promise, and the run that proves it.
final class Saturation {
  private let make: () throws -> Arm
  private let promise: Promise
  private let resolution: Double
  /// No new rung is begun after so many seconds.
  private let budgetSeconds: Double
  private let progress: Progress
  /// Each trial of the search has its own stretch of the operation stream, far from the proof's.
  private var lastTrial = 1_000

  init(
    _ promise: Promise, resolution: Double, budgetSeconds: Double, _ progress: Progress,
    make: @escaping () throws -> Arm
  ) {
    (self.promise, self.resolution, self.budgetSeconds) = (promise, resolution, budgetSeconds)
    (self.progress, self.make) = (progress, make)
  }

  struct Outcome: Codable, Sendable {
    enum Answer: String, Codable, Sendable {
      case found, notConfirmed, nothing, interrupted, timeIsUp
    }

    var answer: Answer
    var promise: String
    /// Operations a second; nil when no rate kept it.
    var rate: Double?
    /// Of a closed loop, before the search.
    var capacity: Double
    var ladder: [Probe] = []
    var seconds = 0.0
    var reason: String?
    var run: String?
    var seed: UInt64
  }

  func execute() throws -> Outcome {
    Interrupts.startCounting()
    let arm = try make()
    let out = arm.invocation.text("out") ?? "Profiles"
    let parent = arm.invocation.text("store-dir") ?? out
    try Experiment.checkRoom(parent, [arm])
    try FileSystem.makeDirectory(parent)
    let work = try WorkFolder(beside: parent)
    defer { progress.end() }
    let result = Result { try search(arm, in: work.path, out, parent) }
    work.remove()
    return try result.get()
  }

  private func search(
    _ arm: Arm, in work: String, _ out: String, _ parent: String
  ) throws -> Outcome {
    let started = Clock.now()
    func seconds() -> Double { Double(Clock.now() - started) / 1e9 }
    let capacity: Double
    do {
      try LoadedStores(in: work, progress).load([arm])
      progress.begin("Finding the closed loop's capacity", fraction: 0.1)
      capacity = try Calibration(work: work).capacity(of: arm)
    } catch is TrialProcess.Interrupted {
      throw Failure(.interrupted, "Interrupted before the first rate, so nothing was measured.")
    }
    var outcome = Outcome(
      answer: .timeIsUp, promise: promise.text, capacity: capacity,
      seed: arm.settings.dataset.seed)
    let start = arm.settings.rate ?? Calibration.offered(capacity)
    var search = RateSearch(start: start, floor: start / 64, resolution: resolution)
    var proof: Proof?
    do {
      climbing: while true {
        switch search.next {
        case .found(let rate):
          (outcome.answer, outcome.rate) = (.found, rate)
          break climbing
        case .nothing(let lowest):
          outcome.answer = .nothing
          outcome.reason = "not even \(NumberText.text(lowest, .perSecond)) keeps it"
          break climbing
        case .probe(let wanted):
          if seconds() > budgetSeconds { break climbing }
          proof = nil
          let rung = try rung(wanted, .search, arm, work, nil)
          outcome.ladder.append(rung)
          if rung.isHopelessAtAnyRate {
            outcome.answer = .nothing
            outcome.reason = Self.hopeless(rung)
            break climbing
          }
          if rung.verdict == .died, outcome.ladder.filter({ $0.verdict == .died }).count > 1 {
            throw Failure(.failed, rung.problem ?? "The trials died.")
          }
          search.tell(wanted, kept: rung.verdict == .keeps)
        case .confirm(let rate, let done):
          if seconds() > budgetSeconds { break climbing }
          if done == 0 { proof = try Proof(make(), like: arm, rate: rate) }
          let rung = try rung(rate, .confirmation, arm, work, proof)
          outcome.ladder.append(rung)
          search.tell(rate, kept: rung.verdict == .keeps)
        }
      }
    } catch is TrialProcess.Interrupted { outcome.answer = .interrupted }
    if outcome.answer == .timeIsUp || outcome.answer == .interrupted,
      let best = search.bestSoFar
    {
      outcome.rate = best
      if outcome.answer == .timeIsUp { outcome.answer = .notConfirmed }
    }
    outcome.seconds = seconds()
    if outcome.answer == .found, let proof { outcome.run = try proof.finish(parent) }
    return outcome
  }

  private static func hopeless(_ rung: Probe) -> String {
    if let recall = rung.readings.first(where: { $0.isFloor && !$0.isKept }),
      let value = recall.value
    {
      return
        "recall is \(NumberText.percent(value)) and offering less does not find more; raise --ef"
    }
    return "half of the operations take longer than promised even when nobody waits"
  }

  // MARK: - One rung

  /// Trials at one rate, with an early end when the promise is out of reach.
  private func rung(
    _ rate: Double, _ purpose: Probe.Purpose, _ arm: Arm, _ work: String, _ proof: Proof?
  ) throws -> Probe {
    let climber = try proof?.arm ?? fresh(like: arm)
    climber.settings.rate = rate
    climber.settings.measuredSeconds = duration(rate, arm.settings)
    climber.settings.capacitySeconds = proof == nil ? 0.05 : arm.settings.capacitySeconds
    let before = climber.finished.count
    let shown = NumberText.text(rate, .perSecond)
    var problem: String?
    for trial in 1...arm.settings.trials {
      progress.begin(
        purpose == .search ? "Trying \(shown)" : "Confirming \(shown)", fraction: 0.5)
      do {
        lastTrial += 1
        try ArmTrial(
          arm: climber, number: proof == nil ? lastTrial : climber.finished.count + 1, work: work,
          writer: proof?.writer
        ).run()
      } catch let interrupted as TrialProcess.Interrupted {
        throw interrupted
      } catch {
        let sentence = Failure.of(error).sentence
        problem = sentence
        progress.say(sentence)
        break
      }
      let probe = probe(purpose, rate, climber, before)
      let isLast = trial == arm.settings.trials
      if isLast || probe.verdict == .fallsBehind || probe.readings.contains(where: \.isHopeless)
        || probe.isHopelessAtAnyRate
      {
        progress.say(LadderText.line(probe))
        return probe
      }
    }
    return Probe(purpose, rate, died: problem ?? "no trial came to its end")
  }

  private func probe(
    _ purpose: Probe.Purpose, _ rate: Double, _ climber: Arm, _ before: Int
  ) -> Probe {
    Probe(
      purpose, rate, Array(climber.finished.dropFirst(before)), climber.settings, promise,
      kind: promise.shownKind)
  }

  /// Long enough for the percentiles of the promise, and never longer than a minute a trial.
  private func duration(_ rate: Double, _ settings: WorkloadSettings) -> Double {
    let share =
      promise.shownKind == "search" ? settings.readRatio : max(0.001, 1 - settings.readRatio)
    let needed =
      Double(promise.observationsNeeded) * 1.1 / (rate * share * Double(settings.trials))
    return min(60, max(settings.measuredSeconds, needed))
  }

  private func fresh(like arm: Arm) throws -> Arm {
    let climber = try make()
    climber.store = arm.store
    return climber
  }

  // MARK: - The proof

  /// The confirming trials, which become a run directory when they hold.
  private final class Proof {
    let arm: Arm
    let writer: RunWriterBox

    init(_ arm: Arm, like other: Arm, rate: Double) throws {
      self.arm = arm
      arm.store = other.store
      arm.phases = other.phases
      arm.settings.rate = rate
      writer = try Experiment.begin(arm)
    }

    func finish(_ parent: String) throws -> String {
      let record = try ArmRecord(arm: arm, status: .complete, writer: writer).write()
      return try Experiment.finish(arm, writer, record, parent)
    }
  }
}

extension Promise {
  /// The operation whose latencies stand in the ladder: that of the first term.
  var shownKind: String {
    terms.first { $0.result.contains(".response.") }
      .map { $0.result.prefix { $0 != "." }.description } ?? "search"
  }

  /// As many as the finest percentile needs before it is told.
  var observationsNeeded: Int {
    terms.map { term in
      term.result.hasSuffix(".p999") ? 10_000 : term.result.hasSuffix(".p99") ? 1_000 : 200
    }.max() ?? 200
  }
}
