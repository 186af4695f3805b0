import Measurement
import Sampling
import Vocabulary

/// The counters of each service over the recording; none where none were asked for.
struct ServiceCounters {
  private let counters: [(role: Role, counters: EventCounters)]

  init() { counters = [] }

  init(_ processes: [(Role, Int32)]) throws {
    counters = try processes.map { ($0.0, try EventCounters(pid: $0.1)) }
  }

  func start() { for entry in counters { entry.counters.start() } }

  func stop() -> [String: CounterReport] {
    counters.reduce(into: [:]) { $0[$1.role.rawValue] = $1.counters.stop() }
  }
}

/// Counters as a line that can be read: what there is, and what is not to be had.
enum CounterText {
  static func lines(_ reports: [String: CounterReport]) -> [String] {
    reports.sorted { $0.key < $1.key }.flatMap { role, report -> [String] in
      let counted = report.rows.compactMap { row -> String? in
        row.state.value.map { value in
          row.event == .taskClock
            ? "\(NumberText.duration(Double(value) / 1e9)) task-clock"
            : "\(NumberText.count(Int(clamping: value))) \(row.event.rawValue)"
        }
      }
      var missing: [String: [String]] = [:]
      for row in report.rows {
        if let reason = row.state.reason { missing[reason, default: []].append(row.event.rawValue) }
      }
      return ["  \(role) counted: " + counted.joined(separator: ", ")]
        + missing.sorted { $0.key < $1.key }.map {
          "  \(role) \($0.key): " + $0.value.joined(separator: ", ")
        }
    }
  }
}
