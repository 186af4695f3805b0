import Pprof

/// Reads collapsed stacks: one line a stack, root first, frames parted by `;`, then its count.
///
///     main;parse;malloc 12
///
/// What the count means is not said: samples, in the files of perf and of async-profiler.
enum CollapsedReader {
  /// Every line of the first two dozen must fit.
  static func recognizes(_ head: [UInt8]) -> Bool {
    var lines = TextLines(head)
    var seen = 0
    while seen < 24, let line = lines.next() {
      // The last line may be cut off by the end of the head.
      if lines.position >= head.count, head.count >= Content.headBytes { break }
      guard let words = content(of: line, head) else { continue }
      guard split(words, head) != nil else { return false }
      seen += 1
    }
    return seen > 0
  }

  static func read(_ bytes: [UInt8], _ budget: Budget) throws(ForeignError) -> Profile {
    var budget = budget
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count")], periodType: .init("samples", "count"), period: 1)
    var keys = TextKeys(bytes)
    var places: [Int32] = []
    var stack: [Int32] = []
    var lines = TextLines(bytes)
    while let line = lines.next() {
      guard let words = content(of: line, bytes) else { continue }
      guard let (frames, count) = split(words, bytes) else {
        throw .malformed(.collapsed, lines.place, "a stack must end with a blank and a count")
      }
      stack.removeAll(keepingCapacity: true)
      var start = frames.lowerBound
      while start <= frames.upperBound {
        let end = frameEnd(from: start, frames, bytes)
        if end > start {
          let key = keys.number(of: start..<end)
          if key == places.count {
            try budget.keep(nameBytes: end - start, at: lines.place)
            places.append(builder.location(of: .init(named: bytes.text(start..<end))))
          }
          stack.append(places[key])
          try budget.check(depth: stack.count, at: lines.place)
        }
        start = end + 1
      }
      try budget.addSample(at: lines.place)
      try budget.keep(frames: stack.count, at: lines.place)
      builder.add(locations: stack.reversed(), values: [count])
    }
    return builder.profile
  }

  private static func content(of line: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
    let words = bytes.trimmed(line)
    return words.isEmpty || bytes[words.lowerBound] == UInt8(ascii: "#") ? nil : words
  }

  private static func frameEnd(from start: Int, _ frames: Range<Int>, _ bytes: [UInt8]) -> Int {
    let span = bytes.span
    var end = start
    while end < frames.upperBound, span[end] != UInt8(ascii: ";") { end += 1 }
    return end
  }

  /// The frames and the count behind the last blank.
  private static func split(
    _ words: Range<Int>, _ bytes: [UInt8]
  ) -> (frames: Range<Int>, count: Int64)? {
    let span = bytes.span
    var start = words.upperBound
    while start > words.lowerBound, ![UInt8].isBlank(span[start - 1]) { start -= 1 }
    guard let count = bytes.number(start..<words.upperBound) else { return nil }
    let frames = bytes.trimmed(words.lowerBound..<start)
    return frames.isEmpty ? nil : (frames, count)
  }
}
