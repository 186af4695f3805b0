import Basics
import Glibc

/// A program that knows what it did: it burns CPU, sleeps and waits by the clock, and says how much
/// of each, so that a recording of it can be held against the truth.
///
/// It says `ready`, works between `go` and `done`, and ends when its input does.
@main
enum Victim {
  static func main() throws {
    let mode = CommandLine.arguments.dropFirst().first ?? ""
    say("ready")
    guard readLine() == "go" else { exit(64) }
    guard let truth = try work(mode) else { exit(64) }
    say("done " + truth.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
    _ = readLine()
  }

  /// Nanoseconds by the name of what took them.
  private static func work(_ mode: String) throws -> [String: UInt64]? {
    switch mode {
    case "split": try Burning.split(seconds: 3)
    case "sleep": Waiting.sleep(times: 20, milliseconds: 50)
    case "pipe": try Waiting.pipe(times: 40, milliseconds: 20)
    case "condition": try Waiting.condition(times: 40, milliseconds: 20)
    case "lock": try Waiting.lock(times: 20, milliseconds: 50)
    case "pages": Touching.pages(5_000)
    case "births": try Burning.births(threads: 20, milliseconds: 100)
    default: nil
    }
  }

  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // SAFETY: the bytes are alive during the call.
    _ = unsafe write(1, bytes, bytes.count)
  }
}
