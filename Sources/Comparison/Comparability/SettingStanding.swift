/// Which settings must be equal for two runs to measure the same thing.
///
/// Data, question and load are the identity of a measurement. How the engine goes about it is what
/// people change on purpose, so a difference there is the change under test. A name that nobody
/// classified counts as identity: a refusal can be lifted with `--allow`, a wrong claim cannot be
/// taken back.
enum SettingStanding {
  private static let options: Set<String> = [
    "kernel", "scratch", "visited", "group-commit", "sync-interval",
  ]

  private static let programs: Set<String> = ["program", "revision", "build"]

  private static let noted: Set<String> = [
    "trials", "label", "store-dir", "preset", "out", "seed",
  ]

  /// Compared as numbers with a scope of its own.
  static let rate = "rate"

  private static let pacedCounts: Set<String> = [
    "search.rate", "get.rate", "insert.rate", "upsert.rate", "delete.rate", "insert.vectors",
    "upsert.vectors", "live.change", "skipped",
  ]

  static func of(_ name: String) -> SettingDifference.Standing {
    if isOption(name) || programs.contains(name) { return .underTest }
    return noted.contains(name) ? .noted : .refused
  }

  /// Whether it says how a program goes about it, and not which program.
  static func isOption(_ name: String) -> Bool { options.contains(name) }

  /// Results that follow the offered rate.
  static func isPaced(_ result: String) -> Bool {
    result.contains(".response.") || result.contains(".service.")
      || ["throughput.", "concurrency.", "insert.searchable_lag."].contains(where: result.hasPrefix)
      || pacedCounts.contains(result)
  }

  /// Whether a refusal forbids a verdict on this result.
  ///
  /// Unequal recall forbids to speak of speed, not of recall.
  static func blocks(_ refusal: SettingDifference, _ result: String) -> Bool {
    switch refusal.scope {
    case .paced: isPaced(result)
    case .everything: refusal.name != "recall" || result != "search.recall"
    }
  }
}
