import Findings
import Measurement
import Vocabulary

/// Chapters about where time went: trees, resources, thread states, the way of an operation.
enum TimeChapters {
  typealias Section = ReportDocument.Section

  static func trees(_ report: FindingsReport) -> Section? {
    report.timeTrees.isEmpty
      ? nil
      : Section(
        "Where The Time Goes",
        [.text("Children add up to their parent, in every line and in every column.")]
          + report.timeTrees.flatMap(tree))
  }

  static func tree(_ tree: TimeTree) -> [Block] {
    [.code(lines(tree))] + (tree.note.map { [.text($0)] } ?? [])
  }

  /// `├─ 67.80 %  18.04 ms  CPU`, under the lines that lead to it.
  static func lines(_ tree: TimeTree) -> [String] {
    tree.rows.indices.map { index in
      let row = tree.rows[index]
      let place = row.place.map { " (\($0))" } ?? ""
      let amount = "\(hundredths(row.amount)) \(tree.unit)"
      return drawing(index, tree.rows) + "\(hundredths(row.share)) %  \(amount)  "
        + MarkdownText.shortened(row.name.plain) + place
    }
  }

  static func hundredths(_ value: Int) -> String {
    let (whole, rest) = (abs(value) / 100, abs(value) % 100)
    return "\(value < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A level draws a line for every ancestor that has more children to come.
  private static func drawing(_ index: Int, _ rows: [TimeTree.Row]) -> String {
    let depth = rows[index].depth
    guard depth > 0 else { return "" }
    let levels = (1...depth).map { level in
      let next = rows[(index + 1)...].first { $0.depth <= level }
      let goesOn = next?.depth == level
      if level == depth { return goesOn ? "├─ " : "└─ " }
      return goesOn ? "│  " : "   "
    }
    return levels.joined()
  }

  // MARK: - Resources

  static func usage(_ report: FindingsReport) -> Section? {
    var table = DocumentTable(
      "Utilization, saturation and errors", ["Resource", "Utilization", "Saturation", "Errors"])
    for row in report.usage {
      table.add(
        Prose(row.resource), text(row.utilization), text(row.saturation), text(row.errors))
    }
    return report.usage.isEmpty ? nil : Section("Resources", [.table(table)])
  }

  static func text(_ reading: Reading) -> Prose {
    switch reading {
    case .told(let text): text
    case .notEvaluable(let reason): "not evaluable: \(Prose(reason))"
    }
  }

  // MARK: - Threads

  static func states(_ report: FindingsReport) -> Section? {
    let blocks = report.threadStates.flatMap { split -> [Block] in
      guard !split.rows.isEmpty else { return [] }
      return [
        .heading(3, Prose(split.subject.capitalizedFirst)), .table(table(split)), .text(sum(split)),
      ]
    }
    return blocks.isEmpty ? nil : Section("Thread States", blocks)
  }

  private static func table(_ split: ThreadStates) -> DocumentTable {
    let total = split.whole ?? split.rows.reduce(0) { $0 + $1.seconds }
    var table = DocumentTable(
      "Thread states of \(split.subject)", ["State", "Role", "Time", "Share"], numbers: [2, 3])
    func add(_ state: String, _ role: Prose, _ seconds: Double) {
      table.add(
        Prose(state), role, Prose(Wording.seconds(seconds)),
        Prose(Wording.percent(total > 0 ? seconds / total : 0)))
    }
    for row in split.rows { add(row.state.rawValue, "\(name: row.role)", row.seconds) }
    if let rest = split.rest { add(rest < 0 ? "recorded twice" : "not seen", "–", rest) }
    add("all", "–", total)
    return table
  }

  private static func sum(_ split: ThreadStates) -> Prose {
    guard let whole = split.whole, let threads = split.threads else {
      return "\((split.reason ?? "").capitalizedFirst)."
    }
    return
      "\(Wording.counted(threads, "thread")) × \(Wording.seconds(whole / Double(max(1, threads)))) are \(Wording.seconds(whole)); the rows add up to that."
  }

  // MARK: - The way of an operation

  static func chain(_ report: FindingsReport) -> [Block] {
    var blocks: [Block] = [.steps(report.latencyChain.map { Block.Bullet($0) })]
    if !report.latencyTail.isEmpty {
      blocks.append(.text("The slow tail:"))
      blocks.append(.bullets(report.latencyTail.map { Block.Bullet(text($0)) }))
    }
    return blocks
  }

  // MARK: - Wasted and necessary

  static func wasted(_ report: FindingsReport) -> [Block] {
    guard !report.waits.isEmpty else {
      return [.text("Not evaluable: the run has no block profile, or nobody waited.")]
    }
    return [.table(byClass(report)), .folded("The same by function", [.table(byOwner(report))])]
  }

  private struct Key: Hashable {
    let nature: WaitNature
    let role: String
    let operation: String?
    let waitClass: String
  }

  private static func byClass(_ report: FindingsReport) -> DocumentTable {
    var order: [Key] = []
    var sums: [Key: (seconds: Double, share: Double, count: Int)] = [:]
    for row in report.waits {
      let key = Key(
        nature: row.nature, role: row.role, operation: row.operation, waitClass: row.waitClass)
      if sums[key] == nil { order.append(key) }
      let old = sums[key] ?? (0, 0, 0)
      sums[key] = (old.seconds + row.seconds, old.share + row.share, old.count + row.count)
    }
    var table = DocumentTable(
      "Waits by nature", ["Nature", "Role", "Operation", "Waits for", "Time", "Count"],
      numbers: [4, 5])
    for key in order {
      guard let sum = sums[key] else { continue }
      table.add(
        Prose(word(key.nature)), "\(name: key.role)", operation(key.operation),
        "\(name: key.waitClass)",
        "\(Wording.seconds(sum.seconds)) (\(Wording.percent(sum.share)))",
        Prose(Wording.count(sum.count)))
    }
    return table
  }

  private static func byOwner(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "Waits by function", ["Nature", "Role", "Operation", "Waits for", "In", "Time", "Count"],
      numbers: [5, 6])
    for row in report.waits {
      table.add(
        Prose(word(row.nature)), "\(name: row.role)", operation(row.operation),
        "\(name: row.waitClass)", "\(name: row.owner)",
        "\(Wording.seconds(row.seconds)) (\(Wording.percent(row.share)))",
        Prose(Wording.count(row.count)))
    }
    return table
  }

  private static func operation(_ name: String?) -> Prose { name.map { "\(name: $0)" } ?? "–" }

  private static func word(_ nature: WaitNature) -> String {
    switch nature {
    case .wasted: "wasted: kept from its work"
    case .necessary: "necessary"
    case .idle: "idle: nothing to do"
    case .unknown: "cannot tell"
    }
  }

  static func systemCalls(_ report: FindingsReport) -> [Block] {
    guard !report.systemCalls.isEmpty else { return [] }
    var table = DocumentTable(
      "System calls", ["Call", "Made by", "Role", "Operation", "CPU", "Waiting", "n"],
      numbers: [4, 5, 6])
    for row in report.systemCalls {
      table.add(
        "\(name: row.call)", "\(name: row.owner)", "\(name: row.role)", operation(row.operation),
        Prose(row.cpuSamples > 0 ? Wording.seconds(row.cpuSeconds) : "–"),
        Prose(row.waits > 0 ? Wording.seconds(row.waitSeconds) : "–"),
        "\(Wording.count(row.cpuSamples)) + \(Wording.count(row.waits))")
    }
    return [
      .table(table), .text("n is CPU samples + waits; the wait for a core is left out."),
    ]
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
