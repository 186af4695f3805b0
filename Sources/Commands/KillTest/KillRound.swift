import Basics
import FoundationEssentials
import Harness
import RunRecords

/// One life of the writer: it is started, listened to, and killed.
struct KillRound {
  private let aim: KillAim
  private let plan: KillWriter.Plan
  private let folder: String
  private var moments = KillMoments()
  /// How long a writer may take until its aim comes, before it is killed anyway.
  private static let patience: UInt64 = 5_000_000_000

  init(_ aim: KillAim, _ plan: KillWriter.Plan, _ folder: String) {
    self.aim = aim
    self.plan = plan
    self.folder = folder
  }

  /// Runs it and returns what the writer was in the middle of when it died.
  mutating func run(acknowledge: (Int) -> Void) throws -> [KillMoments.Moment] {
    let planPath = "\(folder)/kill-plan.json"
    try FileSystem.replace(planPath, with: Array(try JSONEncoder().encode(plan)))
    let errors = try File("\(folder)/kill-errors.txt", .create)
    let down = try Pipe()
    let up = try Pipe()
    var child = try ChildProcess(
      [OwnProgram.path, KillWriterCommand.name, planPath],
      descriptors: [
        (down.reading.descriptor, TrialProcess.input), (up.writing.descriptor, TrialProcess.output),
        (errors.descriptor, 2),
      ])
    var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
    let isOurKill = try listen(&channel, child, acknowledge)
    _ = try child.wait()
    if !isOurKill, Interrupts.count == 0 {
      let text = (try? FileSystem.text(of: "\(folder)/kill-errors.txt")) ?? ""
      throw Failure(.failed, "The writer ended before it was killed. \(text.prefix(400))")
    }
    return moments.current
  }

  /// Listens until the writer is dead; true when it was killed here.
  private mutating func listen(
    _ channel: inout LineChannel, _ child: borrowing ChildProcess, _ acknowledge: (Int) -> Void
  ) throws -> Bool {
    let latest = Clock.now() + Self.patience
    var strike: UInt64?
    var isKilled = false
    while true {
      let now = Clock.now()
      if !isKilled, now >= min(strike ?? latest, latest) || Interrupts.count > 0 {
        child.kill()
        isKilled = true
      }
      let wait = isKilled ? -1 : Int32(min(20, ((strike ?? latest) &- now) / 1_000_000))
      switch try channel.receive(milliseconds: wait) {
      case .silence: continue
      case .closed: return isKilled
      case .text(let line):
        if line.hasPrefix("done "), let writer = Int(line.dropFirst(5)) {
          acknowledge(writer)
        } else {
          moments.hear(line)
        }
        if strike == nil, isDue(line) { strike = Clock.now() + aim.delay }
      }
    }
  }

  private func isDue(_ line: String) -> Bool {
    guard let moment = aim.moment else { return line == "ready" }
    return moments.times(moment) >= aim.times && moments.current.contains(moment)
  }
}

/// `vbench __kill-writer PLAN`: the process that is killed.
enum KillWriterCommand {
  static let name = "__kill-writer"

  static let command = Command(
    name, "Writes until it is killed.", operands: .exactly(1, "PLAN"), hidden: true
  ) { invocation in
    ParentWatch.dieWithParent()
    Interrupts.startCounting()
    let plan = try RecordJSON.decode(KillWriter.Plan.self, path: invocation.operands[0])
    let output = File(adopting: TrialProcess.output, path: "watcher")
    let voice = Voice(output)
    try KillWriter(plan) { voice.say($0) }.run()
    return .failed
  }

  /// A short line is one write, which a pipe never mixes with another thread's.
  private final class Voice: Sendable {
    private let output: File

    init(_ output: consuming File) { self.output = output }

    func say(_ line: String) { try? output.write(line + "\n") }
  }
}
