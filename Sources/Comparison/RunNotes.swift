import Measurement
import RunRecords

/// What a reader of a comparison must know about the runs themselves.
struct RunNotes {
  let base: [RunFolder]
  let new: [RunFolder]
  let procedure: Procedure

  func notes() -> [String] { (base + new).flatMap(about) + together() }

  private func about(_ run: RunFolder) -> [String] {
    guard let record = run.record else {
      return ["\(run.name) has no run.json: its windows and settings cannot be verified."]
    }
    var notes: [String] = []
    if record.status != .complete {
      notes.append("The run \(run.name) did not end well: it is \(record.status.rawValue).")
    }
    let lost = record.trials.filter { $0.status != .complete }.count
    if lost > 0 { notes.append("\(lost) of \(run.name)'s trials do not count.") }
    if run.environment == nil { notes.append("\(run.name) does not say on which machine it ran.") }
    notes += record.flags.filter { $0.severity != .note }.map { "\(run.name): \($0.message)" }
    return notes
  }

  private func together() -> [String] {
    let places = [Set(base.map(\.place)), Set(new.map(\.place))]
    if places[0] == places[1] { return ["Both sides are the same run."] }
    var notes: [String] = []
    if let both = places[0].intersection(places[1]).min() {
      notes.append("\(both) stands on both sides, which hides a difference.")
    }
    if places[0].count + places[1].count < base.count + new.count {
      notes.append("A run is given twice on one side; it says no more than once.")
    }
    return notes + [design()]
  }

  private func design() -> String {
    switch procedure.design {
    case .paired: "The trials ran in turns and are tested as pairs; what drifts cancels."
    case .runs:
      "Each run is one value (\(base.count) against \(new.count)); the spread between runs is "
        + "measured here, not assumed. Whether the machine drifted between the sides is not known."
    case .blocked where base.count + new.count > 2:
      "\(base.count) against \(new.count) runs are too few to show their own spread "
        + "(\(Procedure.runsNeeded) in all would), so their trials are pooled and the assumed "
        + "spread between runs stands in."
    case .blocked:
      "The two runs were made one after the other, not in turns, so the machine may have changed "
        + "between them; the intervals allow for that."
    }
  }
}
