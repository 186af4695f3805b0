/// The line that begins a sample in perf script's text.
///
///     side thread 27093/27094 [001] 27629.725379:  3344481 cpu-clock:ppp:   1260 two+0x20 (/bin/x)
///     thread's name  pid  tid  cpu      seconds     period      event       a frame, without -g
///
/// Names may hold blanks, and all but the name, one number and the event may be missing. So the
/// line is read from the first number that is followed by what must follow.
struct PerfScriptHeader {
  /// From the thread's name to its numbers: samples of one thread share this text.
  let identity: Range<Int>
  let thread: Range<Int>
  let process: Int64?
  let task: Int64
  let nanoseconds: UInt64?
  let period: Int64?
  /// Without the colon behind it.
  let event: Range<Int>
  /// What stands behind the event: a frame, the fields of a tracepoint, or nothing.
  let rest: Range<Int>

  init?(_ line: Range<Int>, _ bytes: [UInt8]) {
    let line = bytes.trimmed(line)
    let words = bytes.words(line, limit: 24)
    guard words.count > 2 else { return nil }
    for index in 1..<(words.count - 1) {
      guard let numbers = Self.numbers(words[index], bytes),
        let tail = Self.tail(Array(words[(index + 1)...]), bytes)
      else { continue }
      identity = line.lowerBound..<words[index].upperBound
      thread = line.lowerBound..<words[index - 1].upperBound
      (process, task) = numbers
      (nanoseconds, period, event) = (tail.nanoseconds, tail.period, tail.event)
      rest = bytes.trimmed(tail.event.upperBound + 1..<line.upperBound)
      return
    }
    return nil
  }

  /// `pid/tid`, or the thread's number alone.
  private static func numbers(_ word: Range<Int>, _ bytes: [UInt8]) -> (Int64?, Int64)? {
    if let task = bytes.number(word) { return (nil, task) }
    guard let slash = bytes[word].firstIndex(of: UInt8(ascii: "/")),
      let process = bytes.number(word.lowerBound..<slash),
      let task = bytes.number(slash + 1..<word.upperBound)
    else { return nil }
    return (process, task)
  }

  private static func tail(
    _ words: [Range<Int>], _ bytes: [UInt8]
  ) -> (nanoseconds: UInt64?, period: Int64?, event: Range<Int>)? {
    var words = words[...]
    if let word = words.first, isProcessor(word, bytes) { words.removeFirst() }
    var nanoseconds: UInt64?
    if let word = words.first, let time = time(word, bytes) {
      nanoseconds = time
      words.removeFirst()
    }
    var period: Int64?
    if let word = words.first, let number = bytes.number(word) {
      period = number
      words.removeFirst()
    }
    guard let word = words.first, word.count > 1, bytes[word.upperBound - 1] == UInt8(ascii: ":"),
      self.time(word, bytes) == nil
    else { return nil }
    return (nanoseconds, period, word.lowerBound..<word.upperBound - 1)
  }

  private static func isProcessor(_ word: Range<Int>, _ bytes: [UInt8]) -> Bool {
    word.count > 2 && bytes[word.lowerBound] == UInt8(ascii: "[")
      && bytes[word.upperBound - 1] == UInt8(ascii: "]")
      && bytes.number(word.lowerBound + 1..<word.upperBound - 1) != nil
  }

  /// `27629.725379:` in nanoseconds.
  private static func time(_ word: Range<Int>, _ bytes: [UInt8]) -> UInt64? {
    guard bytes[word.upperBound - 1] == UInt8(ascii: ":") else { return nil }
    let number = word.lowerBound..<word.upperBound - 1
    guard let point = bytes[number].firstIndex(of: UInt8(ascii: ".")),
      let seconds = bytes.number(number.lowerBound..<point), seconds >= 0,
      let digits = bytes.number(point + 1..<number.upperBound), digits >= 0
    else { return nil }
    let places = number.upperBound - point - 1
    guard places <= 9 else { return nil }
    let scale = (0..<(9 - places)).reduce(Int64(1)) { scale, _ in scale * 10 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : product &+ UInt64(digits * scale)
  }
}
