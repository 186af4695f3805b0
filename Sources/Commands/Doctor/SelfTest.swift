import Basics
import Measurement
import Rehearsals
import Sampling
import Vocabulary

/// `vbench doctor --self-test`: how close the sampler comes on this machine, by programs that know
/// what they did.
struct SelfTest {
  /// One quantity: what it should be and what it was.
  struct Row: Encodable {
    enum Verdict: String, Encodable { case pass, fail, skipped }

    let quantity: String
    let target: String
    let seen: String
    let verdict: Verdict
  }

  let progress: Progress

  /// A row or several from one rehearsal.
  private struct Step {
    let name: String
    let run: () throws -> [Row]
  }

  func run() -> [Row] {
    if let refusal = Recorder.probe() {
      return [Row(quantity: "sampling", target: "allowed", seen: "\(refusal)", verdict: .skipped)]
    }
    let steps = [
      Step(name: "a split of 70 to 30", run: split), Step(name: "threads of 2 ms", run: short),
      Step(name: "waits of known length", run: waits), Step(name: "two locks", run: locks),
      Step(name: "stacks of C programs", run: { try stacksOfC() }),
      Step(name: "stacks of RocksDB", run: stacksOfRocksDB),
      Step(name: "heap profiles", run: SelfTestHeap.rows),
      Step(name: "the cost of watching CPU", run: SelfTestCost.cpu),
      Step(name: "the cost of watching waits", run: SelfTestCost.waits),
    ]
    var rows: [Row] = []
    for (index, step) in steps.enumerated() where Interrupts.count == 0 {
      progress.begin(
        "Rehearsing \(step.name)", fraction: Double(index) / Double(steps.count))
      do { rows += try step.run() } catch {
        rows.append(
          Row(quantity: step.name, target: "a recording", seen: "\(error)", verdict: .fail))
      }
    }
    progress.end()
    return rows
  }

  // MARK: - CPU

  private func split() throws -> [Row] {
    let coarse = try RehearsedRecording("split-long", plan: plan(hertz: 199))
    let burnt = coarse.truth("search") + coarse.truth("insert")
    let fine = try RehearsedRecording("split-long", plan: plan(hertz: 997))
    let search = fine.nanoseconds(.cpu, label: (LabelKey.operation, "search"))
    let insert = fine.nanoseconds(.cpu, label: (LabelKey.operation, "insert"))
    let truth = fine.truth("search") / (fine.truth("search") + fine.truth("insert"))
    let quality = try fine.quality
    return [
      .ratio(
        "CPU of long threads at 199 Hz",
        coarse.nanoseconds(.cpu, under: "Burning.burn") / burnt, within: 0.01,
        stolen: coarse.stolenShare(of: burnt)),
      .points(
        "a split of 70 to 30 inside one function at 997 Hz", search / (search + insert), truth,
        within: 0.015),
      .atLeast("complete stacks, Swift", quality.completeShare, 0.995),
      .atLeast("named user frames", quality.namedShare, 0.98),
      .none("lost records", quality.lostRecords),
    ]
  }

  private func short() throws -> [Row] {
    var plan = plan(hertz: 997)
    plan.scope = .processors
    let seen = try RehearsedRecording("short", plan: plan)
    let burnt = seen.truth("burn")
    return [
      .ratio(
        "CPU of threads that live 2 ms, processor scope",
        seen.nanoseconds(.cpu, under: "Burning.burn") / burnt, within: 0.02,
        stolen: seen.stolenShare(of: burnt))
    ]
  }

  // MARK: - Waits

  private func waits() throws -> [Row] {
    try [("sleep", "sleep"), ("pipe", "pipe"), ("condition", "condition")].map { mode, name in
      let seen = try RehearsedRecording(mode, plan: plan())
      // From call to return a thread waits for the thing, then for a core, and uses a little CPU.
      let around = "Waiting.timed"
      let whole =
        seen.nanoseconds(.block, under: around) + seen.nanoseconds(.cpu, under: around)
      let core = ["runnable", "preempted"].reduce(0.0) {
        $0 + seen.nanoseconds(.block, under: around, label: (LabelKey.waitClass, $1))
      }
      let own = seen.nanoseconds(.block, under: around, label: (LabelKey.waitClass, name))
      let truth = seen.truth(mode)
      let row = Row.ratio(
        "time blocked, class \(name)", whole / truth, within: max(0.01, 2e6 / truth))
      let isRightClass = own + core > 0.98 * seen.nanoseconds(.block, under: around)
      return isRightClass ? row : row.failed("another class than \(name)")
    }
  }

  private func locks() throws -> [Row] {
    let seen = try RehearsedRecording("locks", plan: plan())
    let truth = seen.truth("first") + seen.truth("second")
    let first = seen.nanoseconds(.mutex, under: "holdFirst")
    let second = seen.nanoseconds(.mutex, under: "holdSecond")
    let wrong =
      seen.nanoseconds(.mutex, under: "wantFirst")
      + seen.nanoseconds(.mutex, under: "wantSecond")
    return [
      .ratio(
        "delay by locks, the wait for a core included", (first + second + wrong) / truth,
        within: 0.02),
      .points(
        "share of the first of two locks, by its holder", first / max(1, first + second),
        seen.truth("first") / max(1, truth), within: 0.02),
      .atLeast(
        "lock delay charged to the thread that held it",
        (first + second) / max(1, first + second + wrong), 0.995),
    ]
  }

  // MARK: - Stacks

  private func stacksOfRocksDB() throws -> [Row] {
    guard Rehearsal.canStore else {
      return [.skipped("complete stacks, RocksDB", "librocksdb is not installed")]
    }
    let seen = try RehearsedRecording("rocksdb", plan: plan(hertz: 997))
    return [.atLeast("complete stacks, RocksDB", try seen.quality.completeShare, 0.99)]
  }

  /// A program of Debian's, built without frame pointers as most are.
  private func stacksOfC() throws -> [Row] {
    guard let quality = try SelfTestCost.recording(of: ["gzip", "-9", "-c", OwnProgram.path])
    else { return [.skipped("complete stacks, C", "gzip is not installed")] }
    return [.atLeast("complete stacks, C", quality.completeShare, 0.995)]
  }

  private func plan(hertz: Int = RecordingPlan.standardHertz) -> RecordingPlan {
    var plan = RecordingPlan()
    plan.hertz = hertz
    return plan
  }
}

extension RehearsedRecording {
  var quality: RecordingQuality {
    get throws {
      guard let recording else { throw Silent("nobody watched") }
      return recording.quality
    }
  }
}

extension RecordingQuality {
  var completeShare: Double { Double(completeStacks) / Double(max(1, samples)) }

  /// Of the frames in files that have names for them.
  var namedShare: Double {
    Double(namedUserFrames) / Double(max(1, userFrames - offsetOnlyUserFrames))
  }
}

extension SelfTest.Row {
  /// `stolen` is what the host took, as a share: the kernel's clock may have counted it.
  ///
  /// It excuses nothing, it only explains: what is outside its target and within target and theft
  /// may be either's doing, and that is said instead of a verdict.
  static func ratio(
    _ quantity: String, _ seen: Double, within: Double, stolen: Double = 0
  ) -> Self {
    let isFine = abs(seen - 1) <= within
    let mayBeTheft = seen > 1 && seen <= 1 + within + stolen
    var text = "\(NumberText.fixed(seen * 100, digits: 2)) %"
    if stolen > 0 { text += ", \(NumberText.fixed(stolen * 100, digits: 2)) % stolen by the host" }
    if !isFine && mayBeTheft { text += ": cannot be told apart" }
    return Self(
      quantity: quantity, target: "100 % ± \(NumberText.significant(within * 100)) %",
      seen: text, verdict: isFine ? .pass : mayBeTheft ? .skipped : .fail)
  }

  static func points(
    _ quantity: String, _ seen: Double, _ truth: Double, within: Double
  ) -> Self {
    Self(
      quantity: quantity,
      target: "\(NumberText.fixed(truth * 100, digits: 2)) % ± "
        + "\(NumberText.significant(within * 100)) points",
      seen: "\(NumberText.fixed(seen * 100, digits: 2)) %",
      verdict: abs(seen - truth) <= within ? .pass : .fail)
  }

  static func atLeast(_ quantity: String, _ seen: Double, _ least: Double) -> Self {
    Self(
      quantity: quantity, target: "≥ \(NumberText.significant(least * 100)) %",
      seen: "\(NumberText.fixed(seen * 100, digits: 2)) %",
      verdict: seen >= least ? .pass : .fail)
  }

  static func none(_ quantity: String, _ seen: Int) -> Self {
    Self(quantity: quantity, target: "0", seen: "\(seen)", verdict: seen == 0 ? .pass : .fail)
  }

  static func skipped(_ quantity: String, _ reason: String) -> Self {
    Self(quantity: quantity, target: "", seen: reason, verdict: .skipped)
  }

  func failed(_ reason: String) -> Self {
    Self(quantity: quantity, target: target, seen: "\(seen), \(reason)", verdict: .fail)
  }
}
