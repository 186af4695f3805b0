import Basics
import ProfileViews

/// `vbench list REGEX PROFILE|RUN`: source lines with their costs.
enum ListCommand {
  static let command = Command(
    "list", "Source lines with their costs, as `go tool pprof -list` prints them.",
    details: """
      Sources are looked for where the profile says, and relative ones in the folders of
      --source-path and all that these lie in; --trim-path cuts off what lay elsewhere when the
      program was built.
      """,
    flags: ViewFlags.common + ViewFlags.sources + [
      Flag("drop-negative", .toggle, "Leave negative rows out.", group: .view)
    ] + ViewOutput.flags,
    operands: .between(2...10_000, "REGEX PROFILE|RUN"),
    examples: [
      "vbench list searchLayer Profiles/latest", "vbench list 'main\\.' worker1_cpu.pprof",
    ]
  ) { invocation in
    let options = try ViewFlags.options(invocation)
    let pattern = try FilterFlags.operand(invocation)
    let found = try ProfileSource.combined(invocation, from: 1)
    let files = SourceFiles(options.sourcePaths)
    let view = try ProfileSource.named(found.name) {
      try ListView(found.profile, matching: pattern, options) { files.lines(of: $0) }
    }
    try ViewOutput.write(invocation) {
      view.text
    } json: {
      ViewDocument("list", found.name, view.subject, header: [], view.routines.map(Row.init))
    } csv: {
      [["name", "file", "line", "flat", "cumulative", "source"]]
        + view.routines.flatMap { routine in
          routine.lines.map { line in
            [
              routine.name, routine.file ?? "", "\(line.number)", "\(line.flat)", "\(line.cum)",
              line.source,
            ]
          }
        }
    }
    return .fine
  }

  private struct Row: Encodable {
    struct Line: Encodable {
      let number: Int64
      let flat: Int64
      let cumulative: Int64
      let source: String
    }

    let name: String
    let file: String?
    let flat: Int64
    let cumulative: Int64
    let problem: String?
    let lines: [Line]

    init(_ routine: ListView.Routine) {
      (name, file) = (routine.name, routine.file)
      (flat, cumulative, problem) = (routine.flat, routine.cum, routine.problem)
      lines = routine.lines.map {
        Line(number: $0.number, flat: $0.flat, cumulative: $0.cum, source: $0.source)
      }
    }
  }
}
