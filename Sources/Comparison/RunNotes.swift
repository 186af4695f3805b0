import Measurement
import RunRecords

/// What a reader of a comparison must know about the two runs themselves.
struct RunNotes {
  let base: RunFolder
  let new: RunFolder
  var design = Procedure.Design.blocked

  func notes() -> [String] {
    [base, new].flatMap(about) + together()
  }

  private func about(_ run: RunFolder) -> [String] {
    guard let record = run.record else {
      return ["\(run.name) has no run.json: its windows and settings cannot be verified."]
    }
    var notes: [String] = []
    if record.status != .complete { notes.append("\(run.name) is \(record.status.rawValue).") }
    let lost = record.trials.filter { $0.status != .complete }.count
    if lost > 0 { notes.append("\(lost) of \(run.name)'s trials do not count.") }
    if run.environment == nil { notes.append("\(run.name) does not say on which machine it ran.") }
    notes += record.flags.filter { $0.severity != .note }.map { "\(run.name): \($0.message)" }
    return notes
  }

  private func together() -> [String] {
    if base.path == new.path { return ["Both sides are the same run."] }
    if design == .paired { return [] }
    return [
      "The two runs were made one after the other, not in turns, so the machine may have changed "
        + "between them; the intervals allow for that."
    ]
  }
}
