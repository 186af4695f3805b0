import Basics
import Measurement
import Sampling
import Vocabulary

/// What watching costs: the same program with and without, in turns.
enum SelfTestCost {
  private static let pairs = 7

  static func cpu() throws -> [SelfTest.Row] {
    var rows = try [(99, 0.01), (199, 0.01), (997, 0.035)].map { hertz, most in
      var plan = RecordingPlan()
      plan.hertz = hertz
      plan.watchesWaits = false
      let (cost, error, _) = try cost(of: "fixed", plan, relativeTo: "cpu")
      return SelfTest.Row.cost("CPU added to two busy threads at \(hertz) Hz", cost, error, most)
    }
    var plan = RecordingPlan()
    plan.hertz = 199
    let quality = try RehearsedRecording("split", plan: plan).quality
    rows.append(
      .below(
        "the recorder's own CPU at 199 Hz and two busy threads",
        quality.recorderCPUSeconds / quality.windowSeconds, 0.015))
    return rows
  }

  static func waits() throws -> [SelfTest.Row] {
    var plan = RecordingPlan()
    plan.hertz = 199
    // Of the time that passed: the program is idle for most of it.
    let (cost, error, switches) = try cost(of: "turns", plan, relativeTo: "wall")
    let rate = NumberText.significant(switches)
    return [
      .cost("CPU added by watching \(rate) switches a second, of a core", cost, error, 0.03)
    ]
  }

  /// The median of the pairs' differences of CPU, a standard error of it, and switches a second.
  ///
  /// CPU and not the wall clock: neighbors on the machine take time, but hardly any of its CPU.
  private static func cost(
    of mode: String, _ plan: RecordingPlan, relativeTo base: String
  ) throws -> (Double, Double, Double) {
    var costs: [Double] = []
    var switches: [Double] = []
    for pair in 0..<pairs {
      // In turns, so that what drifts with time takes from both.
      let order: [RecordingPlan?] = pair % 2 == 0 ? [nil, plan] : [plan, nil]
      let runs = try order.map { try RehearsedRecording(mode, plan: $0) }
      let (bare, watched) = pair % 2 == 0 ? (runs[0], runs[1]) : (runs[1], runs[0])
      costs.append((watched.truth("cpu") - bare.truth("cpu")) / bare.truth(base))
      let quality = try watched.quality
      switches.append(Double(quality.switches) / max(1e-9, quality.windowSeconds))
    }
    costs.sort()
    // Half the range of the middle half is about 0.67 standard deviations.
    let spread = (costs[pairs - 2] - costs[1]) / 2
    return (
      costs[pairs / 2], 1.25 * spread / Double(pairs).squareRoot(),
      switches.sorted()[pairs / 2]
    )
  }

  /// Records a command of the system; nil when it is not there.
  static func recording(of command: [String]) throws -> RecordingQuality? {
    let sink = try File("/dev/null", .readWrite)
    guard
      let program = ["/usr/bin/", "/bin/"].map({ $0 + command[0] }).first(where: FileSystem.exists)
    else { return nil }
    var plan = RecordingPlan()
    var child = try ChildProcess(
      [program] + command.dropFirst(), descriptors: [(sink.descriptor, 1)])
    plan.watchesWaits = false
    let recorder = try Recorder([.trial(child.pid)], plan: plan)
    try recorder.start()
    _ = try child.wait()
    return try recorder.stop().quality
  }
}

extension SelfTest.Row {
  static func cost(_ quantity: String, _ seen: Double, _ error: Double, _ most: Double) -> Self {
    let percent = NumberText.fixed(seen * 100, digits: 2)
    let spread = NumberText.fixed(error * 100, digits: 2)
    // Within its error it may still be below: a machine with neighbors cannot tell better.
    return Self(
      quantity: quantity, target: "< \(NumberText.significant(most * 100)) %",
      seen: "\(percent) % ± \(spread)", verdict: seen - 2 * error < most ? .pass : .fail)
  }

  static func below(_ quantity: String, _ seen: Double, _ most: Double) -> Self {
    Self(
      quantity: quantity, target: "< \(NumberText.significant(most * 100)) %",
      seen: "\(NumberText.fixed(seen * 100, digits: 2)) %",
      verdict: seen < most ? .pass : .fail)
  }
}
