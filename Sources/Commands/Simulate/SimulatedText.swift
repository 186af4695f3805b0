import Measurement
import RunRecords

/// The simulated counts as a table of their own.
enum SimulatedText {
  private static let shownFunctions = 6

  static func lines(_ file: SimulatedCache) -> [String] {
    [title(file), "  " + caches(file)] + indented(operations(file))
      + file.operations.flatMap(functions) + file.notes.map { "  note: \($0)" }
  }

  private static func title(_ file: SimulatedCache) -> String {
    let work = file.workload
    return "simulated by cachegrind (valgrind \(file.toolVersion)): "
      + "\(NumberText.count(work.rows)) × \(work.dimensions), \(work.kernel) kernel, one client; "
      + "each row is one call, on average"
  }

  private static func caches(_ file: SimulatedCache) -> String {
    file.caches.map {
      "\($0.name) \(NumberText.bytes(Double($0.bytes))), \($0.ways) ways of \($0.lineBytes) B"
    }.joined(separator: "; ")
  }

  private static func operations(_ file: SimulatedCache) -> [String] {
    var table = TextColumns([
      "operation", "instructions", "data accesses", "L1 data misses", "LL data misses", "branches",
      "mispredicted", "calls", "2nd half",
    ])
    for operation in file.operations {
      table.add([
        operation.name, count(operation.each(\.instructions)),
        count(operation.each(\.dataAccesses)), count(operation.each(\.l1DataMisses)),
        count(operation.each(\.lastLevelDataMisses)), count(operation.each(\.branches)),
        count(operation.each(\.branchMisses)), "\(operation.calls)",
        operation.drift.map(NumberText.change) ?? "–",
      ])
    }
    return table.lines
  }

  /// Their own costs, as shares of the operation's.
  private static func functions(_ operation: SimulatedCache.Operation) -> [String] {
    var table = TextColumns([
      "of \(operation.name): instructions", "L1 data misses", "LL data misses", "mispredicted",
    ])
    table.append("function", isNumber: false)
    for function in operation.leading(shownFunctions) {
      let fields: [KeyPath<SimulatedCache.Counts, Int>] = [
        \.instructions, \.l1DataMisses, \.lastLevelDataMisses, \.branchMisses,
      ]
      table.add(
        fields.map { operation.share(of: function, $0).map(NumberText.percent) ?? "–" }
          + [function.name])
    }
    return [""] + indented(table.lines)
  }

  private static func count(_ value: Double) -> String { NumberText.text(value, .count) }

  private static func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }
}
