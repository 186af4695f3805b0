import Measurement

/// The tables that `vbench doctor --diagnosis` prints: Markdown that reads well as plain text.
enum DiagnosisText {
  static func of(_ score: DiagnosisScore) -> String {
    var parts: [String] = []
    if !score.plants.isEmpty { parts.append(table(plantHeads, score.plants.map(cells))) }
    if !score.controls.isEmpty { parts.append(table(controlHeads, score.controls.map(cells))) }
    let notes = notes(score)
    if !notes.isEmpty { parts.append(notes.map { "- \($0)" }.joined(separator: "\n")) }
    return (parts + [line(score)]).joined(separator: "\n\n") + "\n"
  }

  private static let plantHeads = [
    "Verdict", "Plant", "Fault", "Rule", "Truth", "Seen", "Interval", "Rank", "Severity",
    "Near miss", "Blind",
  ]

  private static let controlHeads = ["Verdict", "Clean run", "What", "Findings"]

  private static func cells(_ row: DiagnosisScore.PlantRow) -> [String] {
    let truth = row.truth.map { (row.truthIsLeast ? "≥ " : "") + percent($0) }
    let range: String? = row.low.flatMap { low in
      row.high.map { "\(percent(low))–\(percent($0))" }
    }
    return [
      row.verdict.rawValue, row.plant, row.fault, row.rules.joined(separator: " or "),
      truth ?? "–", row.seen.map(percent) ?? "–", range ?? "–", row.rank.map { "\($0)" } ?? "–",
      row.severity ?? "–",
      row.nearMiss.map { twin in
        (twin.isRight ? "silent" : twin.outcome == .cannotTell ? "cannot tell" : "FIRES")
          + (twin.truth.map { " at \(percent($0))" } ?? "")
      } ?? "–", row.blind.map { $0.isRight ? "not evaluable" : "WRONG" } ?? "–",
    ]
  }

  private static func cells(_ row: DiagnosisScore.ControlRow) -> [String] {
    [
      row.verdict.rawValue, row.control, row.what,
      row.verdict == .skipped ? "–" : "\(row.findings)",
    ]
  }

  private static func percent(_ share: Double) -> String {
    "\(NumberText.fixed(share * 100, digits: 1)) %"
  }

  private static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let widths = heads.indices.map { column in
      ([heads] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      "| "
        + zip(cells, widths).map { cell, width in
          cell.replacing("|", with: "/") + String(repeating: " ", count: width - cell.count)
        }.joined(separator: " | ") + " |"
    }
    let rule =
      "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
    return ([line(heads), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// Whatever is not as it should be, with its reason.
  private static func notes(_ score: DiagnosisScore) -> [String] {
    score.plants.flatMap { row -> [String] in
      var notes = row.reason.map { ["\(row.plant): \(row.verdict.rawValue): \($0)"] } ?? []
      if let miss = row.nearMiss, !miss.isRight {
        notes.append("\(row.plant), its near miss: \(miss.reason ?? "")")
      }
      if let blind = row.blind, !blind.isRight {
        notes.append("\(row.plant), without its evidence: \(blind.reason ?? "")")
      }
      if row.agreeing < row.times, row.verdict != .skipped {
        notes.append(
          "\(row.plant): \(row.verdict.rawValue) in \(row.agreeing) of \(row.times) growths")
      }
      return notes
    }
      + score.controls.compactMap { row in
        row.reason.map { "\(row.control): \(row.verdict.rawValue): \($0)" }
      }
  }

  private static func line(_ score: DiagnosisScore) -> String {
    let clean = score.controls.count { $0.verdict != .skipped }
    if score.tried + clean == 0 { return "Nothing could be tried here." }
    let load = score.loadBefore.map {
      "; load average before it \(NumberText.fixed($0, digits: 2))"
    }
    return
      "Found \(score.found) of \(score.tried) plants, \(score.falseAlarms) false alarms in "
      + "\(score.twins.count) twins and \(clean) clean "
      + "runs; \(score.skipped) could not be tried here. \(Int(score.seconds.rounded())) s"
      + (score.times > 1 ? ", each plant \(score.times) times" : "") + (load ?? "") + "."
  }
}
