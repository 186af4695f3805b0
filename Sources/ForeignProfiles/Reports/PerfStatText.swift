/// The lines of `perf stat` for people.
///
///      995.36 msec task-clock     #    0.499 CPUs utilized   ( +-  0.40% )  (25.01%)
///     <not supported>  cycles
///     1.572 +- 0.111 seconds time elapsed  ( +-  7.07% )
enum PerfStatText {
  /// Nothing before it is a counter.
  static let title: StaticText = "Performance counter stats for"

  static func counter(_ line: Range<Int>, _ bytes: [UInt8]) -> PerfStatReport.Counter? {
    let text = bytes.text(line.prefix(1_000))
    var (state, rest) = self.state(text)
    var value: Double?
    if state == .counted {
      guard let blank = rest.firstIndex(of: " "), let number = number(rest[..<blank]) else {
        return nil
      }
      value = number
      rest = rest[blank...]
    }
    let parts = rest.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let head = parts[0].split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let words = head.split(separator: " ")
    guard (1...2).contains(words.count), let event = words.last, !isSentence(words) else {
      return nil
    }
    var counter = PerfStatReport.Counter(
      event: PerfEvent.plainName(event), state: state, value: value,
      unit: words.count == 2 ? String(words[0]) : "")
    if parts.count == 2 { addMetric(parts[1], to: &counter) }
    addGroups(text, to: &counter)
    return counter
  }

  /// The lines that are no counters: the command and the times.
  static func read(_ line: Range<Int>, _ bytes: [UInt8], into report: inout PerfStatReport) {
    let text = bytes.text(line.prefix(1_000))
    if bytes.has(title, at: line) {
      let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
      if quoted.count >= 3 {
        report.command = quoted[1..<(quoted.count - 1)].joined(separator: "'")
        let runs = quoted[quoted.count - 1].split { !$0.isNumber }.first
        report.runs = runs.flatMap { Int($0) }
      }
      return
    }
    guard let blank = text.firstIndex(of: " "), let value = Double(text[..<blank]) else { return }
    if text.contains("seconds time elapsed") { report.elapsedSeconds = value }
    if text.contains("seconds user") { report.userSeconds = value }
    if text.contains("seconds sys") { report.systemSeconds = value }
  }

  private static func state(_ text: String) -> (PerfStatReport.Counter.State, Substring) {
    for (words, state) in [
      ("<not supported>", PerfStatReport.Counter.State.notSupported),
      ("<not counted>", .notCounted),
    ] where text.hasPrefix(words) {
      return (state, text.dropFirst(words.count))
    }
    return (.counted, text[...])
  }

  /// `1,234,567` or `995.36`: perf parts thousands where the language has it so.
  private static func number(_ text: Substring) -> Double? {
    Double(text.filter { $0 != "," && $0 != "'" })
  }

  private static func isSentence(_ words: [Substring]) -> Bool {
    words.first == "seconds" || words.first == "+-"
  }

  private static func addMetric(_ text: Substring, to counter: inout PerfStatReport.Counter) {
    let words = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)[0]
      .split(separator: " ")
    guard let first = words.first, let value = number(first.prefix { $0 != "%" }) else { return }
    counter.metricValue = value
    let unit = first.hasSuffix("%") ? ["%"] : []
    counter.metric = (unit + words.dropFirst().map(String.init)).joined(separator: " ")
  }

  /// `( +-  0.40% )` and `(25.01%)`.
  private static func addGroups(_ text: String, to counter: inout PerfStatReport.Counter) {
    for group in text.split(separator: "(").dropFirst() {
      let inside = group.prefix { $0 != ")" }
      let digits = inside.filter { $0.isNumber || $0 == "." }
      guard inside.contains("%"), let value = Double(digits) else { continue }
      if inside.contains("+-") {
        counter.deviationPercent = value
      } else {
        counter.runningPercent = value
      }
    }
  }
}
