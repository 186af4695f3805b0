package import Measurement
package import Vocabulary

/// What another tool summed up: `perf stat`, heaptrack, or `go test -bench`.
///
/// Such a file may stand alone, or in a run's folder as `<role>_stat.txt`, `<role>_heaptrack.txt`
/// or `bench.txt`. It has numbers and no stacks. Values are SI, like those of a run.
package struct ToolTable: Codable, Sendable, Equatable {
  package var tool: String
  /// The file's name, without its folder.
  package var file: String
  package var role: Role?
  /// What was run, where the tool says so.
  package var command: String?
  /// Facts about the machine and the code, such as `goos` and `cpu`.
  package var settings: [String: String]
  package var rows: [Row]

  /// One quantity.
  package struct Row: Codable, Sendable, Equatable {
    package var name: String
    package var unit: MetricUnit
    package var direction: Direction
    /// One for each repetition; none where the tool could not measure.
    package var values: [Double]
    /// The standard deviation of the mean as a share of it, where the tool averaged by itself.
    package var deviation: Double?
    /// What the tool says beside the number, or why there is none.
    package var note: String?

    package init(
      _ name: String, _ unit: MetricUnit, _ direction: Direction, values: [Double],
      deviation: Double? = nil, note: String? = nil
    ) {
      (self.name, self.unit, self.direction, self.values) = (name, unit, direction, values)
      (self.deviation, self.note) = (deviation, note)
    }
  }

  package init(
    tool: String, file: String, role: Role? = nil, command: String? = nil,
    settings: [String: String] = [:], rows: [Row]
  ) {
    (self.tool, self.file, self.role, self.command) = (tool, file, role, command)
    (self.settings, self.rows) = (settings, rows)
  }
}

extension ToolTable {
  /// The rows that have numbers, as results of a run.
  package var results: [RunRecord.Result] {
    rows.filter { !$0.values.isEmpty }.map { row in
      RunRecord.Result(
        name: row.name, unit: row.unit, direction: row.direction,
        estimate: .mean(ofTrials: row.values), trials: row.values)
    }
  }

  /// A run that measured just this, so that two files can be compared as two runs are.
  ///
  /// A repetition counts as a trial. What was run is a setting: other code is another measurement.
  package var record: RunRecord {
    var known = settings
    known["measured command"] = command
    return RunRecord(
      status: .complete, toolVersion: tool, command: tool, arguments: [], replay: command ?? "",
      startedAt: "", durationSeconds: 0, seed: 0,
      settings: known.sorted { $0.key < $1.key }
        .map { RunRecord.Setting(name: $0.key, value: $0.value, source: .like) },
      dataset: nil,
      trials: (0..<(rows.map(\.values.count).max() ?? 0)).map {
        RunRecord.Trial(number: $0 + 1, status: .complete)
      },
      results: results, profiling: RunRecord.Profiling(method: RunRecord.Profiling.nothing))
  }
}
