import Findings
import Measurement
import Vocabulary

/// The findings document: the shape an engineer would write by hand.
///
/// The order is that of a reader with little time: the first page, what was run, how far to trust
/// it, what was found role by role, what to do; then the depth.
enum FindingsStyle {
  typealias Section = ReportDocument.Section

  static func document(_ report: FindingsReport) -> ReportDocument {
    ReportDocument(
      "Performance Findings: \(name: report.run)",
      [
        CommonChapters.verdict(report), CommonChapters.card(report),
        CommonChapters.quality(report), CommonChapters.collected(report),
        CommonChapters.results(report), CommonChapters.comparison(report), summary(report),
        TimeChapters.trees(report), TimeChapters.usage(report), TimeChapters.states(report),
        SimulatedChapter.section(report), flames(report), implications(report),
        CommonChapters.commands(report),
        CommonChapters.experiments("Suggested Next Experiments", report.nextExperiments),
        DeepDive(report).section,
        Section("What Could Not Be Evaluated", CommonChapters.notEvaluable(report)),
        Section("Checked And Clean", CommonChapters.clean(report)),
        CommonChapters.glossary,
      ])
  }

  static func flames(_ report: FindingsReport) -> Section? {
    report.flames.isEmpty ? nil : Section("Flame Graphs", [.flames(report.flames)])
  }

  // MARK: - Role by role

  private static func summary(_ report: FindingsReport) -> Section {
    let statements = report.roles.flatMap { role in role.statements.map { (role, $0) } }
    guard !statements.isEmpty else {
      return Section(
        "Summary Of Findings",
        [.text("No rule fired, and the run holds no profile to describe.")])
    }
    return Section(
      "Summary Of Findings",
      statements.enumerated().flatMap { index, pair in
        statement(pair.1, number: index + 1, of: pair.0)
      })
  }

  private static func statement(
    _ statement: RoleReport.Statement, number: Int, of role: RoleReport
  ) -> [Block] {
    let files = Prose.list(statement.files.map { "\(name: $0)" as Prose })
    let filter: Prose = statement.operation.map { " (op \(name: $0))" } ?? ""
    let replicas: Prose =
      role.members.count > 1
      ? ", \(Wording.counted(role.members.count, "replica")) together" : ""
    return [
      .heading(3, "\(number)) \(statement.title)"),
      .bullets(statement.interpretation.map { Block.Bullet($0) }),
      .folded(
        "Numbers from \(files)\(filter)\(replicas)",
        [.bullets(statement.bullets.map { Block.Bullet($0.statement) })]),
    ]
  }

  private static func implications(_ report: FindingsReport) -> Section? {
    guard !report.implications.isEmpty else { return nil }
    return Section(
      "Implications",
      [
        .steps(
          report.implications.map { item in
            Block.Bullet(
              "\(item.statement) (\(item.finding)):", item.advice.map { Prose("\($0).") })
          })
      ])
  }
}
