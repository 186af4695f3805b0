/// The lines of `perf stat -x,`, with any of `,` `;` and tab between fields.
///
///     996.15,msec,task-clock,996150249,100.00,0.498,CPUs utilized
///     time of -I, place of --per-core, its processors; value, unit, event; deviation of -r;
///     time running, percent running; value and name of a metric
enum PerfStatCSV {
  static func counter(_ line: Range<Int>, _ bytes: [UInt8]) -> PerfStatReport.Counter? {
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      let fields = bytes[line].prefix(1_000)
        .split(separator: separator, maxSplits: 24, omittingEmptySubsequences: false)
        .map { bytes.trimmed($0.startIndex..<$0.endIndex) }
      if fields.count >= 5, let counter = counter(fields, bytes) { return counter }
    }
    return nil
  }

  private static func counter(
    _ fields: [Range<Int>], _ bytes: [UInt8]
  ) -> PerfStatReport.Counter? {
    for first in 0..<4 where first + 4 < fields.count {
      guard let state = state(fields[first], bytes), bytes.decimal(fields[first + 1]) == nil,
        startsWithLetter(fields[first + 2], bytes)
      else { continue }
      var counter = PerfStatReport.Counter(
        event: PerfEvent.plainName(bytes.text(fields[first + 2])), state: state,
        value: state == .counted ? bytes.decimal(fields[first]) : nil,
        unit: bytes.text(fields[first + 1]))
      guard addTail(Array(fields[(first + 3)...]), bytes, to: &counter) else { continue }
      addFront(Array(fields[..<first]), bytes, to: &counter)
      return counter
    }
    return nil
  }

  private static func addTail(
    _ fields: [Range<Int>], _ bytes: [UInt8], to counter: inout PerfStatReport.Counter
  ) -> Bool {
    var fields = fields[...]
    if let first = fields.first, bytes.ends(first, with: "%") {
      counter.deviationPercent = bytes.decimal(first.lowerBound..<first.upperBound - 1)
      fields.removeFirst()
    }
    guard let time = fields.popFirst(), bytes.number(time) != nil, let share = fields.popFirst(),
      let running = bytes.decimal(share)
    else { return false }
    counter.runningPercent = running
    if let value = fields.popFirst(), let name = fields.popFirst() {
      counter.metricValue = bytes.decimal(value)
      counter.metric = name.isEmpty ? nil : bytes.text(name)
    }
    return true
  }

  private static func addFront(
    _ fields: [Range<Int>], _ bytes: [UInt8], to counter: inout PerfStatReport.Counter
  ) {
    for field in fields {
      if startsWithLetter(field, bytes) {
        counter.place = bytes.text(field)
      } else if counter.seconds == nil, counter.place == nil {
        counter.seconds = bytes.decimal(field)
      }
    }
  }

  private static func state(
    _ field: Range<Int>, _ bytes: [UInt8]
  ) -> PerfStatReport.Counter.State? {
    if bytes.has("<not supported>", at: field) { return .notSupported }
    if bytes.has("<not counted>", at: field) { return .notCounted }
    return bytes.decimal(field) != nil ? .counted : nil
  }

  private static func startsWithLetter(_ field: Range<Int>, _ bytes: [UInt8]) -> Bool {
    guard let first = bytes[field].first else { return false }
    return (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A
  }
}
