import Findings
import Measurement

/// Who uses the CPU, on the first page of every style.
enum CPUChapter {
  static func blocks(_ report: FindingsReport) -> [Block] {
    guard let use = report.cpuUse else { return [] }
    var table = DocumentTable(
      "Who uses the CPU", ["CPU of", "Role", "Seconds", "Of all CPU", "For one", "Samples"],
      numbers: [2, 3, 4, 5])
    for row in use.rows {
      table.add(
        row.operation.map { "\(name: $0)" } ?? "no operation", "\(name: row.role)",
        Prose("\(TimeChapters.hundredths(row.hundredths, 2)) s"), Prose(CPUUse.percent(row.tenths)),
        Prose(row.each.map(Wording.seconds) ?? "–"), Prose(Wording.count(row.samples)))
    }
    table.add(
      "all", "–",
      Prose("\(TimeChapters.hundredths(use.rows.reduce(0) { $0 + $1.hundredths }, 2)) s"),
      "100.0 %", "–", Prose(Wording.count(use.samples)))
    return [.table(table)] + note(use)
  }

  /// Or `240/s` would be held against the sum of the rates.
  private static func pairs(_ use: CPUUse) -> Prose {
    guard let names = use.followers else { return "" }
    let list = Prose.list(names.map { "\(name: $0)" as Prose })
    let other: Prose = names == ["delete"] ? "the insert whose place it frees" : "another operation"
    return
      " \(list) follows \(other) on the same worker: the two are one operation of `throughput` and `capacity`, and the second never waits to begin."
  }

  /// A batch must not be taken for one vector.
  private static func note(_ use: CPUUse) -> [Block] {
    let source: Prose =
      "Seconds are those of the samples of the CPU profiles; `cpu.per.…` among the results is what the clocks of the threads counted."
      + pairs(use)
    guard let batch = use.batch else { return [.text(source)] }
    let writes = ["insert", "upsert", "delete"].filter { (name: String) in
      use.rows.contains { $0.operation == name }
    }
    guard !writes.isEmpty else { return [.text(source)] }
    let list = Prose.list(writes.map { "one \(name: $0)" as Prose })
    return [
      .text(
        "\(source) In the chart and everywhere else \(list) \(writes.count == 1 ? "is a batch" : "are batches") of \(Wording.count(batch)) vectors (`write-batch`)."
      )
    ]
  }
}
