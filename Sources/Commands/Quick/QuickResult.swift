import Harness
import Measurement
import RunRecords
import Vocabulary

/// The card over all trials.
struct QuickResult: Encodable {
  /// One line of the card: a value for each trial, and what they say together.
  struct Line: Encodable {
    var name: String
    var unit: MetricUnit
    var direction: Direction
    var estimate: Estimate
    var trials: [Double]
    /// The deviation over the mean.
    var variation: Double?
    /// The smallest change, as a share, that as many trials on each side would show.
    var smallestChange: Double?

    init(
      _ name: String, _ unit: MetricUnit, _ direction: Direction, _ trials: [Double]
    ) {
      self.name = name
      self.unit = unit
      self.direction = direction
      self.trials = trials
      estimate = Estimate.mean(ofTrials: trials)
      let summary = Summary(trials)
      guard trials.count > 1, trials.allSatisfy({ $0 > 0 }) else { return }
      // Equal values have no spread; what is left then is rounding.
      let deviation = trials.min() == trials.max() ? 0 : summary.deviation
      let variation = deviation / summary.mean
      self.variation = variation
      smallestChange = DetectableChange.ratio(
        spread: variation, trialsPerSide: trials.count, alpha: 0.05)
    }
  }

  /// What one operation allocates, counted.
  struct Allocations: Encodable {
    var perInsert: CountedAllocations.Window
    var perSearch: CountedAllocations.Window
    var save: CountedAllocations.Window
    var load: CountedAllocations.Window
  }

  var dataset: String
  var rows: Int
  var dimensions: Int
  var queries: Int
  var metric: Metric
  var m: Int
  var efConstruction: Int
  var ef: Int
  var k: Int
  var passes: Int
  var threads: Int
  var seed: UInt64
  var rawBytes: Int
  var lines: [Line] = []
  var allocations: Allocations?
  var notes: [String] = []
  var environment: EnvironmentRecord
  var isInterrupted = false

  /// Searches a trial must time before it may speak of a 99th percentile.
  static let p99Min = 1_000

  mutating func summarize(_ cards: [QuickCard]) {
    func line(
      _ name: String, _ unit: MetricUnit, _ direction: Direction, _ value: (QuickCard) -> Double
    ) { lines.append(Line(name, unit, direction, cards.map(value))) }
    let (rows, raw) = (Double(rows), Double(rawBytes))
    line("build.seconds", .seconds, .lowerIsBetter) { $0.buildSeconds }
    line("build.rate", .perSecond, .higherIsBetter) { rows / $0.buildSeconds }
    line("build.memory", .bytes, .lowerIsBetter) { Double($0.memoryBytes) }
    line("save.seconds", .seconds, .lowerIsBetter) { $0.saveSeconds }
    line("load.seconds", .seconds, .lowerIsBetter) { $0.loadSeconds }
    line("file.bytes", .bytes, .lowerIsBetter) { Double($0.fileBytes) }
    line("file.ratio", .ratio, .higherIsBetter) { raw / Double(max(1, $0.fileBytes)) }
    line("search.rate", .perSecond, .higherIsBetter) { $0.search.perSecond }
    line("search.mean", .seconds, .lowerIsBetter) { $0.search.mean }
    line("search.p50", .seconds, .lowerIsBetter) { $0.search.p50 }
    if cards.allSatisfy({ $0.search.searches >= Self.p99Min }) {
      line("search.p99", .seconds, .lowerIsBetter) { $0.search.p99 }
    } else {
      notes.append("Fewer than 1,000 searches in a trial: no 99th percentile.")
    }
    line("search.longest", .seconds, .neutral) { $0.search.longest }
    line("search.distances", .count, .neutral) { $0.recall.distancesPerQuery }
    line("recall", .ratio, .higherIsBetter) { $0.recall.byDistance }
  }
}
