import Basics
import RunRecords
import Sampling
import Vocabulary

/// A command of the user's: held until its recorder is ready, then followed to its end.
struct WatchedCommand: ~Copyable {
  let role: Role
  private let name: String
  private var held: HeldCommand
  /// Nil as long as it runs.
  private(set) var end: HeldCommand.End?

  init(_ command: [String], named given: String?, environment: [String: String] = [:]) throws {
    name = command[0]
    role = RecordedService.role(given ?? name.split(separator: "/").last.map(String.init) ?? name)
    do { held = try HeldCommand(command, more: environment) } catch {
      throw Failure(.failed, "\(error)")
    }
  }

  var pid: Int32 { held.pid }

  /// Lets it go, and returns when it has ended or has been watched for long enough.
  mutating func run(_ window: WatchWindow, under recorder: Recorder) throws {
    do { try held.letGo(name) } catch {
      _ = try recorder.stop()
      throw Failure(
        error.isMissing || error.isPermission ? .child(error.isMissing ? 127 : 126) : .failed,
        "\(name) cannot be run: \(error.reason).")
    }
    while end == nil, !window.isOver {
      WatchWindow.pause()
      end = held.ended()
    }
  }

  /// Waits for a command that goes on, for it is the user's; its status becomes ours.
  mutating func finish() -> ExitStatus {
    if end == nil, Interrupts.count == 0 { end = held.ended(waiting: true) }
    return end.map { .child($0.end.status) } ?? .interrupted
  }
}
