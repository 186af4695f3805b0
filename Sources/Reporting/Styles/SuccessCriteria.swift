import Findings
import Measurement

/// Current, target and stretch: from a file of targets, or the bounds where nobody set any.
enum SuccessCriteria {
  static func section(_ report: FindingsReport) -> ReportDocument.Section {
    ReportDocument.Section(
      "Success Criteria", report.targets.map { blocks($0.rows) } ?? bounds(report))
  }

  private static func blocks(_ rows: [TargetRow]) -> [Block] {
    var table = DocumentTable(
      "Targets", ["Metric", "Current", "Target", "Stretch", "Status", "Source"],
      numbers: [1, 2, 3])
    for row in rows {
      table.add(
        "\(name: row.metric)", TargetText.current(row), TargetText.target(row),
        TargetText.stretch(row), Prose(row.status.rawValue), Prose(row.source))
    }
    return [.table(table)]
  }

  /// Nobody said what would be good enough, and a tool cannot know.
  private static func bounds(_ report: FindingsReport) -> [Block] {
    var table = DocumentTable(
      "Bounds in place of targets",
      ["Metric", "Current", "At most with the first finding gone", "At most with all gone"],
      numbers: [1, 2, 3])
    if let first = report.projections.first, let last = report.projections.last {
      table.add(
        "`capacity`", Prose(first.current.map(Wording.rate) ?? "not measured"), range(first),
        range(last))
    }
    return [
      .table(table),
      .text(
        "Target and stretch are not evaluable: no file of targets was given. Write one (`vbench help report` shows a line) and pass it with `--targets FILE`; a bound is a ceiling and no goal."
      ),
    ]
  }

  private static func range(_ step: ProjectionStep) -> Prose {
    guard let low = step.low, let high = step.high else { return "not measured" }
    return "\(Wording.rate(low)) – \(Wording.rate(high))"
  }
}

/// A target in words.
enum TargetText {
  static func current(_ row: TargetRow) -> Prose {
    guard let current = row.current else { return "not measured" }
    let value = ResultText.value(current.value, row.unit, name: row.metric)
    guard current.interval != nil else { return Prose(value) }
    return "\(value) (\(ResultText.interval(current, row.unit, name: row.metric)))"
  }

  static func target(_ row: TargetRow) -> Prose {
    "\(row.bound.rawValue) \(ResultText.value(row.target, row.unit, name: row.metric))"
  }

  static func stretch(_ row: TargetRow) -> Prose {
    guard let stretch = row.stretch else { return "–" }
    let value = ResultText.value(stretch, row.unit, name: row.metric)
    return "\(value)\(row.stretchStatus == .met ? ", met" : "")"
  }

  static func gap(_ row: TargetRow) -> Prose {
    guard let factor = row.factor else { return row.status == .notMeasured ? "–" : "none to tell" }
    if factor > 1 { return "\(NumberText.ratio(factor)) × off" }
    return "\(NumberText.ratio(1 / max(factor, 1e-12))) × to spare"
  }
}
