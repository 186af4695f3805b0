import Pprof

/// One event of a recording: what a sample counts.
struct PerfEvent: Hashable {
  let name: String
  /// False where samples do not tell how much each stands for.
  var hasPeriods = true

  /// `cpu-clock` and `task-clock` count nanoseconds of a processor; everything else counts itself.
  var type: Profile.ValueType {
    isClock ? .init("cpu", "nanoseconds") : .init(name, "count")
  }

  var isClock: Bool { name == "cpu-clock" || name == "task-clock" }

  /// The name without what perf says of privilege and precision: `cycles:ppp`, `cpu-clock:u`.
  static func plainName(_ name: some StringProtocol) -> String {
    guard let colon = name.lastIndex(of: ":") else { return String(name) }
    let modifiers = name[name.index(after: colon)...]
    let isModifier = modifiers.allSatisfy { "ukhGHpPISDWeb".contains($0) }
    return isModifier && colon != name.startIndex ? String(name[..<colon]) : String(name)
  }
}
