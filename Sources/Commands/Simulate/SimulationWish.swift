import Basics
import Harness
import Measurement
import Vocabulary
import Workloads

/// `--simulate-cache` as it was typed.
struct SimulationWish {
  let rows: Int?

  /// Nil when nobody asked for it.
  init?(_ invocation: Invocation, _ settings: WorkloadSettings) throws(Failure) {
    rows = invocation.count("simulate-rows")
    guard invocation.has("simulate-cache") else {
      if rows == nil { return nil }
      throw .usage(
        "--simulate-rows says how many rows --simulate-cache takes, and that is not asked for.",
        invocation.command)
    }
    guard settings.target == .engine else {
      throw .usage(
        "--simulate-cache simulates the engine; with --target \(settings.target) there is none.",
        invocation.command)
    }
    if let rows, rows > settings.dataset.rows {
      throw .usage(
        "--simulate-rows wants \(NumberText.count(rows)) rows and the run has "
          + "\(NumberText.count(settings.dataset.rows)).", invocation.command)
    }
  }

  /// What `--dry-run` says of it.
  func plan(_ settings: WorkloadSettings) -> String {
    let size = SimulationSize(of: settings, rows: rows)
    let kinds = size.kinds.map { "\($0.calls) × \($0.kind.rawValue)" }.joined(separator: ", ")
    let tool = ProgramSearch.path(of: "valgrind").map { "by \($0)" }
    return "Then \(1 + 2 * size.kinds.count) small runs in simulated caches "
      + "\(tool ?? "(valgrind is not installed, so the command would refuse to begin)"): "
      + "\(NumberText.count(size.settings.dataset.rows)) rows, \(kinds)."
  }
}
