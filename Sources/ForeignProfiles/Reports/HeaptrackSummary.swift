/// The sums that `heaptrack_print` ends with, and where most allocations come from.
///
///     120 calls to allocation functions with 12.00M peak consumption from
///     grab
///       at /src/burn.c:6
///     …
///     peak heap memory consumption: 12.08M
///
/// heaptrack counts in thousands: 1K is 1000 bytes.
package struct HeaptrackSummary: Codable, Sendable, Equatable {
  package struct Site: Codable, Sendable, Equatable {
    package var function: String
    /// `file:line`, where heaptrack knows it.
    package var source: String?
    package var calls: Int64
    package var peakBytes: Double
  }

  package var command: String?
  package var runtimeSeconds: Double?
  package var allocationCalls: Int64?
  package var temporaryAllocations: Int64?
  package var peakHeapBytes: Double?
  package var peakRSSBytes: Double?
  package var leakedBytes: Double?
  /// The most calls first, as printed.
  package var mostCalls: [Site] = []

  package init() {}

  private static let siteLimit = 10_000

  static func recognizes(_ head: [UInt8]) -> Bool {
    head.find("peak heap memory consumption:", in: head.indices) != nil
      || head.find("MOST CALLS TO ALLOCATION FUNCTIONS", in: head.indices) != nil
      || head.find("finished reading file, now analyzing data", in: head.indices) != nil
  }

  package static func read(_ bytes: [UInt8]) throws(ForeignError) -> HeaptrackSummary {
    if bytes.isEmpty { throw .empty }
    var summary = HeaptrackSummary()
    var reader = Reader()
    var lines = TextLines(bytes)
    while let line = lines.next() {
      reader.read(bytes.text(bytes.trimmed(line.prefix(4_096))), into: &summary)
    }
    if summary.peakHeapBytes == nil, summary.allocationCalls == nil {
      throw .unknown("it has no line that heaptrack_print ends with")
    }
    return summary
  }

  /// Knows in which part of the text it is.
  private struct Reader {
    private var isAmongCalls = false
    private var pending: (calls: Int64, bytes: Double)?
    private var mayHaveSource = false

    mutating func read(_ line: String, into summary: inout HeaptrackSummary) {
      if line == "MOST CALLS TO ALLOCATION FUNCTIONS" { isAmongCalls = true }
      if line == "PEAK MEMORY CONSUMERS" { isAmongCalls = false }
      if isAmongCalls { readSite(line, into: &summary) }
      readSum(line, into: &summary)
    }

    private mutating func readSite(_ line: String, into summary: inout HeaptrackSummary) {
      if let (calls, bytes) = pending {
        pending = nil
        guard summary.mostCalls.count < siteLimit, !line.isEmpty else { return }
        summary.mostCalls.append(
          Site(function: line, source: nil, calls: calls, peakBytes: bytes))
        mayHaveSource = true
      } else if mayHaveSource, line.hasPrefix("at ") {
        summary.mostCalls[summary.mostCalls.count - 1].source = String(line.dropFirst(3))
        mayHaveSource = false
      } else {
        mayHaveSource = false
        let words = line.split(separator: " ")
        // The lines of single callers lack "to allocation functions".
        if words.count == 10, words[1] == "calls", words[3] == "allocation",
          let calls = Int64(words[0]), let bytes = HeaptrackSummary.bytes(words[6])
        {
          pending = (calls, bytes)
        }
      }
    }

    private func readSum(_ line: String, into summary: inout HeaptrackSummary) {
      guard let colon = line.firstIndex(of: ":") else { return }
      let words = line[line.index(after: colon)...].split(separator: " ")
      guard let value = words.first else { return }
      switch line[..<colon] {
      case "Debuggee command was":
        summary.command = words.joined(separator: " ")
      case "total runtime":
        summary.runtimeSeconds = Double(value.prefix { $0.isNumber || $0 == "." }.trimmedPoint)
      case "calls to allocation functions": summary.allocationCalls = Int64(value)
      case "temporary memory allocations": summary.temporaryAllocations = Int64(value)
      case "peak heap memory consumption": summary.peakHeapBytes = HeaptrackSummary.bytes(value)
      case "peak RSS (including heaptrack overhead)":
        summary.peakRSSBytes = HeaptrackSummary.bytes(value)
      case "total memory leaked": summary.leakedBytes = HeaptrackSummary.bytes(value)
      default: break
      }
    }
  }

  /// `12.08M` in bytes.
  private static func bytes(_ text: Substring) -> Double? {
    let scales: [Character: Double] = ["B": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    guard let last = text.last else { return nil }
    if let scale = scales[last] { return Double(text.dropLast()).map { $0 * scale } }
    return Double(text)
  }
}

extension Substring {
  fileprivate var trimmedPoint: Substring { hasSuffix(".") ? dropLast() : self }
}
