/// What `counters.json` of a run says: numbers the kernel kept, and what became of the processor's.
///
/// A workload counts its own process, trial by trial; `record` counts each service with perf's
/// events. Both layouts are read into the same counts.
package struct RunCounters: Sendable, Equatable {
  package var counts: [Count] = []
  /// Why the processor's own counters gave no number; nil when they gave one.
  package var hardwareProblem: String?
  package var peakResidentBytes: Double?

  /// A number with its name; nil where it was not counted, and then there is a reason.
  package struct Count: Sendable, Equatable {
    package var role: String?
    package var name: String
    package var value: Double?
    package var trials: [Double]
    package var problem: String?

    package init(
      role: String? = nil, name: String, value: Double? = nil, trials: [Double] = [],
      problem: String? = nil
    ) {
      (self.role, self.name, self.value) = (role, name, value)
      (self.trials, self.problem) = (trials, problem)
    }
  }

  package init(values: [String: Int] = [:], hardwareProblem: String? = nil) {
    counts = values.sorted { $0.key < $1.key }.map { Count(name: $0.key, value: Double($0.value)) }
    self.hardwareProblem = hardwareProblem
  }

  /// Of the measured phases together, such as `switches_involuntary`.
  package subscript(name: String, role: String? = nil) -> Count? {
    counts.first { $0.name == name && $0.role == role }
  }

  static func read(_ path: String) throws(RunError) -> RunCounters {
    if let file = try? RecordJSON.decode(OfWorkload.self, path: path) { return RunCounters(file) }
    return RunCounters(try RecordJSON.decode([String: OfService].self, path: path))
  }

  private init(_ file: OfWorkload) {
    let trials = file.trials.sorted { $0.number < $1.number }
    counts = file.sum.values.sorted { $0.key < $1.key }.map { name, value in
      Count(name: name, value: value, trials: trials.compactMap { $0.counters.values[name] })
    }
    hardwareProblem = file.hardware
    peakResidentBytes = file.sum.peakResidentBytes > 0 ? file.sum.peakResidentBytes : nil
  }

  private init(_ services: [String: OfService]) {
    counts = services.sorted { $0.key < $1.key }.flatMap { role, service in
      service.rows.map {
        Count(role: role, name: $0.event, value: $0.state.value, problem: $0.state.problem)
      }
    }
    let cycles = counts.filter { $0.name == "cycles" }
    hardwareProblem =
      cycles.contains { $0.value != nil } ? nil : cycles.first?.problem ?? "not asked for"
  }

  // MARK: - Layouts

  private struct OfWorkload: Decodable {
    let hardware: String
    let sum: Counts
    let trials: [Trial]

    struct Counts: Decodable {
      let values: [String: Double]
      let peakResidentBytes: Double
    }

    struct Trial: Decodable {
      let number: Int
      let counters: Counts
    }
  }

  private struct OfService: Decodable {
    let rows: [Row]

    struct Row: Decodable {
      let event: String
      let state: State
    }

    struct State: Decodable {
      let state: String
      let value: Double?
      let reason: String?

      var problem: String? {
        if value != nil { return nil }
        return switch state {
        case "not_permitted": "not permitted (\(reason ?? "by the kernel"))"
        case "not_counted": "not counted, because the processor had none free"
        default: "not supported on this machine"
        }
      }
    }
  }
}
