package import Measurement
package import RunRecords

/// One quantity over the runs of one kind, with the places where its level changed.
///
/// Runs of another machine, other data or other settings are other kinds: each has a series of its
/// own, so that a new machine never looks like a regression. Latencies are also kept apart by the
/// offered rate.
package struct MetricHistory: Codable, Sendable, Equatable {
  package var metric: String
  package var unit: MetricUnit
  package var direction: Direction
  package var command: String
  package var machine: String
  /// Operations offered a second, for what depends on it.
  package var rate: String?
  /// In what this kind differs from the one before it; empty for the first.
  package var differsIn: [String]
  package var points: [Point]
  package var changes: [Change]
  /// Runs that are missing before any change could be significant; 0 when there are enough.
  package var runsMissing: Int

  package struct Point: Codable, Sendable, Equatable {
    package var run: String
    package var startedAt: String
    package var revision: String?
    package var value: Double
    package var trials: Int
  }

  package struct Change: Codable, Sendable, Equatable {
    /// The first run of the new level, and its place among the points.
    package var run: String
    package var index: Int
    package var before: Double
    package var after: Double
    package var p: Double
    package var verdict: Verdict

    package var share: Double? { before > 0 ? after / before - 1 : nil }
  }

  package struct Options: Sendable {
    package var significance = 0.001
    package var minimumChange = 0.05
    /// The newest runs of a series that are looked at.
    package var window = 300

    package init() {}
  }

  /// The histories of these quantities, one for each kind of run, the oldest kind first.
  package static func of(
    _ runs: [RunFolder], metrics: [String], options: Options = Options()
  ) -> [MetricHistory] {
    let usable = runs.filter { $0.record?.status == .complete }
      .sorted { ($0.record?.startedAt ?? "", $0.name) < ($1.record?.startedAt ?? "", $1.name) }
    return metrics.flatMap { metric in
      Series.split(usable, metric: metric).map { $0.history(metric, options) }
    }
  }

  /// Quantities that any of these runs has, headline ones first.
  package static func metrics(of runs: [RunFolder]) -> (headline: [String], all: [String]) {
    let results = runs.compactMap(\.record).flatMap(\.results).filter { $0.direction != .neutral }
    let all = Set(results.map(\.name)).sorted()
    return (all.filter(Procedure.isHeadline), all)
  }
}

/// Runs of one kind, in the order of time.
private struct Series {
  struct Key: Hashable {
    let machine: EnvironmentClass?
    let identity: MeasurementIdentity
    /// Options that somebody chose; a new standard is what a history is there to show.
    let options: [String: String]
    let rate: String?
  }

  let key: Key
  let differsIn: [String]
  var runs: [RunFolder]

  static func split(_ runs: [RunFolder], metric: String) -> [Series] {
    var series: [Series] = []
    var places: [Key: Int] = [:]
    for run in runs {
      guard let record = run.record, let result = record.result(metric),
        result.estimate.value.isFinite
      else { continue }
      let key = Key(
        machine: run.environment.map(EnvironmentClass.init),
        identity: MeasurementIdentity(record), options: MeasurementIdentity.underTest(record),
        rate: SettingStanding.isPaced(metric) ? record.setting(SettingStanding.rate) : nil)
      if let place = places[key] {
        series[place].runs.append(run)
      } else {
        places[key] = series.count
        let differsIn = series.last.map { Self.differences($0.key, key) } ?? []
        series.append(Series(key: key, differsIn: differsIn, runs: [run]))
      }
    }
    return series
  }

  private static func differences(_ one: Key, _ other: Key) -> [String] {
    (one.machine == other.machine ? [] : ["machine"])
      + other.identity.differences(from: one.identity)
      + Set(one.options.keys).union(other.options.keys).sorted().filter {
        one.options[$0] != other.options[$0]
      } + (one.rate == other.rate ? [] : ["rate"])
  }

  func history(_ metric: String, _ options: MetricHistory.Options) -> MetricHistory {
    let points = runs.suffix(options.window).compactMap { point($0, metric) }
    let values = points.map(\.value)
    let found = ChangePoints(
      values, significance: options.significance, minimumChange: options.minimumChange
    ).points
    let levels = ChangePoints.levels(found.map(\.index), of: values)
    let result = runs[0].record?.result(metric)
    let direction = result?.direction ?? .neutral
    return MetricHistory(
      metric: metric, unit: result?.unit ?? .count, direction: direction,
      command: key.identity.command, machine: key.machine?.text ?? "an unknown machine",
      rate: key.rate, differsIn: differsIn, points: points,
      changes: found.enumerated().map { step, point in
        let (before, after) = (levels[step], levels[step + 1])
        return MetricHistory.Change(
          run: points[point.index].run, index: point.index, before: before, after: after,
          p: point.p,
          verdict: (after > before) == (direction == .higherIsBetter) ? .better : .worse)
      },
      runsMissing: max(
        0, ChangePoints.fewestValues(significance: options.significance) - points.count))
  }

  private func point(_ run: RunFolder, _ metric: String) -> MetricHistory.Point? {
    guard let record = run.record, let result = record.result(metric) else { return nil }
    return MetricHistory.Point(
      run: run.name, startedAt: record.startedAt, revision: run.environment?.gitRevision,
      value: result.estimate.value, trials: result.trials.count)
  }
}
