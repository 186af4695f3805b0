import Basics
import Measurement
package import RunRecords

/// What a trial's process left → the files of a run that hold all trials.
extension TrialMerge {
  /// Reads back what a trial's process left; nil when it left nothing whole.
  package static func read(_ folder: String) -> Finished? {
    guard
      let outcome = try? RecordJSON.decode(TrialOutcome.self, path: "\(folder)/outcome.json")
    else { return nil }
    let log = (try? FileSystem.text(of: "\(folder)/latency.hlog")) ?? ""
    let intervals = (try? HistogramLog.intervals(in: log)) ?? []
    return Finished(
      outcome: outcome,
      latencies: Dictionary(intervals.map { ($0.tag, $0.histogram) }) { first, _ in first })
  }

  /// The latencies of all trials in one log, by tag.
  package func latencyLog(startEpochSeconds: Double) -> String {
    var merged: [String: LatencyHistogram] = [:]
    for trial in trials {
      for (tag, histogram) in trial.latencies {
        merged[tag, default: LatencyHistogram()].merge(histogram)
      }
    }
    let duration = trials.reduce(0) { $0 + $1.outcome.trial.measuredSeconds }
    return HistogramLog.text(
      startEpochSeconds: startEpochSeconds,
      merged.sorted { $0.key < $1.key }.map { tag, histogram in
        HistogramLog.Interval(tag: tag, start: 0, duration: duration, histogram: histogram)
      })
  }

  /// One row a second of every trial's measured phase.
  package func timeSeries() -> String {
    var lines = [
      "trial,second,searches,inserts,deletes,response_mean_s,response_max_s,upserts,gets"
    ]
    for trial in trials {
      for (second, row) in trial.outcome.seconds.enumerated() {
        let count = row.operations.values.reduce(0, +)
        let mean = count > 0 ? Double(row.responseNanoseconds) / Double(count) / 1e9 : 0
        let counts = ["search", "insert", "delete"].map { "\(row.operations[$0] ?? 0)" }
        lines.append(
          (["\(trial.outcome.trial.number)", "\(second)"] + counts + [
            NumberText.fixed(mean, digits: 9),
            NumberText.fixed(Double(row.longestNanoseconds) / 1e9, digits: 9),
            "\(row.operations["upsert"] ?? 0)", "\(row.operations["get"] ?? 0)",
          ]).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the kernel counted in the measured phases, by trial and together.
  package func counters(hardware: String) throws(RunError) -> [UInt8] {
    var sum = ProcessCounters()
    for trial in trials { sum += trial.outcome.counters }
    let file = CounterFile(
      hardware: hardware, sum: sum,
      trials: trials.map {
        CounterFile.Trial(number: $0.outcome.trial.number, counters: $0.outcome.counters)
      })
    return try RecordJSON.encode(file, path: "counters.json")
  }

  /// What the responses of the measured phases were made of.
  package func responses() throws(RunError) -> [UInt8] {
    var operations: [String: ResponseParts] = [:]
    for trial in trials { operations.merge(trial.outcome.parts) { $0 + $1 } }
    return try ResponseFile(operations: operations).encoded()
  }

  private struct CounterFile: Encodable {
    let hardware: String
    let sum: ProcessCounters
    let trials: [Trial]

    struct Trial: Encodable {
      let number: Int
      let counters: ProcessCounters
    }
  }

  /// What the storage engine did in the measured phases, a line each; nil when it did nothing.
  package func events() -> String? {
    let lines = trials.flatMap { trial in
      trial.outcome.events.map {
        "{\"trial\":\(trial.outcome.trial.number),\"seconds\":"
          + "\(NumberText.fixed($0.seconds, digits: 6)),\"event\":\"\($0.name)\"}\n"
      }
    }
    return lines.isEmpty ? nil : lines.joined()
  }
}
