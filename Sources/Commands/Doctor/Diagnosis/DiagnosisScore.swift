import Measurement

/// What the diagnosis found of all that was planted.
struct DiagnosisScore: Encodable {
  var plants: [PlantRow] = []
  var controls: [ControlRow] = []
  /// Each plant was grown so many times; the rows are the ones in the middle.
  var times = 1
  var seconds = 0.0
  /// The kernel's load average of the last minute, before anything was run.
  var loadBefore: Double?

  struct PlantRow: Encodable {
    let plant: String
    let fault: String
    let rules: [String]
    let command: String
    let verdict: PlantVerdict.Outcome
    let reason: String?
    let truth: Double?
    /// Whether the truth is only a lower bound.
    let truthIsLeast: Bool
    let seen: Double?
    let low: Double?
    let high: Double?
    let rank: Int?
    let severity: String?
    /// In how many of the times the verdict was this one.
    let agreeing: Int
    /// How often it was grown: a share that few samples left in doubt is looked at again.
    let times: Int
    let nearMiss: Twin?
    let blind: Twin?
  }

  /// A variant in which the rules must not fire.
  struct Twin: Encodable {
    /// Found means that it is silent, as it must be.
    let outcome: PlantVerdict.Outcome
    let truth: Double?
    let reason: String?

    var isRight: Bool { outcome == .found }
  }

  struct ControlRow: Encodable {
    let control: String
    let what: String
    let command: String
    let verdict: Verdict
    /// What was found that should not be, or why nothing can be told.
    let reason: String?
    let findings: Int

    enum Verdict: String, Encodable {
      case clean, skipped
      case falseAlarm = "false alarm"
    }
  }

  var found: Int { plants.count { $0.verdict == .found } }

  var tried: Int { plants.count { $0.verdict != .skipped } }

  var skipped: Int {
    plants.count { $0.verdict == .skipped } + controls.count { $0.verdict == .skipped }
  }

  var falseAlarms: Int {
    plants.count { $0.verdict == .falseAlarm }
      + twins.count { !$0.isRight && $0.outcome != .cannotTell }
      + controls.count { $0.verdict == .falseAlarm }
  }

  var twins: [Twin] { plants.flatMap { [$0.nearMiss, $0.blind].compactMap(\.self) } }

  var isRight: Bool { found == tried && twins.allSatisfy(\.isRight) && falseAlarms == 0 }

  private enum CodingKeys: String, CodingKey {
    case plants, controls, times, seconds, loadBefore, score
  }

  private enum ScoreKeys: String, CodingKey { case found, tried, falseAlarms, skipped }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plants, forKey: .plants)
    try container.encode(controls, forKey: .controls)
    try container.encode(times, forKey: .times)
    try container.encode(seconds, forKey: .seconds)
    try container.encodeIfPresent(loadBefore, forKey: .loadBefore)
    var score = container.nestedContainer(keyedBy: ScoreKeys.self, forKey: .score)
    try score.encode(found, forKey: .found)
    try score.encode(tried, forKey: .tried)
    try score.encode(falseAlarms, forKey: .falseAlarms)
    try score.encode(skipped, forKey: .skipped)
  }
}
