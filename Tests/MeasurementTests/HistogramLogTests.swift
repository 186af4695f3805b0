import Basics
import Foundation
import Measurement
import Testing

/// Against HdrHistogram itself: texts and numbers made by its Python port.
struct HistogramLogTests {
  /// `record_value` of each, range 1 … 3,600,000,000,000, three digits.
  private let values: [UInt64] = [1, 1, 5, 2_047, 2_048, 5_000, 1_000_000, 3_600_000_000_000]
  private let theirs =
    "HISTFAAAADN4nJNpmSzMwMAgxAABzFCaEch0M9ixgMH+A1SAhZXpozwT00Fhpt9VTJdvMzEBAMazCXw="

  private func plain(_ code: String) throws -> [UInt8] {
    let bytes = Array(try #require(Data(base64Encoded: code)))
    return try Zlib.decompress(Array(bytes[8...]), limit: 1 << 20)
  }

  @Test func `the bytes are HdrHistogram's own`() throws {
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    let text = HistogramLog.text(
      startEpochSeconds: 1, [.init(tag: "t", start: 0, duration: 1, histogram: histogram)])
    let line = try #require(text.split(separator: "\n").last)
    let ours = try #require(line.split(separator: ",").last)
    #expect(try plain(String(ours)) == plain(theirs))
    #expect(line.hasPrefix("Tag=t,0.000,1.000,3600000.000,HISTF"))
  }

  // Percentiles that fall on a rank: between ranks Java rounds up, as we do, and the port to the
  // nearest.
  @Test func `their histogram reads back with the percentiles they give`() throws {
    let read = try HistogramLog.intervals(in: "0.000,1.000,3600000.000,\(theirs)\n")
    let histogram = try #require(read.first?.histogram)
    #expect(read.first?.tag == "")
    #expect(histogram.count == 8)
    for (p, value) in [
      (0.0, 1), (25, 1), (50, 2_047), (75, 5_003), (87.5, 1_000_447), (100, 3_601_330_077_695),
    ] as [(Double, UInt64)] {
      #expect(histogram.percentile(p) == value, "p\(p)")
    }
  }

  @Test func `a rank that rounding would push over stays where it is`() {
    var histogram = LatencyHistogram()
    for value in 1...1_000 as ClosedRange<UInt64> { histogram.record(value) }
    #expect([0, 50, 99, 99.9, 100].map { histogram.percentile($0) } == [1, 500, 990, 999, 1_000])
  }

  @Test(arguments: [
    "Tag=x,nan,1,1,", "Tag=x,0,inf,1,", "Tag=x,0,1,1,AAAA", "Tag=x,0,1,1", "0,1,1,HISTF",
    "Tag=x,0,1,1,HISTFAAAAAA=",
  ])
  func `a line that is no interval is an error`(line: String) {
    #expect(throws: HistogramLog.BadLine.self) { try HistogramLog.intervals(in: line) }
  }

  @Test func `absurd counts are refused, and merging many large ones never traps`() throws {
    // One cell with 2⁵³ − 1 counts is the most that is read; one more is not.
    let most = try #require(try read(counts: [(1 << 53) - 1]))
    var sum = LatencyHistogram()
    for _ in 0..<4_096 { sum.merge(most) }
    _ = sum.percentile(99)
    #expect(throws: HistogramLog.BadLine.self) { try read(counts: [1 << 53, 1]) }
    #expect(throws: HistogramLog.BadLine.self) { try read(counts: [Int64.max, Int64.max]) }
    #expect(throws: HistogramLog.BadLine.self) { try read(counts: [-40_000, 1]) }
    #expect(throws: HistogramLog.BadLine.self) { try read(counts: [-33_791, 1, 1]) }
    #expect(throws: HistogramLog.BadLine.self) { try read(counts: [Int64.min]) }
  }

  private func read(counts: [Int64]) throws -> LatencyHistogram? {
    var payload: [UInt8] = []
    for count in counts {
      var rest = UInt64(bitPattern: (count << 1) ^ (count >> 63))
      for _ in 0..<8 where rest >= 0x80 {
        payload.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      payload.append(UInt8(truncatingIfNeeded: rest))
    }
    func big(_ value: UInt64, _ bytes: Int) -> [UInt8] {
      (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    let head =
      big(0x1c84_9313, 4) + big(UInt64(payload.count), 4) + big(0, 4) + big(3, 4) + big(1, 8)
      + big(3_600_000_000_000, 8) + big(1.0.bitPattern, 8)
    let squeezed = Zlib.compress(head + payload)
    let code = Data(big(0x1c84_9314, 4) + big(UInt64(squeezed.count), 4) + squeezed)
      .base64EncodedString()
    return try HistogramLog.intervals(in: "0,1,1,\(code)").first?.histogram
  }
}
