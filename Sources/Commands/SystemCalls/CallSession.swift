import Basics
import Measurement
import RunRecords
import Sampling
import Vocabulary

/// One `vbench syscalls` of a live program, from its flags to its table.
struct CallSession {
  private let invocation: Invocation
  private let command: [String]
  private let service: RecordedService?
  private let seconds: Double?
  private let progress: Progress

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
    command = invocation.rest
    service = try invocation.count("pid").map {
      try RecordedService(pid: Int32($0), name: invocation.text("name"))
    }
    if command.isEmpty == (service == nil) {
      throw Failure.usage(
        command.isEmpty
          ? "Say what to watch: -p PID, -- CMD, or a run directory."
          : "Watch either a command or a running process, not both.", invocation.command)
    }
    seconds = invocation.seconds("duration")
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
  }

  func run() throws -> ExitStatus {
    Interrupts.startCounting()
    if let problem = Recorder.raiseFileLimit() { progress.say(problem) }
    if let service { return try attach(service) }
    return try start()
  }

  private func attach(_ service: RecordedService) throws -> ExitStatus {
    let recorder = try recorder(.service(service.role, service.pid))
    if !service.isAlive {
      throw Failure(.badInput, "Process \(service.pid) ended while vbench attached to it.")
    }
    let output = try folder()
    try recorder.start()
    let window = WatchWindow(seconds: seconds)
    progress.say(
      "Watching the system calls of \(service.role.rawValue) (\(service.pid)); Ctrl-C stops the "
        + "watching, not the program.")
    window.wait { service.isAlive }
    let recording = try recorder.stop()
    try tell(recording, recorder, output, RecordOutput.Subject(services: [service]))
    return .fine
  }

  private func start() throws -> ExitStatus {
    var watched = try WatchedCommand(command, named: invocation.text("name"))
    let recorder = try recorder(.command(watched.role, watched.pid))
    let output = try folder()
    try recorder.start()
    try watched.run(WatchWindow(seconds: seconds), under: recorder)
    let recording = try recorder.stop()
    let status = watched.finish()
    try tell(
      recording, recorder, output,
      RecordOutput.Subject(role: watched.role, command: command, end: watched.end))
    return status
  }

  // MARK: - Both

  private func recorder(_ target: RecordingTarget) throws -> Recorder {
    var plan = RecordingPlan()
    plan.hertz = invocation.count("hz") ?? 199
    plan.stackBytes = invocation.count("stack-bytes") ?? plan.stackBytes
    plan.watchesWaits = false
    plan.watchesCalls = true
    do { return try Recorder([target], plan: plan) } catch {
      throw Failure(.failed, "\(error)")
    }
  }

  private func folder() throws -> RecordOutput? {
    invocation.text("out") == nil ? nil : try RecordOutput(invocation, [.cpu])
  }

  private func tell(
    _ recording: Recording, _ recorder: Recorder, _ output: RecordOutput?,
    _ subject: RecordOutput.Subject
  ) throws {
    guard let calls = recording.calls else { return }
    let path = try output.map { try $0.save(recording, recorder, subject).path }
    progress.end()
    let report = WatchedCalls(
      calls, recording.quality, subject.roles.first?.rawValue ?? "", run: path,
      limit: SyscallsCommand.limit(invocation))
    let text = invocation.has("json") ? try JSONText.of(report) : report.text
    // The command's own output is on standard output; a table stays out of it.
    if !command.isEmpty, !invocation.has("json"), invocation.text("output") == nil {
      Terminal.note(text)
    } else {
      try OutputFile.write(text, invocation)
    }
  }
}
