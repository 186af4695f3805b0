import Basics
import Glibc

/// A program that knows what it did: it burns CPU, sleeps and waits by the clock, and says how much
/// of each, so that a recording of it can be held against the truth.
package enum Rehearsal {
  /// Says `ready`, works between `go` and `done`, and ends when its input does.
  package static func serve(_ mode: String) throws {
    say("ready")
    guard readLine() == "go" else { exit(64) }
    guard let truth = try work(mode) else { exit(64) }
    say("done " + truth.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
    _ = readLine()
  }

  /// Works at once and says what it did; answers false for what waits to be watched.
  package static func perform(_ mode: String) throws -> Bool {
    guard let truth = try Allocating.work(mode) ?? Calling.work(mode) ?? Planting.work(mode)
    else { return false }
    say("done " + truth.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
    return true
  }

  /// Whether the rehearsal in RocksDB can be held here.
  package static var canStore: Bool { Storing.hasRocksDB }

  /// Nanoseconds by the name of what took them.
  private static func work(_ mode: String) throws -> [String: UInt64]? {
    switch mode {
    case "split": try Burning.split(seconds: 3)
    case "split-long": try Burning.split(seconds: 5)
    case "steady": try Burning.steady(seconds: 8)
    case "pages": Touching.pages(5_000)
    case "births": try Burning.births(threads: 20, milliseconds: 100)
    case "short": try Burning.births(threads: 1_500, milliseconds: 2)
    case "sleep": Waiting.sleep(times: 20, milliseconds: 50)
    case "pipe": try Waiting.pipe(times: 40, milliseconds: 20)
    case "condition": try Waiting.condition(times: 40, milliseconds: 20)
    case "turns": try Waiting.turns(perSecond: 1_000, seconds: 8)
    case "lock": try Locking.one(times: 20, milliseconds: 50)
    case "locks": try Locking.two(times: 25)
    case "torture": try Torture.everything(seconds: 5)
    case "torture-minute": try Torture.everything(seconds: 60)
    case "rocksdb": try Storing.inRocksDB(seconds: 3)
    default: nil
    }
  }

  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // SAFETY: the bytes are alive during the call.
    _ = unsafe write(1, bytes, bytes.count)
  }
}
