import Harness
import Measurement
import RunRecords
import Vocabulary

/// What came out of a sweep, as JSON that the peers' table reads: its names are that table's, so
/// megabytes are millions of bytes here and times are seconds.
struct SweepResult: Encodable {
  var label: String
  var dataset: String
  var rows: Int
  var dimensions: Int
  var queries: Int
  var metric: Metric
  var k: Int
  /// The knobs that make this configuration, by their flags' names.
  var knobs: [String: String]
  var build: Build
  var points: [Point] = []
  var targets: [Target] = []
  var trials: Int
  var notes: [String] = []
  var environment: EnvironmentRecord?
  var isInterrupted = false

  struct Build {
    var threads: Int
    var seconds: Double
    var singleSeconds: Double?
    var memoryBytes: Int
    var fileBytes: Int
  }

  struct Point {
    var ef: Int
    var recall: IndexRecall
    /// By number of threads.
    var rates: [Int: Rate] = [:]
  }

  struct Rate {
    var perSecond: [Double] = []
    var p50: [Double] = []
    var p99: [Double] = []
    var searches = 0
    var isOnFront = false

    var estimate: Estimate { Estimate.mean(ofTrials: perSecond) }
  }

  struct Target {
    var recall: Double
    /// By number of threads; nil where no point reaches the recall.
    var rates: [Int: Double?]
  }

  var concurrencies: [Int] { Set(points.flatMap { $0.rates.keys }).sorted() }

  /// The rates of one concurrency against recall.
  func curve(_ concurrency: Int) -> RecallCurve {
    RecallCurve(
      points.compactMap { point in
        point.rates[concurrency].map {
          RecallCurve.Point(recall: point.recall.byDistance, rate: $0.estimate.value)
        }
      })
  }

  /// Marks the front of each concurrency and reads the rates at the recalls asked for.
  mutating func finish(targets recalls: [Double]) {
    let curves = Dictionary(uniqueKeysWithValues: concurrencies.map { ($0, curve($0)) })
    for place in points.indices {
      for (concurrency, rate) in points[place].rates {
        let point = RecallCurve.Point(
          recall: points[place].recall.byDistance, rate: rate.estimate.value)
        points[place].rates[concurrency]?.isOnFront =
          curves[concurrency]?.isOnFront(point) ?? false
      }
    }
    targets = recalls.map { recall in
      Target(recall: recall, rates: curves.mapValues { $0.rate(at: recall) })
    }
  }

  // MARK: - JSON

  /// A key made of a word and a number, such as `qps2`.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(label, forKey: Key("label"))
    try object.encode(dataset, forKey: Key("dataset"))
    try object.encode(rows, forKey: Key("n"))
    try object.encode(dimensions, forKey: Key("dim"))
    try object.encode(queries, forKey: Key("queries"))
    try object.encode(metric, forKey: Key("metric"))
    try object.encode(k, forKey: Key("k"))
    try object.encode(knobs, forKey: Key("knobs"))
    try object.encode(build.seconds, forKey: Key("build_s"))
    try object.encode(build.threads, forKey: Key("build_threads"))
    try object.encodeIfPresent(build.singleSeconds, forKey: Key("build1_s"))
    try object.encode(Double(build.memoryBytes) / 1e6, forKey: Key("memory_mb"))
    try object.encode(Double(build.fileBytes) / 1e6, forKey: Key("file_mb"))
    try object.encode(trials, forKey: Key("trials"))
    try object.encode(notes, forKey: Key("notes"))
    try object.encode(isInterrupted, forKey: Key("interrupted"))
    try object.encodeIfPresent(environment, forKey: Key("environment"))
    var list = object.nestedUnkeyedContainer(forKey: Key("points"))
    for point in points {
      var entry = list.nestedContainer(keyedBy: Key.self)
      try encode(point, to: &entry)
    }
    var reached = object.nestedUnkeyedContainer(forKey: Key("targets"))
    for target in targets {
      var entry = reached.nestedContainer(keyedBy: Key.self)
      try entry.encode(target.recall, forKey: Key("recall"))
      for (threads, rate) in target.rates { try entry.encode(rate, forKey: Key("qps\(threads)")) }
    }
  }

  private func encode(
    _ point: Point, to entry: inout KeyedEncodingContainer<Key>
  ) throws {
    try entry.encode(point.ef, forKey: Key("ef"))
    // The table compares by row number, as all its peers were counted.
    try entry.encode(point.recall.byNumber, forKey: Key("recall\(k)"))
    try entry.encode(point.recall.byDistance, forKey: Key("recall_ties"))
    try entry.encode(point.recall.distancesPerQuery, forKey: Key("distances_per_query"))
    for (threads, rate) in point.rates {
      try entry.encode(rate.estimate.value, forKey: Key("qps\(threads)"))
      try entry.encode(rate.perSecond, forKey: Key("qps\(threads)_trials"))
      if let interval = rate.estimate.interval {
        try entry.encode([interval.low, interval.high], forKey: Key("qps\(threads)_interval"))
      }
      try entry.encode(rate.p50, forKey: Key("p50_s\(threads)_trials"))
      try entry.encode(rate.p99, forKey: Key("p99_s\(threads)_trials"))
      try entry.encode(rate.searches, forKey: Key("searches\(threads)"))
      try entry.encode(rate.isOnFront, forKey: Key("front\(threads)"))
    }
  }
}
