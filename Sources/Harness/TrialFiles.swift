import Basics
import FoundationEssentials
import Measurement
import RunRecords
import Workloads

/// What a trial leaves in its folder.
struct TrialFiles {
  let folder: String
  let trial: Int

  func write(_ scored: [(seen: RecallScorer.Observation, score: RecallScorer.Score)]) throws {
    let lines = scored.map { seen, score in
      "{\"trial\":\(trial),\"query\":\(seen.query),\"start_ns\":\(seen.start),"
        + "\"end_ns\":\(seen.end),\"lower\":\(score.lower),\"upper\":\(score.upper)}\n"
    }
    try FileSystem.replace("\(folder)/recall.jsonl", with: Array(lines.joined().utf8))
  }

  func writeLatencies(_ book: TrialBook, _ outcome: TrialOutcome) throws {
    guard let log = book.measured else { return }
    let seconds = outcome.phases.first { $0.name == "measure" }?.seconds ?? 0
    var named = log.allLatencies().map { ($0.key.name, $0.value) }
    named += [
      ("generator.lag", log.generatorLag),
      ("insert.searchable_lag", Self.histogram(book.lags.compactMap(\.nanoseconds))),
      ("search.first.service", Self.histogram(book.before.map { $0.end - $0.start })),
      ("search.warm.service", Self.histogram(book.after.map { $0.end - $0.start })),
      ("wal.sync", book.syncTimes ?? LatencyHistogram()),
    ]
    let intervals = named.filter { $0.0 == "generator.lag" || !$0.1.isEmpty }.map {
      HistogramLog.Interval(tag: $0.0, start: 0, duration: seconds, histogram: $0.1)
    }
    let text = HistogramLog.text(
      startEpochSeconds: Double(Clock.wall()) / 1e9, intervals.sorted { $0.tag < $1.tag })
    try FileSystem.replace("\(folder)/latency.hlog", with: Array(text.utf8))
  }

  private static func histogram(_ nanoseconds: [UInt64]) -> LatencyHistogram {
    nanoseconds.reduce(into: LatencyHistogram()) { $0.record($1) }
  }

  func write(_ outcome: TrialOutcome) throws {
    let data = try JSONEncoder().encode(outcome)
    try FileSystem.replace("\(folder)/outcome.json", with: Array(data))
  }
}
