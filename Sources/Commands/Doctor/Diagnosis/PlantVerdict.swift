import Findings
import Measurement
import Vocabulary

/// What a report said about a plant, held against the truth.
struct PlantVerdict: Sendable {
  enum Outcome: String, Encodable, Sendable {
    case found, missed, skipped
    case falseAlarm = "false alarm"
    /// The recording was too bad for the rule to be asked, and the report says so.
    case cannotTell = "cannot tell"
  }

  var outcome: Outcome
  /// Why, when it was not simply found.
  var reason: String?
  /// A share, or threads that wait on average; nil where nothing counted it.
  var truth: Double?
  var seen: Double?
  var low: Double?
  var high: Double?
  /// The place of the finding among all of the report.
  var rank: Int?
  var severity: String?
  var rule: String?

  static func failed(_ outcome: Outcome, _ reason: String) -> PlantVerdict {
    PlantVerdict(outcome: outcome, reason: reason)
  }

  /// How far the report is off, for telling the middle one of several.
  var error: Double { (seen ?? 0) - (truth ?? 0) }
}

/// Reads a report with a plant in mind.
struct PlantJudge {
  let plant: Plant

  /// As many points may lie between the share that is seen and the true one.
  static let tolerance = 0.03

  func verdict(
    on report: FindingsReport, of harvest: PlantWorkshop.Harvest, truth: Double?
  ) -> PlantVerdict {
    guard let place = report.findings.firstIndex(where: isOfPlant),
      let finding = report.findings[place].told.first(where: { plant.rules.contains($0.rule) })
    else {
      let isGated = plant.rules.contains { rule in report.suppressed.contains { $0.rule == rule } }
      return PlantVerdict(
        outcome: isGated ? .cannotTell : .missed, reason: silence(of: report), truth: truth)
    }
    var verdict = PlantVerdict(outcome: .found, truth: truth)
    (verdict.rule, verdict.rank) = (finding.rule, place + 1)
    verdict.severity = finding.severity.rawValue
    weigh(&verdict, finding, report, harvest)
    let before = report.findings[..<place].filter {
      $0.role == finding.role && !plant.mayPrecede.contains($0.rule)
        && !($0.rule == "B3" && report.isCrowded)
    }
    if let first = before.first {
      return verdict.becoming(.missed, "\(first.rule) stands before it: \(first.title.plain)")
    }
    if let problem = distance(verdict) { return verdict.becoming(.missed, problem) }
    if let wrong = wrongBeside(report) {
      return verdict.becoming(.falseAlarm, "\(wrong.rule) is said as well: \(wrong.title.plain)")
    }
    return verdict
  }

  /// Whether it is the plant's finding, or tells it.
  private func isOfPlant(_ finding: Finding) -> Bool {
    finding.told.contains { plant.rules.contains($0.rule) }
  }

  private func weigh(
    _ verdict: inout PlantVerdict, _ finding: Finding, _ report: FindingsReport,
    _ harvest: PlantWorkshop.Harvest
  ) {
    if case .lockDelay = plant.truth {
      let delay = report.collected.filter { $0.kind == .mutex }.reduce(0) { $0 + $1.total }
      verdict.seen = delay / max(1e-9, harvest.nanoseconds("whole") / 1e9)
    } else if let share = finding.share {
      (verdict.seen, verdict.low, verdict.high) = (share.value, share.low, share.high)
    }
  }

  private func distance(_ verdict: PlantVerdict) -> String? {
    guard let truth = verdict.truth else { return nil }
    guard let seen = verdict.seen else { return "the finding has no share" }
    let off =
      if case .costOver = plant.truth { truth - seen } else { abs(seen - truth) }
    return off > Self.tolerance
      ? "\(NumberText.fixed(off * 100, digits: 1)) points from the truth" : nil
  }

  /// Whatever else the report holds to be worth somebody's time must be true of this program.
  private func wrongBeside(_ report: FindingsReport) -> Finding? {
    let known = Set(plant.rules).union(plant.mayPrecede).union(plant.alsoTrue)
    return report.findings.first {
      $0.severity >= .medium && !known.contains($0.rule) && !isOfPlant($0)
        && isAboutTheProgram($0)
    }
  }

  /// The engine's own work is no plant of ours; its clean runs are judged as controls.
  private func isAboutTheProgram(_ finding: Finding) -> Bool {
    if case .engine = plant.program { return false }
    return finding.role == "plant"
  }

  /// Why no rule fired, in the report's own words.
  private func silence(of report: FindingsReport) -> String {
    for rule in plant.rules {
      if let gate = report.suppressed.first(where: { $0.rule == rule })?.gate {
        return "\(rule) is suppressed by \(gate)"
      }
      if let reason = report.notEvaluable.first(where: { $0.rule == rule })?.reason {
        return "\(rule) is not evaluable: \(reason)"
      }
      if let seen = report.clean.first(where: { $0.rule == rule })?.observation.plain {
        return "\(rule) is silent: \(seen)"
      }
    }
    return "no rule speaks of it"
  }

  // MARK: Twins

  func nearMiss(
    in report: FindingsReport, truth: Double?
  ) -> PlantVerdict {
    guard let finding = report.allFindings.first(where: { plant.rules.contains($0.rule) }),
      finding.severity > .info || plant.rules.contains("B1")
    else { return PlantVerdict(outcome: .found, truth: truth) }
    if let bound = plant.missBelow, let truth, truth >= bound {
      return PlantVerdict(
        outcome: .cannotTell,
        reason:
          "here it grew to \(NumberText.percent(truth)) by its own clock, which is no near miss",
        truth: truth)
    }
    var verdict = PlantVerdict(
      outcome: .falseAlarm, reason: "\(finding.rule) fires: \(finding.title.plain)", truth: truth)
    verdict.seen = finding.share?.value
    return verdict
  }

  func blind(in report: FindingsReport) -> PlantVerdict {
    if let finding = report.allFindings.first(where: { plant.rules.contains($0.rule) }) {
      return .failed(.falseAlarm, "\(finding.rule) fires without its evidence")
    }
    let silent = plant.rules.filter { rule in
      !report.notEvaluable.contains { $0.rule == rule }
        && !report.suppressed.contains { $0.rule == rule }
    }
    return silent.isEmpty
      ? PlantVerdict(outcome: .found)
      : .failed(.missed, "\(silent[0]) does not say that it cannot be evaluated")
  }
}

extension FindingsReport {
  /// Whether others used the machine: then it is true that operations waited for a core, and
  /// nothing that was planted or ought to be clean is to blame.
  var isCrowded: Bool { gates.contains { $0.id == "Q10" && $0.state == .warning } }
}

extension PlantVerdict {
  fileprivate func becoming(_ outcome: Outcome, _ reason: String) -> PlantVerdict {
    var other = self
    (other.outcome, other.reason) = (outcome, reason)
    return other
  }
}
