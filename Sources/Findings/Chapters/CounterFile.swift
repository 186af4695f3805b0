import FoundationEssentials

/// `counters.json` as it lies in a run: one layout of workloads, one of recordings.
///
/// A workload counts its own process, trial by trial; a recording counts each service with perf's
/// events. Both are read into the same rows.
struct CounterFile {
  /// A number with its name; nil where it was not counted, and then there is a reason.
  struct Entry {
    var role: String?
    var name: String
    var value: Double?
    var trials: [Double] = []
    var reason: String?
  }

  let entries: [Entry]
  /// Why this machine counts no events of the processor, when it does not.
  let hardware: String?
  let peakResidentBytes: Double?

  static func decode(_ bytes: [UInt8]) -> CounterFile? {
    let data = Data(bytes)
    if let file = try? JSONDecoder().decode(OfWorkload.self, from: data) {
      return CounterFile(file)
    }
    return (try? JSONDecoder().decode([String: OfService].self, from: data)).map(CounterFile.init)
  }

  // MARK: - Layouts

  private struct OfWorkload: Decodable {
    var hardware: String
    var sum: Counts
    var trials: [Trial]

    struct Counts: Decodable {
      var values: [String: Double]
      var peakResidentBytes: Double
    }

    struct Trial: Decodable {
      var number: Int
      var counters: Counts
    }
  }

  private struct OfService: Decodable {
    var rows: [Row]

    struct Row: Decodable {
      var event: String
      var state: State
    }

    struct State: Decodable {
      var state: String
      var value: Double?
      var reason: String?
    }
  }

  private init(_ file: OfWorkload) {
    hardware = file.hardware
    peakResidentBytes = file.sum.peakResidentBytes > 0 ? file.sum.peakResidentBytes : nil
    let trials = file.trials.sorted { $0.number < $1.number }
    entries = file.sum.values.sorted { $0.key < $1.key }.map { name, value in
      Entry(name: name, value: value, trials: trials.compactMap { $0.counters.values[name] })
    }
  }

  private init(_ services: [String: OfService]) {
    hardware = nil
    peakResidentBytes = nil
    entries = services.sorted { $0.key < $1.key }.flatMap { role, service in
      service.rows.map { row in
        Entry(
          role: role, name: row.event, value: row.state.value,
          reason: row.state.value == nil ? Self.reason(row.state) : nil)
      }
    }
  }

  private static func reason(_ state: OfService.State) -> String {
    switch state.state {
    case "not_supported": "not supported on this machine"
    case "not_permitted": "not permitted\(state.reason.map { " (\($0))" } ?? "")"
    default: "no counter of the processor was free for it"
    }
  }
}
