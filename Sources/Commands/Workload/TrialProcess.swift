import Basics
import FoundationEssentials
import Harness
import RunRecords
import Sampling
import VectorIndex

/// A trial as the watching process sees it: a child that says when its measured phase begins and
/// ends, and waits for the answer each time.
struct TrialProcess {
  let plan: TrialPlan
  /// The build of vbench that carries it out.
  var program = OwnProgram.path
  /// Told when the measured phase begins (with the child's pid) and ends; the child waits meanwhile.
  var onBegin: (Int32) throws -> Void = { _ in }
  var onEnd: () throws -> Void = {}
  /// Told when the phase begins in which the watcher goes on and off, and ends.
  var onSpells: (Int32, WorkMeter) throws -> Void = { _, _ in }
  var onSpellsEnd: () throws -> Void = {}
  /// Set for the trial in addition to our environment.
  var environment: [String: String] = [:]

  /// The numbers of the pipes in the child: high, so that no number of ours is in the way.
  static let input: Int32 = 100
  static let output: Int32 = 101

  /// Runs the trial to its end.
  func run() throws {
    let planPath = "\(plan.outputPath)/plan.json"
    try FileSystem.makeDirectory(plan.outputPath)
    try FileSystem.replace(planPath, with: Array(try JSONEncoder().encode(plan)))
    let errors = try File("\(plan.outputPath)/log.txt", .create)
    let down = try Pipe()
    let up = try Pipe()
    var child = try ChildProcess(
      [program, TrialCommand.name, planPath],
      descriptors: [
        (down.reading.descriptor, Self.input), (up.writing.descriptor, Self.output),
        (errors.descriptor, 2),
      ], environment: environment)
    var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
    try converse(&channel, child)
    let end = try child.wait()
    if Interrupts.count > 0 { throw Interrupted() }
    if end != .exited(0) { throw Failure(.failed, try explanation(end)) }
  }

  private func converse(_ channel: inout LineChannel, _ child: borrowing ChildProcess) throws {
    while true {
      if Interrupts.count > 0 {
        child.kill()
        return
      }
      switch try channel.receive(milliseconds: 100) {
      case .silence: continue
      case .closed: return
      case .text("begin"):
        try onBegin(child.pid)
        try channel.send("go")
      case .text("end"):
        try onEnd()
        try channel.send("go")
      case .text("spells-end"):
        try onSpellsEnd()
        try channel.send("go")
      case .text(let line):
        guard line.hasPrefix("spells "), let address = UInt64(line.dropFirst(7)) else { continue }
        try onSpells(child.pid, WorkMeter(address: address))
        try channel.send("go")
      }
    }
  }

  private func explanation(_ end: ChildProcess.End) throws -> String {
    let text = (try? FileSystem.text(of: "\(plan.outputPath)/log.txt")) ?? ""
    let last = text.split(separator: "\n").last.map { String($0.prefix(400)) }
    let how =
      switch end {
      case .exited(let code): "ended with status \(code)"
      case .killed(let signal): "was killed by signal \(signal)"
      }
    return "Trial \(plan.number) \(how)" + (last.map { ": \($0)" } ?? ".")
  }

  struct Interrupted: Error {}
}

/// `vbench __trial PLAN`: one trial, in the process made for it.
enum TrialCommand {
  static let name = "__trial"

  static let command = Command(
    name, "Runs one trial.", operands: .exactly(1, "PLAN"), hidden: true
  ) { invocation in
    ParentWatch.dieWithParent()
    // The watcher decides what Ctrl-C means.
    Interrupts.startCounting()
    let plan = try RecordJSON.decode(TrialPlan.self, path: invocation.operands[0])
    try TrialRunner(
      plan, gate: PipeGate(watchingItselfInto: plan.watchesItself ? plan.outputPath : nil)
    )
    .run()
    return .fine
  }

  /// Talks over the two pipes; a watcher that is gone means there is nobody to measure for.
  private final class PipeGate: TrialGate, @unchecked Sendable {
    // Used by one thread at a time: the last worker to reach a barrier.
    private var channel = LineChannel(
      input: File(adopting: TrialProcess.input, path: "watcher"),
      output: File(adopting: TrialProcess.output, path: "watcher"))

    private let folder: String?
    private var own: SelfRecorder?

    init(watchingItselfInto folder: String?) { self.folder = folder }

    func measurementWillBegin() {
      ask("begin")
      HeapWindow.begin()
      if folder != nil { own = reporting { try SelfRecorder() } }
      if let own { reporting { try own.start() } }
    }

    func measurementDidEnd() {
      HeapWindow.end()
      if let own, let folder { reporting { try own.stop(writeTo: folder) } }
      own = nil
      ask("end")
    }

    func spellsWillBegin(_ meter: WorkMeter) { ask("spells \(meter.address)") }

    func spellsDidEnd() { ask("spells-end") }

    /// A trial without a profile is still a trial; the log says why it has none.
    @discardableResult
    private func reporting<Result>(_ body: () throws -> Result) -> Result? {
      do { return try body() } catch {
        Terminal.note("\(error)")
        return nil
      }
    }

    private func ask(_ line: String) {
      guard (try? channel.send(line)) != nil else { return }
      while let answer = try? channel.receive(), answer == .silence {}
    }
  }
}
