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
      let share = hundredths(row.share, tree.decimals.share)
      let amount = hundredths(row.amount, tree.decimals.amount)
      return drawing(index, tree.rows) + "\(share) %  \(amount) \(tree.unit)  "
        + MarkdownText.shortened(row.name.plain) + place
    }
  }

  static func hundredths(_ value: Int, _ decimals: Int) -> String {
    NumberText.fixed(Double(value) / 100, digits: decimals)
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
    let recorded = split.rows.reduce(0) { $0 + $1.seconds }
    let total = max(split.whole ?? 0, recorded)
    var table = DocumentTable(
      "Thread states of \(split.subject)", ["State", "Role", "Time", "Share"], numbers: [2, 3])
    func add(_ state: String, _ role: Prose, _ seconds: Double) {
      table.add(
        Prose(state), role, Prose(Wording.seconds(seconds)),
        Prose(Wording.percent(total > 0 ? seconds / total : 0)))
    }
    for row in split.rows { add(row.state.rawValue, "\(name: row.role)", row.seconds) }
    if let rest = split.rest, rest >= 0 { add("not seen", "–", rest) }
    add("all", "–", total)
    return table
  }

  private static func sum(_ split: ThreadStates) -> Prose {
    guard let whole = split.whole, let threads = split.threads else {
      return "\((split.reason ?? "").capitalizedFirst)."
    }
    let sum =
      "\(Wording.counted(threads, "thread")) × \(Wording.seconds(whole / Double(max(1, threads)))) are \(Wording.seconds(whole))"
    let others: Prose =
      split.others.isEmpty
      ? ""
      : " Of these threads \(Wording.count(split.others.count)) do no operations: \(Prose.list(split.others.map { "\(name: $0)" }))."
    guard let rest = split.rest, rest < 0 else {
      return "\(sum); the rows add up to that." + others
    }
    return
      "\(sum); the rows add up to \(Wording.seconds(-rest)) more than that: other threads, or waits from before the window, are in them, and which cannot be told."
      + others
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
    return [
      .table(byClass(report)), .text(wholes(report)),
      .folded("The same by function", [.table(byOwner(report))]),
    ]
  }

  /// What the rows of each role add up to.
  private static func wholes(_ report: FindingsReport) -> Prose {
    var order: [String] = []
    var sums: [String: Double] = [:]
    for row in report.waits {
      if sums[row.role] == nil { order.append(row.role) }
      sums[row.role, default: 0] += row.seconds
    }
    let list = order.sorted().map { "\(name: $0) \(Wording.seconds(sums[$0] ?? 0))" as Prose }
    let blocks = report.collected.filter { $0.kind == .block && $0.problem == nil && $0.isTime }
    let left = blocks.reduce(0) { $0 + $1.total } - sums.values.reduce(0, +)
    let profiler =
      left > 1e-3 && report.refused == nil
      ? ", without \(Wording.seconds(left)) of the profiler itself" : ""
    return
      "The rows of a role add up to its block profile\(profiler): \(Prose.list(list)). Shares are of the role's waits."
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
        Prose(key.nature.words), "\(name: key.role)", operation(key.operation),
        what(key.waitClass),
        "\(Wording.seconds(sum.seconds)) (\(Wording.percent(sum.share)))", count(sum.count))
    }
    return table
  }

  private static func what(_ waitClass: String) -> Prose {
    waitClass.isEmpty
      ? "other things, each below \(Wording.percent(WaitRow.least))" : "\(name: waitClass)"
  }

  private static func owner(_ row: WaitRow) -> Prose {
    row.rows.map { "\(Wording.count($0)) more, each below \(Wording.percent(WaitRow.least))" }
      ?? "\(name: row.owner)"
  }

  /// What follows a wait, such as the way back onto a core, counts with that wait.
  private static func count(_ count: Int) -> Prose { count == 0 ? "–" : "\(Wording.count(count))" }

  private static func byOwner(_ report: FindingsReport) -> DocumentTable {
    var table = DocumentTable(
      "Waits by function", ["Nature", "Role", "Operation", "Waits for", "In", "Time", "Count"],
      numbers: [5, 6])
    for row in report.waits {
      table.add(
        Prose(row.nature.words), "\(name: row.role)", operation(row.operation),
        what(row.waitClass), owner(row),
        "\(Wording.seconds(row.seconds)) (\(Wording.percent(row.share)))", count(row.count))
    }
    return table
  }

  private static func operation(_ name: String?) -> Prose { name.map { "\(name: $0)" } ?? "–" }

  private static func counts(_ report: FindingsReport) -> String {
    report.systemCalls.allSatisfy { $0.waits == 0 }
      ? "n is CPU samples + waits; no profile here has what system calls wait."
      : "n is CPU samples + waits; the wait for a core is left out."
  }

  static func systemCalls(_ report: FindingsReport) -> [Block] {
    guard !report.systemCalls.isEmpty else { return [] }
    var table = DocumentTable(
      "System calls", ["Call", "Made by", "Role", "Operation", "CPU", "Waiting", "n"],
      numbers: [4, 5, 6])
    for row in report.systemCalls {
      table.add(
        row.rows.map { "\(Wording.count($0)) more, each less" } ?? "\(name: row.call)",
        row.rows == nil ? "\(name: row.owner)" : "–", "\(name: row.role)",
        operation(row.operation),
        Prose(row.cpuSamples > 0 ? Wording.seconds(row.cpuSeconds) : "–"),
        Prose(row.waits > 0 ? Wording.seconds(row.waitSeconds) : "–"),
        "\(Wording.count(row.cpuSamples)) + \(Wording.count(row.waits))")
    }
    return [
      .table(table), .text(Prose(counts(report))),
    ]
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
