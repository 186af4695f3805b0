import Basics
import FoundationEssentials
import RunRecords

/// A piece of measured work in a process of its own: this program, started again with a plan, which
/// prints one JSON document and ends.
struct ChildJob<Outcome: Decodable> {
  let command: String
  /// Set for the child in addition to our environment.
  var environment: [String: String] = [:]
  /// The build of vbench that does it.
  var program = OwnProgram.path
  /// What carries the program out, with its words: a simulator, for one.
  var launcher: [String] = []

  init(_ command: String, environment: [String: String] = [:]) {
    self.command = command
    self.environment = environment
  }

  /// The number of the pipe in the child, high, so that no number of ours is in the way.
  ///
  /// It carries nothing: its end tells us that the child is gone.
  private static var lifeline: Int32 { 101 }

  /// - Parameters:
  ///   - plan: Handed over as JSON.
  ///   - folder: Where plan and answer lie meanwhile; it must exist.
  /// - Returns: What the child printed.
  /// - Throws: `Interrupted`, or what the child said when it failed.
  func run(_ plan: some Encodable, in folder: String) throws -> Outcome {
    let name = "\(folder)/job-\(String(Clock.now(), radix: 36))"
    try FileSystem.replace("\(name).plan", with: Array(try JSONEncoder().encode(plan)))
    defer {
      for ending in ["plan", "out", "log"] { try? FileSystem.remove("\(name).\(ending)") }
    }
    let output = try File("\(name).out", .create)
    let errors = try File("\(name).log", .create)
    let up = try Pipe()
    let down = try Pipe()
    var child = try ChildProcess(
      launcher + [program, command, "\(name).plan"],
      descriptors: [
        (output.descriptor, 1), (errors.descriptor, 2), (up.writing.descriptor, Self.lifeline),
      ], environment: environment)
    var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
    while try channel.receive(milliseconds: 100) != .closed {
      if Interrupts.count > 0 { child.kill() }
    }
    let end = try child.wait()
    if Interrupts.count > 0 { throw Interrupted() }
    guard end == .exited(0) else { throw try failure(end, name) }
    return try RecordJSON.decode(Outcome.self, path: "\(name).out")
  }

  private func failure(_ end: ChildProcess.End, _ name: String) throws -> Failure {
    let text = (try? FileSystem.text(of: "\(name).log")) ?? ""
    let last = text.split(separator: "\n").first { $0.hasPrefix("vbench: ") }
      .map { String($0.dropFirst(8).prefix(600)) }
    if let last { return Failure(end == .exited(6) ? .badInput : .failed, last) }
    switch end {
    case .exited(let code):
      return Failure(.failed, "A measuring process ended with status \(code) and no word.")
    case .killed(let signal):
      return Failure(
        .failed,
        "A measuring process was killed by signal \(signal); if the memory ran out, try fewer rows."
      )
    }
  }
}

/// Ctrl-C while a child was at work.
struct Interrupted: Error {}

/// The other side of a job: what a hidden command does with its plan.
enum JobCommand {
  static func make<Plan: Decodable & Sendable, Outcome: Encodable & SendableMetatype>(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Plan) throws -> Outcome
  ) -> Command {
    Command(name, summary, operands: .exactly(1, "PLAN"), hidden: true) { invocation in
      ParentWatch.dieWithParent()
      let plan = try RecordJSON.decode(Plan.self, path: invocation.operands[0])
      try Terminal.print(try JSONText.of(try body(plan)))
      return .fine
    }
  }
}
