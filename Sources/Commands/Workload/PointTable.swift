import Measurement
import RunRecords

/// The runs of several points, one row each.
enum PointTable {
  struct Row {
    let title: String
    let path: String
    let record: RunRecord

    /// `name` stands before the point's own values.
    init(_ run: Experiment.Outcome.Run, name: String = "") {
      title = [name, run.arm.title].filter { !$0.isEmpty }.joined(separator: ", ")
      (path, record) = (run.path, run.record)
    }
  }

  /// What stands in a column, and which result fills it.
  private static let columns: [(head: String, result: String)] = [
    ("offered", "throughput.offered"), ("capacity", "capacity"),
    ("search p50", "search.response.p50"), ("search p99", "search.response.p99"),
    ("insert p50", "insert.response.p50"), ("insert p99", "insert.response.p99"),
    ("recall", "search.recall"), ("CPU/op", "cpu.per.operation"),
  ]

  static func text(_ runs: [Row]) -> String {
    let shown = columns.filter { column in
      runs.contains { $0.record.result(column.result) != nil }
    }
    var table = TextColumns(["point", "trials"] + shown.map(\.head))
    table.append("run", isNumber: false)
    for run in runs {
      let counted = run.record.trials.filter { $0.status == .complete }.count
      let cells = shown.map { column in
        run.record.result(column.result).map(cell) ?? "–"
      }
      let name = run.path.split(separator: "/").last.map(String.init) ?? run.path
      table.add([run.title, "\(counted)"] + cells + [name])
    }
    return table.lines.joined(separator: "\n") + "\n"
  }

  /// An interval wider than the value itself says that nothing is known, not how little.
  private static func cell(_ result: RunRecord.Result) -> String {
    let value = NumberText.text(result.estimate.value, result.unit)
    guard let interval = result.estimate.interval, result.direction != .neutral else {
      return value
    }
    let isVague = interval.high - interval.low > 2 * abs(result.estimate.value)
    return isVague ? value + " ± >100 %" : NumberText.text(result.estimate, result.unit)
  }
}
