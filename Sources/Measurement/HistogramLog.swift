/// The interval log of HdrHistogram: one tagged histogram a line, the content of `latency.hlog`.
package enum HistogramLog {
  package struct Interval: Sendable, Equatable {
    package let tag: String
    /// Seconds from the start of the log.
    package let start: Double
    package let duration: Double
    package let histogram: LatencyHistogram

    package init(tag: String, start: Double, duration: Double, histogram: LatencyHistogram) {
      self.tag = tag
      self.start = start
      self.duration = duration
      self.histogram = histogram
    }
  }

  package struct BadLine: Error, Equatable, CustomStringConvertible {
    package let line: Int
    package let reason: String

    package var description: String { "line \(line) of the latency log: \(reason)" }
  }

  package static func text(startEpochSeconds: Double, _ intervals: [Interval]) -> String {
    let head = """
      #[Histogram log format version 1.3]
      #[StartTime: \(fixed(startEpochSeconds)) (seconds since epoch)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
    return head + intervals.map { line($0) + "\n" }.joined()
  }

  private static func line(_ interval: Interval) -> String {
    precondition(!interval.tag.contains { ",\n\r ".contains($0) }, "a tag is one plain word")
    let maximum = Double(interval.histogram.max) / 1e6
    let code = Base64.encode(HistogramCodec.encode(interval.histogram))
    return "Tag=\(interval.tag),\(fixed(interval.start)),\(fixed(interval.duration)),"
      + "\(fixed(maximum)),\(code)"
  }

  package static func intervals(in text: String) throws(BadLine) -> [Interval] {
    var found: [Interval] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("\"") { continue }
      found.append(try interval(line, number: index + 1))
    }
    return found
  }

  private static func interval(_ line: Substring, number: Int) throws(BadLine) -> Interval {
    var fields = line.split(separator: ",", omittingEmptySubsequences: false)
    var tag = ""
    if let first = fields.first, first.hasPrefix("Tag=") {
      tag = String(first.dropFirst(4))
      fields.removeFirst()
    }
    guard fields.count == 4, let start = Double(fields[0]), let duration = Double(fields[1]),
      start.isFinite, duration.isFinite
    else {
      throw BadLine(line: number, reason: "it wants start, length, maximum and a histogram")
    }
    guard let bytes = Base64.decode(fields[3]) else {
      throw BadLine(line: number, reason: "the histogram is not base64")
    }
    do {
      return Interval(
        tag: tag, start: start, duration: duration, histogram: try HistogramCodec.decode(bytes))
    } catch {
      throw BadLine(line: number, reason: "\(error)")
    }
  }

  /// Three digits behind the point, whatever the locale.
  private static func fixed(_ value: Double) -> String { NumberText.fixed(value, digits: 3) }
}

/// Base64, as RFC 4648 has it.
enum Base64 {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for letter in 0..<4 {
        let index = (bits >> (18 - 6 * letter)) & 63
        text.append(letter <= group.count ? letters[index] : 61)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let body = Array(text.utf8)
    guard body.count % 4 == 0 else { return nil }
    let padding = body.reversed().prefix(2).prefix { $0 == 61 }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count / 4 * 3)
    for start in stride(from: 0, to: body.count, by: 4) {
      var bits = 0
      for (offset, letter) in body[start..<(start + 4)].enumerated() {
        let isPadding = start + offset >= body.count - padding
        guard let value = isPadding ? 0 : value(of: letter) else { return nil }
        bits = bits << 6 | value
      }
      bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
    }
    return Array(bytes.dropLast(padding))
  }

  private static func value(of letter: UInt8) -> Int? {
    switch letter {
    case 65...90: Int(letter) - 65
    case 97...122: Int(letter) - 71
    case 48...57: Int(letter) + 4
    case 43: 62
    case 47: 63
    default: nil
    }
  }
}
