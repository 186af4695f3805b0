/// What `perf stat` counted, from its text, from `perf stat -x,` or from `perf stat -j`.
package struct PerfStatReport: Codable, Sendable, Equatable {
  package struct Counter: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable { case counted, notSupported, notCounted }

    package var event: String
    package var state: State
    /// Nil unless it was counted.
    package var value: Double?
    /// As perf prints it, such as `msec`; empty for plain counts.
    package var unit: String
    /// How far runs differ, with -r: percent of the mean.
    package var deviationPercent: Double?
    /// How much of the time the counter ran, where counters take turns.
    package var runningPercent: Double?
    /// What perf derived from it, such as 0.499 `CPUs utilized`.
    package var metricValue: Double?
    package var metric: String?
    /// Seconds since the start, with -I.
    package var seconds: Double?
    /// Processor, core or socket, where counts are kept apart.
    package var place: String?

    package init(event: String, state: State, value: Double? = nil, unit: String = "") {
      self.event = event
      self.state = state
      self.value = value
      self.unit = unit
    }
  }

  package var command: String?
  package var runs: Int?
  package var counters: [Counter] = []
  /// One for each report, where several stand one behind the other.
  package var elapsedSeconds: [Double] = []
  package var userSeconds: [Double] = []
  package var systemSeconds: [Double] = []

  package init() {}

  /// A report with more is not one of `perf stat`.
  private static let counterLimit = 100_000

  static func recognizes(_ head: [UInt8]) -> Bool {
    if head.find(PerfStatText.title, in: head.indices) != nil { return true }
    guard let first = FormatSniffer.firstLine(head) else { return false }
    return PerfStatJSON.counter(first, head) != nil || PerfStatCSV.counter(first, head) != nil
  }

  /// Reads any of the forms.
  package static func read(_ bytes: [UInt8]) throws(ForeignError) -> PerfStatReport {
    if bytes.isEmpty { throw .empty }
    var report = PerfStatReport()
    let people = PerfStatText(bytes)
    var lines = TextLines(bytes)
    var isText = false
    while let line = lines.next(), report.counters.count < counterLimit {
      let words = bytes.trimmed(line)
      if words.isEmpty || bytes[words.lowerBound] == UInt8(ascii: "#") { continue }
      if bytes.has(PerfStatText.title, at: words) { isText = true }
      let counter =
        isText
        ? people.counter(words, bytes)
        : PerfStatJSON.counter(words, bytes) ?? PerfStatCSV.counter(words, bytes)
      if let counter {
        report.counters.append(counter)
      } else if isText {
        people.read(words, bytes, into: &report)
      }
    }
    if report.counters.isEmpty { throw .unknown("it has no line that perf stat prints") }
    return report
  }
}
