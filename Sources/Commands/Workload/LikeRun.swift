import RunRecords
import Vocabulary

/// `--like RUN`: the data, rate and options of another run, except what was given anew.
enum LikeRun {
  /// What belongs to a command and not to a run: a search-only run has no use for a market's mix.
  private static let ownToCommand: Set<String> = ["rate", "read-ratio", "mix"]

  static func fill(_ invocation: Invocation) throws -> (Invocation, notes: [String]) {
    guard let path = invocation.text("like") else { return (invocation, []) }
    guard let record = try RunSource.open(path).record else {
      throw Failure(.badInput, "\(path) has no run.json, so there are no settings to take.")
    }
    let isSame = record.command == invocation.command.name
    var taken: [String: Invocation.Value] = [:]
    var left: [String] = []
    for setting in record.settings {
      guard invocation.command.flag(named: setting.name) != nil,
        isSame || !ownToCommand.contains(setting.name)
      else {
        left.append(setting.name)
        continue
      }
      taken[setting.name] = Invocation.Value(text: setting.value, source: .like)
    }
    taken.merge(watching(record)) { $1 }
    let note =
      left.isEmpty
      ? []
      : ["Not taken from the \(record.command) run: \(left.joined(separator: ", "))."]
    return (invocation.filled(with: taken), note)
  }

  /// A run that is watched pays for it, so the other is watched alike.
  private static func watching(_ record: RunRecord) -> [String: Invocation.Value] {
    let profiling = record.profiling
    if profiling.hertz == 0 { return ["profile": Invocation.Value(text: "none", source: .like)] }
    let kinds = profiling.kinds.map(\.rawValue).joined(separator: ",")
    if kinds.isEmpty { return [:] }
    return [
      "profile": Invocation.Value(text: kinds, source: .like),
      "hz": Invocation.Value(text: "\(Int(profiling.hertz))", source: .like),
    ]
  }
}
