import Findings
import Measurement
import RunRecords

/// What a model of the caches made of the workload, in tables of its own.
///
/// Everything here is simulated, so nothing of it stands beside what was counted.
enum SimulatedChapter {
  typealias Section = ReportDocument.Section

  private static let shownFunctions = 8

  /// Nil where nobody asked for a simulation.
  static func section(_ report: FindingsReport) -> Section? {
    guard let file = report.simulatedCache else { return nil }
    return Section(
      "Simulated Caches",
      [
        .text(lead(file)), .table(operations(file)), .table(functions(file)),
        .folded(
          "The simulated caches, and what to keep in mind",
          [.bullets((caches(file) + file.notes).map { Block.Bullet("\(name: $0)") })]),
      ])
  }

  private static func lead(_ file: SimulatedCache) -> Prose {
    let work = file.workload
    return
      "Simulated by \(name: file.tool) (valgrind \(name: file.toolVersion)), not counted by the processor: the workload with \(Wording.count(work.rows)) rows of its \(Wording.count(work.rowsOfRun)), distances by the \(name: work.kernel) kernel, one client. Each number is of one call, on average, and repeats; it says nothing of time."
  }

  private static func caches(_ file: SimulatedCache) -> [String] {
    file.caches.map {
      "\($0.name): \(NumberText.bytes(Double($0.bytes))), \($0.ways) ways of \($0.lineBytes) bytes"
    }
  }

  private static func operations(_ file: SimulatedCache) -> DocumentTable {
    var table = DocumentTable(
      "One call in simulated caches",
      [
        "Operation", "Instructions", "Data accesses", "L1 data misses", "Last-level data misses",
        "Branches", "Mispredicted", "Calls",
      ], numbers: [1, 2, 3, 4, 5, 6, 7])
    for operation in file.operations {
      let fields: [KeyPath<SimulatedCache.Counts, Int>] = [
        \.instructions, \.dataAccesses, \.l1DataMisses, \.lastLevelDataMisses, \.branches,
        \.branchMisses,
      ]
      table.add(
        ["\(name: operation.name)"]
          + fields.map { Prose(NumberText.text(operation.each($0), .count)) }
          + [Prose(Wording.count(operation.calls))])
    }
    return table
  }

  private static func functions(_ file: SimulatedCache) -> DocumentTable {
    var table = DocumentTable(
      "Functions in simulated caches",
      [
        "Operation", "Function", "Instructions", "L1 data misses", "Last-level data misses",
        "Mispredicted",
      ], numbers: [2, 3, 4, 5])
    for operation in file.operations {
      for function in operation.leading(shownFunctions) {
        table.add(
          "\(name: operation.name)", "\(name: function.name)",
          share(function, of: operation, \.instructions),
          share(function, of: operation, \.l1DataMisses),
          share(function, of: operation, \.lastLevelDataMisses),
          share(function, of: operation, \.branchMisses))
      }
    }
    return table
  }

  private static func share(
    _ function: SimulatedCache.Function, of operation: SimulatedCache.Operation,
    _ field: KeyPath<SimulatedCache.Counts, Int>
  ) -> Prose {
    Prose(operation.share(of: function, field).map(Wording.percent) ?? "–")
  }
}
