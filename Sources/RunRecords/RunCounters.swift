/// What `counters.json` of a run says: numbers the kernel kept, and what became of the processor's.
///
/// A workload writes one sum over its trials; `record` writes a list of events for each role.
package struct RunCounters: Sendable, Equatable {
  /// Of the measured phases together, such as `switches_involuntary`; empty in recordings.
  package var values: [String: Int]
  /// Why the processor's own counters gave no number; nil when they gave one.
  package var hardwareProblem: String?

  package init(values: [String: Int] = [:], hardwareProblem: String? = nil) {
    self.values = values
    self.hardwareProblem = hardwareProblem
  }

  static func read(_ path: String) throws(RunError) -> RunCounters {
    if let file = try? RecordJSON.decode(WorkloadFile.self, path: path) {
      return RunCounters(values: file.sum.values, hardwareProblem: file.hardware)
    }
    let roles = try RecordJSON.decode([String: RecordedRole].self, path: path)
    let cycles = roles.values.flatMap(\.rows).filter { $0.event == "cycles" }
    let counted = cycles.contains { $0.state.value != nil }
    return RunCounters(
      hardwareProblem: counted ? nil : cycles.first?.problem ?? "not asked for")
  }

  private struct WorkloadFile: Decodable {
    let hardware: String
    let sum: Sum

    struct Sum: Decodable { let values: [String: Int] }
  }

  private struct RecordedRole: Decodable {
    let rows: [Row]

    struct Row: Decodable {
      let event: String
      let state: State

      var problem: String {
        switch state.state {
        case "not_permitted": "not permitted (\(state.reason ?? "by the kernel"))"
        case "not_counted": "not counted, because the processor had none free"
        default: "not supported on this machine"
        }
      }
    }

    struct State: Decodable {
      let state: String
      let value: Double?
      let reason: String?
    }
  }
}
