import Basics
import Harness
import RunRecords
import VectorStore

/// A short closed loop on a copy of the store; the offered rate is a share of what it reaches.
struct Calibration {
  let work: String

  /// What of the closed loop's rate is offered.
  ///
  /// Nearer to the knee, whoever else uses the machine decides how long the queues are: at 70 %
  /// the median of equal runs was 0.2 ms once and 100 ms another time.
  private static let offeredShare = 0.5

  /// The rate for arms that must be offered the same: half of what the slowest can take.
  ///
  /// Offered more than that, the slowest arm would show its queue instead of its speed.
  func sharedRate(_ arms: [Arm]) throws -> Double {
    let capacities = try arms.map { try capacity(of: $0) }
    return Self.offered(capacities.min() ?? 0)
  }

  static func offered(_ capacity: Double) -> Double { twoDigits(offeredShare * capacity) }

  /// Finished arrivals a second in a closed loop.
  func capacity(of arm: Arm) throws -> Double {
    guard let loaded = arm.store else { preconditionFailure("arms are loaded before calibration") }
    let start = Clock.now()
    var settings = arm.settings
    settings.capacitySeconds = 1.5
    let store = "\(work)/calibration"
    defer { try? FileSystem.removeTree(store) }
    do { try VectorStore.copy(from: loaded.path, to: store) } catch {
      throw Failure(.failed, "The store could not be copied for the calibration: \(error)")
    }
    let output = "\(work)/calibration-out"
    try FileSystem.removeTree(output)
    let plan = TrialPlan(
      settings: settings, number: 0, storePath: store, outputPath: output, isCalibration: true)
    try TrialProcess(plan: plan, program: arm.program.path).run()
    guard let finished = TrialMerge.read(output), finished.outcome.capacity > 0 else {
      throw Failure(
        .failed,
        "\(arm.prefix)The calibration finished no operation; give a --rate instead.")
    }
    arm.phases.append(
      RunRecord.Phase(
        name: "calibrate", trial: nil, startNanoseconds: start, endNanoseconds: Clock.now()))
    return finished.outcome.capacity
  }

  static func twoDigits(_ value: Double) -> Double {
    var step = 1.0
    while value / step >= 100 { step *= 10 }
    while value / step < 10, step > 1e-6 { step /= 10 }
    return max(step, (value / step).rounded() * step)
  }
}
