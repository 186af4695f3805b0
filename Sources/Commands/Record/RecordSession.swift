import Basics
import RunRecords
import Sampling
import Vocabulary

/// One `vbench record` from its flags to its run directory.
struct RecordSession {
  private let invocation: Invocation
  private let command: [String]
  private let services: [RecordedService]
  private let kinds: Set<RecordKind>
  private let seconds: Double?

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
    command = invocation.rest
    services = try RecordedService.all(invocation)
    if command.isEmpty == services.isEmpty {
      throw Failure.usage(
        command.isEmpty
          ? "Say what to watch: -p PID, --service NAME=PID, or -- CMD."
          : "Watch either a command or running processes, not both.", invocation.command)
    }
    let wanted = invocation.list("profile")?.compactMap(RecordKind.init(rawValue:))
    kinds = wanted.map(Set.init) ?? RecordKind.standard
    seconds = invocation.seconds("duration")
    if command.isEmpty, kinds.contains(.heap) {
      throw Failure.usage(
        "A heap profile needs a program that vbench starts: a running one cannot be given the "
          + "library that watches malloc. Use -- CMD.", invocation.command)
    }
  }

  func run() throws -> ExitStatus {
    Interrupts.startCounting()
    let output = try RecordOutput(invocation, kinds)
    if let problem = Recorder.raiseFileLimit() { output.progress.say(problem) }
    return command.isEmpty ? try attach(output) : try start(output)
  }

  // MARK: - Running processes

  private func attach(_ output: RecordOutput) throws -> ExitStatus {
    let targets = services.flatMap { service in
      ([service.pid] + (invocation.has("tree") ? ProcessTree.descendants(of: service.pid) : []))
        .map { RecordingTarget.service(service.role, $0) }
    }
    let recorder = try recorder(targets, scope: .threads)
    if let gone = services.first(where: { !$0.isAlive }) {
      throw Failure(.badInput, "Process \(gone.pid) ended while vbench attached to it.")
    }
    let counters = try counters(services.map { ($0.role, $0.pid) })
    try recorder.start()
    counters.start()
    let window = WatchWindow(seconds: seconds)
    output.progress.say(
      "Recording \(services.map { "\($0.role.rawValue) (\($0.pid))" }.joined(separator: ", ")); "
        + "Ctrl-C stops the recording, not the program.")
    window.wait { services.contains(where: \.isAlive) }
    output.counters = counters.stop()
    let recording = try recorder.stop()
    try output.finish(recording, recorder, RecordOutput.Subject(services: services))
    return .fine
  }

  // MARK: - A command

  private func start(_ output: RecordOutput) throws -> ExitStatus {
    let heap =
      try kinds.contains(.heap)
      ? HeapWatch(command[0], mean: heapMean, in: output.heapFolder) : .none
    var watched = try WatchedCommand(
      command, named: invocation.text("name"), environment: heap.environment)
    let role = watched.role
    let recorder = try recorder([.command(role, watched.pid)], scope: .processors)
    let counters = try counters([(role, watched.pid)])
    try recorder.start()
    counters.start()
    try watched.run(WatchWindow(seconds: seconds), under: recorder)
    output.counters = counters.stop()
    let recording = try recorder.stop()
    let status = watched.finish()
    try output.add(heap, role)
    try output.finish(
      recording, recorder, RecordOutput.Subject(role: role, command: command, end: watched.end))
    return status
  }

  // MARK: - Both

  private var heapMean: Int { invocation.count("heap-mean") ?? HeapShim.standardMean }

  private func counters(_ processes: [(Role, Int32)]) throws -> ServiceCounters {
    guard kinds.contains(.counters) else { return ServiceCounters() }
    do { return try ServiceCounters(processes) } catch { throw Failure(.failed, "\(error)") }
  }

  private func recorder(
    _ targets: [RecordingTarget], scope: RecordingPlan.Scope
  ) throws -> Recorder {
    var plan = RecordingPlan()
    plan.hertz = invocation.count("hz") ?? 199
    plan.stackBytes = invocation.count("stack-bytes") ?? plan.stackBytes
    plan.watchesWaits = !kinds.isDisjoint(with: [.mutex, .block, .timeline])
    plan.event = try event()
    plan.keepsTimeline = kinds.contains(.timeline)
    plan.waitClasses = invocation.list("wait-class").map(Set.init)
    let asked = invocation.text("scope").flatMap(RecordingPlan.Scope.init(rawValue:))
    plan.scope = asked ?? scope
    do { return try Recorder(targets, plan: plan, acceptsUserOnly: true) } catch {
      // A whole processor is more than many may watch; their own threads are theirs.
      guard asked == nil, plan.scope == .processors, case .notPermitted = error else {
        throw Failure(.failed, "\(error)")
      }
    }
    plan.scope = .threads
    do { return try Recorder(targets, plan: plan, acceptsUserOnly: true) } catch {
      throw Failure(.failed, "\(error)")
    }
  }

  private func event() throws -> NamedEvent? {
    guard let spelling = invocation.text("event") else { return nil }
    do {
      return NamedEvent(
        try EventName(spelling), period: UInt64(invocation.count("event-period") ?? 1))
    } catch { throw Failure.usage("\(error)", invocation.command) }
  }
}
