import Basics
import Measurement
import Testing

struct LatencyHistogramTests {
  @Test(arguments: [1, 7, 42] as [UInt64])
  func `percentiles are those of the sorted values, to three digits`(seed: UInt64) {
    var random = SeededRandom(seed)
    var histogram = LatencyHistogram()
    var values: [UInt64] = []
    for _ in 0..<20_000 {
      let value = UInt64(random.exponential(mean: 1_000_000))
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    for p in [0.0, 1, 50, 90, 99, 99.9, 100] {
      // In tenths of a percent, so that 99.9 % of 20,000 is 19,980 and not a little more.
      let rank = max(1, Int((p * 10).rounded()) * values.count / 1_000)
      let exact = Double(values[rank - 1])
      #expect(
        abs(Double(histogram.percentile(p)) - exact) <= exact * 0.001 + 1, "p\(p), seed \(seed)")
    }
    #expect(histogram.min == values.first)
    #expect(histogram.max == values.last)
    let mean = Double(values.reduce(0, +)) / Double(values.count)
    #expect(abs(histogram.mean - mean) < mean * 0.001)
  }

  @Test func `what came since a copy was made is what was recorded since`() {
    var histogram = LatencyHistogram()
    for value in 1...1_000 as ClosedRange<UInt64> { histogram.record(value) }
    let copy = histogram
    #expect(histogram.since(copy).isEmpty)
    for value in 5_000...5_999 as ClosedRange<UInt64> { histogram.record(value) }
    let later = histogram.since(copy)
    #expect(later.count == 1_000)
    #expect(later.percentile(0) >= 4_996 && later.max <= 6_003)
    #expect(copy.since(histogram).isEmpty, "nothing is negative")
  }

  @Test func `merging two histograms is recording everything into one`() {
    var random = SeededRandom(3)
    var (left, right, whole) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
    for index in 0..<5_000 {
      let value = random.next() % 10_000_000_000
      if index % 3 == 0 { left.record(value) } else { right.record(value) }
      whole.record(value)
    }
    left.merge(right)
    #expect(left == whole)
  }

  @Test func `what is longer than the range is counted, not lost`() {
    var histogram = LatencyHistogram()
    histogram.record(.max)
    #expect(histogram.count == 1)
    #expect(histogram.max == LatencyHistogram.highestTrackable)
  }

  @Test func `a log keeps every count`() throws {
    var random = SeededRandom(9)
    var histogram = LatencyHistogram()
    for _ in 0..<3_000 { histogram.record(random.next() % 100_000_000) }
    let interval = HistogramLog.Interval(
      tag: "search.response", start: 0.125, duration: 4, histogram: histogram)
    let text = HistogramLog.text(startEpochSeconds: 1_770_000_000, [interval])
    let back = try HistogramLog.intervals(in: text)
    #expect(back.count == 1)
    #expect(back.first?.tag == "search.response")
    #expect(back.first?.histogram.count == 3_000)
    for p in [50.0, 99, 100] {
      let difference =
        Double(back.first?.histogram.percentile(p) ?? 0) - Double(histogram.percentile(p))
      #expect(abs(difference) <= Double(histogram.percentile(p)) * 0.001)
    }
  }

  @Test func `a damaged log line is an error with its number, whatever byte is damaged`() throws {
    var histogram = LatencyHistogram()
    for value in [5, 500, 50_000] as [UInt64] { histogram.record(value) }
    let text = HistogramLog.text(
      startEpochSeconds: 0,
      [HistogramLog.Interval(tag: "x", start: 0, duration: 1, histogram: histogram)])
    var lines = text.split(separator: "\n").map(String.init)
    let good = Array(lines[3].utf8)
    var random = SeededRandom(11)
    for cut in 6..<good.count {
      lines[3] = String(decoding: good[..<cut], as: UTF8.self)
      #expect(throws: HistogramLog.BadLine.self) {
        try HistogramLog.intervals(in: lines.joined(separator: "\n"))
      }
      var bent = good
      bent[random.below(bent.count)] = UInt8(33 + random.below(90))
      lines[3] = String(decoding: bent, as: UTF8.self)
      _ = try? HistogramLog.intervals(in: lines.joined(separator: "\n"))
    }
  }
}
