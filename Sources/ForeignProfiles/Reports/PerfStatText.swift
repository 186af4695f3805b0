/// The lines of `perf stat` for people.
///
///      995.36 msec task-clock     #    0.499 CPUs utilized   ( +-  0.40% )  (25.01%)
///     <not supported>  cycles
///     1.572 +- 0.111 seconds time elapsed  ( +-  7.07% )
///
/// Numbers are written as the language of its user has it: `1.001,52` may be a thousand and one.
struct PerfStatText {
  /// Nothing before it is a counter.
  static let title: StaticText = "Performance counter stats for"
  private static let elapsed = "seconds time elapsed"

  /// What stands before the parts of a whole.
  private let point: Character

  /// The elapsed time always has nine places behind its point, or three in repeated runs.
  init(_ bytes: [UInt8]) {
    var lines = TextLines(bytes)
    var point: Character = "."
    while let line = lines.next() {
      let text = bytes.text(bytes.trimmed(line).prefix(1_000))
      guard text.contains(Self.elapsed) else { continue }
      if text.prefix(while: { $0 != " " }).last(where: { ".,".contains($0) }) == "," { point = "," }
      break
    }
    self.point = point
  }

  func counter(_ line: Range<Int>, _ bytes: [UInt8]) -> PerfStatReport.Counter? {
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
  func read(_ line: Range<Int>, _ bytes: [UInt8], into report: inout PerfStatReport) {
    let text = bytes.text(line.prefix(1_000))
    if bytes.has(Self.title, at: line) {
      let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
      if quoted.count >= 3 {
        report.command = quoted[1..<(quoted.count - 1)].joined(separator: "'")
        let runs = quoted[quoted.count - 1].split { !$0.isNumber }.first
        report.runs = runs.flatMap { Int($0) }
      }
      return
    }
    guard let blank = text.firstIndex(of: " "), let value = number(text[..<blank]) else { return }
    if text.contains(Self.elapsed) { report.elapsedSeconds.append(value) }
    if text.contains("seconds user") { report.userSeconds.append(value) }
    if text.contains("seconds sys") { report.systemSeconds.append(value) }
  }

  private func state(_ text: String) -> (PerfStatReport.Counter.State, Substring) {
    for (words, state) in [
      ("<not supported>", PerfStatReport.Counter.State.notSupported),
      ("<not counted>", .notCounted),
    ] where text.hasPrefix(words) {
      return (state, text.dropFirst(words.count))
    }
    return (.counted, text[...])
  }

  /// `1,234,567` or `995.36`: thousands are parted where the language has it so.
  private func number(_ text: Substring) -> Double? {
    let digits = text.filter { $0 == point || !".,'’\u{A0}\u{202F}".contains($0) }
    return Double(String(digits.map { $0 == point ? "." : $0 }))
  }

  private func isSentence(_ words: [Substring]) -> Bool {
    words.first == "seconds" || words.first == "+-"
  }

  private func addMetric(_ text: Substring, to counter: inout PerfStatReport.Counter) {
    let words = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)[0]
      .split(separator: " ")
    guard let first = words.first, let value = number(first.prefix { $0 != "%" }) else { return }
    counter.metricValue = value
    let unit = first.hasSuffix("%") ? ["%"] : []
    counter.metric = (unit + words.dropFirst().map(String.init)).joined(separator: " ")
  }

  /// `( +-  0.40% )` and `(25.01%)`.
  private func addGroups(_ text: String, to counter: inout PerfStatReport.Counter) {
    for group in text.split(separator: "(").dropFirst() {
      let inside = group.prefix { $0 != ")" }
      let digits = inside.filter { $0.isNumber || $0 == point }
      guard inside.contains("%"), let value = number(digits[...]) else { continue }
      if inside.contains("+-") {
        counter.deviationPercent = value
      } else {
        counter.runningPercent = value
      }
    }
  }
}
