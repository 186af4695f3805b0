import Findings
import Measurement

/// The system calls that the profiles of a run show: the CPU in them and the waiting in them.
struct ProfiledCalls: Encodable {
  let schema = "vbench.syscalls.profiled/1"
  let source: String
  let rows: [SystemCallRow]
  private let limit: Int

  private enum CodingKeys: CodingKey { case schema, source, rows }

  init(_ source: String, _ rows: [SystemCallRow], limit: Int) {
    (self.source, self.rows, self.limit) = (source, rows, limit)
  }

  var text: String {
    var columns = TextColumns(["call", "CPU", "waiting", "waits"])
    for name in ["role", "operation", "made by"] { columns.append(name, isNumber: false) }
    for row in rows.prefix(limit) {
      columns.add([
        row.call, NumberText.duration(row.cpuSeconds), NumberText.duration(row.waitSeconds),
        NumberText.count(row.waits), row.role, row.operation ?? "", row.owner,
      ])
    }
    let more = rows.count - limit
    return
      (["System calls in the profiles of \(source), by what they cost\n"] + columns.lines
      + (more > 0 ? ["… and \(more) more; -n 0 shows all."] : [])).joined(separator: "\n") + "\n"
  }
}
