import Basics
import Comparison
import Harness
import Measurement
import RunRecords
import Workloads

/// Several arms in turns: load once → calibrate once → rounds of trials → a run directory an arm.
///
/// Every round has one trial of each arm, in an order that the seed decides, each in a fresh
/// process on a fresh copy of the loaded store. Trial n of every arm sees the same operations at
/// the same moments, so that a round is a pair (or more) that can be compared one by one.
struct Experiment {
  let arms: [Arm]
  let rounds: Int
  let progress: Progress
  /// Whether all arms must be offered the same rate.
  var sharesRate = true
  /// Told after every round that all arms finished.
  var afterRound: (Int) -> Void = { _ in }

  struct Outcome {
    var runs: [Run]
    var isInterrupted: Bool

    /// What was asked for beside the trials and could not be had makes a failure of a command.
    var status: ExitStatus {
      if isInterrupted { return .interrupted }
      return runs.contains { $0.arm.simulationProblem != nil } ? .failed : .fine
    }

    struct Run {
      let arm: Arm
      let path: String
      let record: RunRecord
    }
  }

  /// An arm that fails so often before it ever succeeds will not succeed.
  private static let failuresInVain = 3

  func execute() throws -> Outcome {
    Interrupts.startCounting()
    if arms.contains(where: { $0.simulation != nil }) { try Valgrind.check() }
    let writers = try arms.map(Self.begin)
    let parent = storeFolder
    try Self.checkRoom(parent, arms)
    let work = try WorkFolder(beside: parent)
    defer { progress.end() }
    let measured = Result { try measure(in: work.path, writers) }
    let isCutShort = (try? measured.get()) == false && simulate(in: work.path)
    work.remove()
    let isInterrupted = try measured.get()
    return Outcome(
      runs: try record(writers, isInterrupted, parent), isInterrupted: isInterrupted || isCutShort)
  }

  // MARK: - Steps

  /// Returns whether it was interrupted.
  private func measure(in work: String, _ writers: [RunWriterBox]) throws -> Bool {
    do {
      try LoadedStores(in: work, progress).load(arms)
      try calibrate(in: work)
    } catch is TrialProcess.Interrupted {
      throw Failure(.interrupted, "Interrupted before the first trial, so nothing was measured.")
    }
    let order = TurnOrder(arms: arms.count, seed: arms[0].settings.dataset.seed)
    for round in 1...rounds {
      do { try runRound(round, order.round(round), in: work, writers) } catch is TrialProcess
        .Interrupted
      { return true }
    }
    return false
  }

  /// Behind the trials, which have their results by now, whatever becomes of a simulation.
  ///
  /// Returns whether it was interrupted.
  private func simulate(in work: String) -> Bool {
    for arm in arms where !arm.finished.isEmpty {
      guard let wish = arm.simulation else { continue }
      do {
        arm.simulated = try CacheSimulation(
          run: arm.settings, rows: wish.rows, progress: progress
        ).execute(in: work)
      } catch is Interrupted {
        arm.simulationProblem = "it was interrupted; what was measured is whole."
        return true
      } catch {
        arm.simulationProblem = Failure.of(error).sentence
      }
    }
    return false
  }

  private func calibrate(in work: String) throws {
    let waiting = arms.filter(\.needsCalibration)
    if waiting.isEmpty { return }
    progress.begin("Calibrating the rate", fraction: 0.26)
    let calibration = Calibration(work: work)
    if sharesRate {
      let rate = try calibration.sharedRate(waiting)
      for arm in waiting { arm.settings.rate = rate }
    } else {
      for arm in waiting {
        arm.settings.rate = Calibration.offered(try calibration.capacity(of: arm))
      }
    }
  }

  private func runRound(
    _ round: Int, _ order: [Int], in work: String, _ writers: [RunWriterBox]
  ) throws {
    for (position, index) in order.enumerated() {
      let arm = arms[index]
      let done = Double((round - 1) * arms.count + position)
      progress.begin(
        title(round, arm), fraction: 0.3 + 0.7 * done / Double(rounds * arms.count))
      do {
        try ArmTrial(arm: arm, number: round, work: work, writer: writers[index]).run()
      } catch let interrupted as TrialProcess.Interrupted {
        throw interrupted
      } catch {
        try lose(round, arm, Failure.of(error))
      }
    }
    if arms.allSatisfy({ $0.kept.last?.number == round }) { afterRound(round) }
  }

  private func title(_ round: Int, _ arm: Arm) -> String {
    arms.count == 1
      ? "Trial \(round) of \(rounds)" : "Round \(round) of \(rounds), \(arm.title)"
  }

  /// A trial that died: the others count, and it is said.
  private func lose(_ round: Int, _ arm: Arm, _ failure: Failure) throws {
    arm.failed.append(
      RunRecord.Trial(number: round, status: .failed, problem: failure.sentence))
    progress.say(
      arm.prefix + failure.sentence
        + (arms.count > 1 ? " Round \(round) is no pair for this arm." : ""))
    if arms.count > 1, arm.finished.isEmpty, arm.failed.count >= Self.failuresInVain {
      throw Failure(
        .failed,
        "\(arm.prefix)\(arm.failed.count) trials died and none succeeded; the last: "
          + failure.sentence)
    }
  }

  // MARK: - Run directories

  static func begin(_ arm: Arm) throws -> RunWriterBox {
    do {
      return RunWriterBox(
        try RunWriter.begin(
          in: arm.invocation.text("out") ?? "Profiles", label: arm.label,
          startedAtWallNanoseconds: arm.startedWall, processID: OwnProgram.processID))
    } catch { throw Failure(.failed, "\(error)") }
  }

  /// What was stored beside the runs about how far equal runs lie apart.
  static func noise(_ folder: String) -> NoiseRecord? {
    // A damaged file is told by who compares with it.
    (try? NoiseRecord.read(in: folder)) ?? nil
  }

  static func finish(
    _ arm: Arm, _ writer: RunWriterBox, _ record: RunRecord, _ storeFolder: String
  ) throws -> String {
    var environment = EnvironmentCapture.record(
      storeFolder: storeFolder, toolVersion: Vbench.version)
    environment.noise = noise(arm.invocation.text("out") ?? "Profiles")
      .flatMap { MeasuredNoise.entry(for: record, on: environment, in: $0) }
    // As with noise, a damaged file is told by who reads the report.
    environment.disk = try? DiskRecord.read(in: arm.invocation.text("out") ?? "Profiles")?
      .entry(for: environment)
    do {
      return try writer.finish(record, environment)
    } catch { throw Failure(.failed, "\(error)") }
  }

  private func record(
    _ writers: [RunWriterBox], _ isInterrupted: Bool, _ storeFolder: String
  ) throws -> [Outcome.Run] {
    if !isInterrupted, let arm = arms.first(where: \.finished.isEmpty) {
      throw Failure(
        .failed, arm.prefix + (arm.failed.first?.problem ?? "No trial came to its end."))
    }
    return try zip(arms, writers).map { arm, writer in
      var record = try ArmRecord(
        arm: arm, status: isInterrupted ? .interrupted : .complete, writer: writer
      ).write()
      record.turns = turns
      return Outcome.Run(
        arm: arm, path: try Self.finish(arm, writer, record, storeFolder), record: record)
    }
  }

  /// A name that no other experiment has; trials that took turns are compared as pairs.
  private var turns: String? {
    arms.count > 1
      ? "\(LocalTime.iso(arms[0].startedWall)) by process \(OwnProgram.processID)" : nil
  }

  private var outputFolder: String { arms[0].invocation.text("out") ?? "Profiles" }

  private var storeFolder: String { arms[0].invocation.text("store-dir") ?? outputFolder }

  /// Every loaded store and one copy of the largest, twice the raw vectors and the links.
  static func checkRoom(_ folder: String, _ arms: [Arm]) throws {
    let bytes = LoadedStores.bytesNeeded(arms)
    let needed = bytes.sum + bytes.largest + (64 << 20)
    guard let free = try? FileSystem.freeBytes(at: folder), free < needed else { return }
    throw Failure(
      .failed,
      "\(folder) has \(NumberText.bytes(Double(free))) free and the run needs about "
        + "\(NumberText.bytes(Double(needed))) for \(bytes.stores) loaded stores and a copy; "
        + "name another place with --store-dir.")
  }
}
