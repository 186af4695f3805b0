import Comparison
import Harness
import Measurement
import RunRecords

/// What turning each option off did, tested round by round.
struct AblationTable: Codable, Sendable {
  struct Cell: Codable, Sendable {
    var result: String
    var base: Double
    var new: Double
    var unit: MetricUnit
    /// Without the option over with it.
    var ratio: Double?
    var interval: Estimate.Interval?
    var p: Double?
    var verdict: Verdict
    var pairsNeeded: Int?
    /// The smallest difference, as a share, that these rounds would have shown.
    var smallestDetectable: Double?
    var reason: String?
  }

  struct Row: Codable, Sendable {
    var option: String
    var off: String
    var what: String
    var against: String
    var rounds: Int
    var cells: [Cell]
    var finding: String
    var run: String
  }

  var workload: String
  var data: String
  var rounds: Int
  var isCumulative: Bool
  var isInterrupted: Bool
  var offered: Double?
  var minimumEffect: Double
  var standardRun: String
  var rows: [Row]
  var skipped: [AblationPlan.Skipped]
  var notes: [String]
  var replay: String

  /// What is shown of each variant, and how a column calls it.
  static let columns: [(result: String, head: String)] = [
    ("cpu.per.operation", "CPU per operation"), ("capacity", "capacity"),
    ("search.response.p50", "search p50"), ("search.response.p99", "search p99"),
    ("insert.response.p50", "insert p50"), ("insert.response.p99", "insert p99"),
    ("search.recall", "recall"),
  ]

  init(
    _ plan: AblationPlan, _ outcome: Experiment.Outcome, minimumEffect: Double, replay: String
  ) {
    let runs = outcome.runs
    let first = runs[0].record
    workload = first.command
    data = first.dataset.map { "\(NumberText.count($0.rows)) × \($0.dimensions) \($0.kind)" } ?? ""
    rounds = first.trials.count
    isCumulative = plan.isCumulative
    isInterrupted = outcome.isInterrupted
    offered = first.result("throughput.offered")?.estimate.value
    self.minimumEffect = minimumEffect
    standardRun = runs[0].path
    skipped = plan.skipped
    self.replay = replay
    let procedure = Procedure.paired(minimumEffect: minimumEffect)
    rows = zip(plan.turned, runs.indices.dropFirst()).map { option, index in
      let base = runs[plan.reference(of: index)]
      let paired = PairedRows(base: base.record, new: runs[index].record, procedure: procedure)
      let tested = paired.rows()
      let cells = Self.columns.compactMap { column in
        tested.first { $0.name == column.result }.map(Cell.init)
      }
      return Row(
        option: option.flag, off: option.off, what: option.what, against: base.arm.title,
        rounds: paired.pairs.numbers.count, cells: cells, finding: Self.finding(cells),
        run: runs[index].path)
    }
    var seen: Set<String> = []
    notes = runs.flatMap { run in
      run.record.flags.filter { $0.severity != .note }.map { "\(run.arm.title): \($0.message)" }
        + run.record.trials.filter { $0.status != .complete }.map {
          "\(run.arm.title): trial \($0.number) does not count: \($0.problem ?? "it did not finish")"
        }
    }.filter { seen.insert($0).inserted }
  }

  /// One sentence: what it is worth, what it costs, or that nothing was seen.
  private static func finding(_ cells: [Cell]) -> String {
    func told(_ verdict: Verdict) -> [String] {
      cells.filter { $0.verdict == verdict }.map { cell in
        let head = columns.first { $0.result == cell.result }?.head ?? cell.result
        return "\(head) \(AblationText.change(cell.ratio))"
      }
    }
    let (worse, better) = (told(.worse), told(.better))
    switch (worse.isEmpty, better.isEmpty) {
    case (false, true): return "worth having: without it \(worse.listed)"
    case (true, false): return "costs something: without it \(better.listed)"
    case (false, false):
      return "worth having in one way and costly in another: without it \((worse + better).listed)"
    case (true, true):
      if cells.allSatisfy({ $0.verdict == .cannotTell }) {
        return "cannot tell: \(cells.compactMap(\.reason).first ?? "nothing was measured")"
      }
      let sight = cells.first { $0.smallestDetectable != nil }.map { cell in
        let head = columns.first { $0.result == cell.result }?.head ?? cell.result
        return " (a change of \(head) from "
          + "\(NumberText.percent(cell.smallestDetectable ?? 0)) would have shown)"
      }
      return "no worth seen here" + (sight ?? "")
    }
  }
}

extension AblationTable.Cell {
  init(_ row: ResultRow) {
    self.init(
      result: row.name, base: row.change.base, new: row.change.new, unit: row.unit,
      ratio: row.change.ratio, interval: row.change.interval, p: row.change.correctedP,
      verdict: row.change.verdict, pairsNeeded: row.change.pairsNeeded,
      smallestDetectable: row.change.smallestDetectable, reason: row.change.reason)
  }
}
