import Basics
import Measurement
import Sampling
import Vocabulary

/// What watching costs: a program at work while the events are switched off and on.
enum SelfTestCost {
  /// Short, because what the same work costs drifts within tenths of a second where others share
  /// the machine.
  private static let spell: UInt64 = 20_000_000

  static func cpu() throws -> [SelfTest.Row] {
    var rows = try [(99, 0.01), (199, 0.01), (997, 0.035)].map { hertz, most in
      var plan = RecordingPlan()
      plan.hertz = hertz
      plan.watchesWaits = false
      let (cost, _) = try cost(of: "steady", plan, in: .time)
      return SelfTest.Row.cost(
        "slow-down of two busy threads at \(hertz) Hz", cost.share, cost.standardError, most)
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
    plan.watchesCPU = false
    let (cost, seen) = try cost(of: "turns", plan, in: .cpu)
    let quality = try seen.quality
    // Off half of the time.
    let rate = 2 * Double(quality.switches) / quality.windowSeconds
    let bare = seen.spells.filter { !$0.isWatched }
    let cpu = bare.reduce(0.0) { $0 + Double($1.cpuNanoseconds) }
    let core = cpu / bare.reduce(1.0) { $0 + Double($1.end - $1.start) }
    return [
      .cost(
        "CPU added by watching \(NumberText.significant(rate)) switches a second, of a core",
        cost.share * core, cost.standardError * core, 0.03)
    ]
  }

  private static func cost(
    of mode: String, _ plan: RecordingPlan, in currency: WatchingCost.Currency
  ) throws -> (WatchingCost, RehearsedRecording) {
    let seen = try RehearsedRecording(mode, plan: plan, toggling: spell)
    guard let cost = WatchingCost([seen.spells], in: currency) else {
      throw Failure(.failed, "too few spells to tell")
    }
    return (cost, seen)
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

extension RehearsedRecording {
  /// What the rehearsal did while the events were on, and while they were off.
  var spells: [Spell] {
    let moments = (0..<truth.count / 3).compactMap { number -> PulseRecord.Moment? in
      guard let time = truth["t\(number)"], let cpu = truth["c\(number)"],
        let work = truth["w\(number)"]
      else { return nil }
      return PulseRecord.Moment(time: time, cpu: cpu, work: work)
    }
    return PulseRecord(moments: moments).spells(of: turns)
  }
}

extension SelfTest.Row {
  static func cost(_ quantity: String, _ seen: Double, _ error: Double, _ most: Double) -> Self {
    let percent = NumberText.fixed(seen * 100, digits: 2)
    let spread = NumberText.fixed(error * 100, digits: 2)
    // Above, and within its error below: a machine with neighbors cannot tell, and that is no pass.
    let isFine = seen < most
    let isDoubtful = !isFine && seen - 2 * error < most
    return Self(
      quantity: quantity, target: "< \(NumberText.significant(most * 100)) %",
      seen: "\(percent) % ± \(spread)\(isDoubtful ? ": cannot be told apart" : "")",
      verdict: isFine ? .pass : isDoubtful ? .skipped : .fail)
  }

  static func below(_ quantity: String, _ seen: Double, _ most: Double) -> Self {
    Self(
      quantity: quantity, target: "< \(NumberText.significant(most * 100)) %",
      seen: "\(NumberText.fixed(seen * 100, digits: 2)) %",
      verdict: seen < most ? .pass : .fail)
  }
}
