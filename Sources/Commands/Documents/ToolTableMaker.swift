import ForeignProfiles
import Measurement
import RunRecords
import Vocabulary

/// Brings the numbers of other tools into SI units and under names that two files share.
enum ToolTableMaker {
  static func table(_ report: ToolReport, file: String, role: Role?) -> ToolTable {
    switch report {
    case .counters(let report): counters(report, file, role)
    case .benchmarks(let report): benchmarks(report, file, role)
    case .heap(let report): heap(report, file, role)
    }
  }

  // MARK: - perf stat

  private static func counters(
    _ report: PerfStatReport, _ file: String, _ role: Role?
  ) -> ToolTable {
    var table = ToolTable(
      tool: "perf stat", file: file, role: role, command: report.command, rows: [])
    for counter in report.counters { add(counter, runs: report.runs, to: &table.rows) }
    let times = [
      ("time elapsed", report.elapsedSeconds), ("time user", report.userSeconds),
      ("time sys", report.systemSeconds),
    ]
    for (name, seconds) in times {
      let values = seconds.filter(\.isFinite)
      if !values.isEmpty {
        table.rows.append(.init(name, .seconds, .lowerIsBetter, values: values))
      }
    }
    return table
  }

  /// One event is one row: intervals of -I are added up, and reports one behind the other are
  /// repetitions.
  private static func add(
    _ counter: PerfStatReport.Counter, runs: Int?, to rows: inout [ToolTable.Row]
  ) {
    let name = counter.event + (counter.place.map { " [\($0)]" } ?? "")
    let (unit, factor) = unit(counter.unit)
    let value = counter.value.map { $0 * factor }.flatMap { $0.isFinite ? $0 : nil }
    guard let known = rows.firstIndex(where: { $0.name == name && $0.unit == unit }) else {
      rows.append(
        .init(
          name, unit, .lowerIsBetter, values: value.map { [$0] } ?? [],
          deviation: counter.deviationPercent.map { $0 / 100 }, note: note(counter, runs)))
      return
    }
    guard let value else { return }
    if counter.seconds == nil || rows[known].values.isEmpty {
      rows[known].values.append(value)
    } else {
      rows[known].values[0] += value
      rows[known].note = "the sum of its intervals"
    }
  }

  private static func unit(_ text: String) -> (MetricUnit, Double) {
    switch text {
    case "msec", "ms": (.seconds, 1e-3)
    case "nsec", "ns": (.seconds, 1e-9)
    case "usec", "us": (.seconds, 1e-6)
    case "sec", "s": (.seconds, 1)
    case "MiB": (.bytes, 1_048_576)
    case "Bytes": (.bytes, 1)
    default: (.count, 1)
    }
  }

  private static func note(_ counter: PerfStatReport.Counter, _ runs: Int?) -> String? {
    var parts: [String] = []
    switch counter.state {
    case .notSupported: parts.append("not supported on that machine")
    case .notCounted: parts.append("not counted")
    case .counted: break
    }
    if let runs, runs > 1, counter.value != nil { parts.append("mean of \(runs) runs") }
    if let value = counter.metricValue, value.isFinite, let metric = counter.metric {
      parts.append("\(NumberText.significant(value)) \(metric)")
    }
    if let share = counter.runningPercent, share < 99.5, counter.value != nil {
      parts.append("counted \(NumberText.percent(share / 100)) of the time and scaled")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  // MARK: - go test -bench

  private static func benchmarks(
    _ report: GoBenchmarks, _ file: String, _ role: Role?
  ) -> ToolTable {
    var settings = report.configuration
    let packages = Set(report.results.map { $0.package ?? "" })
    if packages.count > 1 { settings["pkg"] = packages.sorted().joined(separator: ", ") }
    var table = ToolTable(
      tool: "go test -bench", file: file, role: role, settings: settings, rows: [])
    let processors = Set(report.results.map { $0.processors ?? 1 })
    var places: [String: Int] = [:]
    for result in report.results {
      let package = packages.count > 1 ? result.package.map { "\($0)." } ?? "" : ""
      let count = processors.count > 1 ? "-\(result.processors ?? 1)" : ""
      for value in result.values where value.value.isFinite {
        let row = row("\(package)\(result.name)\(count)", value)
        if let place = places[row.name] {
          table.rows[place].values += row.values
        } else {
          places[row.name] = table.rows.count
          table.rows.append(row)
        }
      }
    }
    if processors.count == 1, let one = processors.first { table.settings["GOMAXPROCS"] = "\(one)" }
    return table
  }

  /// A unit that nobody knows may be good or bad when it grows: it is shown and not judged.
  private static func row(
    _ name: String, _ value: GoBenchmarks.Result.Value
  ) -> ToolTable.Row {
    switch value.unit {
    case "ns/op":
      .init("\(name) sec/op", .seconds, .lowerIsBetter, values: [value.value / 1e9])
    case "B/op": .init("\(name) B/op", .bytes, .lowerIsBetter, values: [value.value])
    case "allocs/op": .init("\(name) allocs/op", .count, .lowerIsBetter, values: [value.value])
    case "MB/s": .init("\(name) B/s", .perSecond, .higherIsBetter, values: [value.value * 1e6])
    default:
      .init(
        "\(name) \(value.unit)", value.unit.hasSuffix("/s") ? .perSecond : .count,
        value.unit.hasSuffix("/op")
          ? .lowerIsBetter : value.unit.hasSuffix("/s") ? .higherIsBetter : .neutral,
        values: [value.value])
    }
  }

  // MARK: - heaptrack

  private static func heap(
    _ report: HeaptrackSummary, _ file: String, _ role: Role?
  ) -> ToolTable {
    let sums: [(String, MetricUnit, Double?)] = [
      ("allocation calls", .count, report.allocationCalls.map(Double.init)),
      ("temporary allocations", .count, report.temporaryAllocations.map(Double.init)),
      ("peak heap", .bytes, report.peakHeapBytes),
      ("peak RSS under heaptrack", .bytes, report.peakRSSBytes),
      ("leaked", .bytes, report.leakedBytes),
      ("time under heaptrack", .seconds, report.runtimeSeconds),
    ]
    var rows: [ToolTable.Row] = sums.compactMap { name, unit, value in
      guard let value, value.isFinite else { return nil }
      return .init(name, unit, .lowerIsBetter, values: [value])
    }
    var seen: Set<String> = []
    for site in report.mostCalls.prefix(20) where seen.insert(site.function).inserted {
      let peak = site.peakBytes.isFinite ? "\(NumberText.bytes(site.peakBytes)) at the peak" : nil
      let note = [site.source, peak].compactMap(\.self).joined(separator: ", ")
      rows.append(
        .init(
          "calls of \(site.function)", .count, .lowerIsBetter, values: [Double(site.calls)],
          note: note.isEmpty ? nil : note))
    }
    return ToolTable(
      tool: "heaptrack", file: file, role: role, command: report.command, rows: rows)
  }
}
