/// What valgrind's cachegrind leaves behind: counts of simulated events, line by line of the source.
///
///     desc: D1 cache:         32768 B, 64 B, 8-way associative
///     cmd: ./program
///     events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw Bc Bcm Bi Bim
///     fl=/src/a.c
///     fn=main
///     12 34 1 1 5 0 0 2 0 0 4 1 0 0
///     summary: 34 1 1 5 0 0 2 0 0 4 1 0 0
///
/// Which events there are and in which order is the file's to say: versions of valgrind and its
/// flags differ. Only the counts of whole functions are kept. They must add up to the summary, or
/// the file is not whole.
package struct CachegrindFile: Sendable, Equatable {
  package struct Cache: Sendable, Equatable {
    /// `I1`, `D1` or `LL`.
    package var name: String
    package var bytes: Int
    package var lineBytes: Int
    package var ways: Int
  }

  package private(set) var command: String?
  package private(set) var caches: [Cache] = []
  /// `Ir`, `D1mr` and so on.
  package private(set) var events: [String] = []
  /// The linker's name of a function → its counts, one for each event.
  package private(set) var functions: [String: [Int]] = [:]
  package private(set) var summary: [Int] = []

  private static let eventsMax = 64
  private static let functionsMax = 1_000_000
  private static let nameBytesMax = 64 << 10
  private static let tool = "a file of cachegrind"

  private init() {}

  package static func read(_ bytes: [UInt8]) throws(ForeignError) -> CachegrindFile {
    if bytes.isEmpty { throw .empty }
    var file = CachegrindFile()
    var lines = TextLines(bytes)
    var function = "???"
    while let line = lines.next() {
      if line.isEmpty || bytes[line.lowerBound] == UInt8(ascii: "#") { continue }
      if !file.summary.isEmpty { throw damaged(lines, "something stands behind the summary") }
      if [UInt8].decimal(bytes[line.lowerBound]) != nil {
        try file.add(bytes, line, to: function, lines)
      } else if bytes.has("fn=", at: line) {
        function = try name(bytes, line.dropFirst(3), lines)
      } else {
        try file.readHead(bytes, line, lines)
      }
    }
    if file.events.isEmpty { throw .unknown("it has no line that names cachegrind's events") }
    try file.checkSum(lines)
    return file
  }

  // MARK: - Lines

  private mutating func readHead(
    _ bytes: [UInt8], _ line: Range<Int>, _ lines: TextLines
  ) throws(ForeignError) {
    if bytes.has("events:", at: line) {
      if !events.isEmpty { throw Self.damaged(lines, "events are named a second time") }
      events = bytes.words(line, limit: Self.eventsMax + 1).dropFirst().map { bytes.text($0) }
      if events.isEmpty || Set(events).count < events.count || events.count >= Self.eventsMax {
        throw Self.damaged(lines, "its events are none, too many or not different")
      }
    } else if bytes.has("summary:", at: line) {
      summary = try counts(bytes, (line.lowerBound + 8)..<line.upperBound, lines)
    } else if bytes.has("desc:", at: line) {
      if let cache = Self.cache(bytes.text(line.dropFirst(5).prefix(1_000))), caches.count < 16 {
        caches.append(cache)
      }
    } else if bytes.has("cmd:", at: line) {
      command = bytes.text(bytes.trimmed(line.dropFirst(4).prefix(Self.nameBytesMax)))
    } else if !["fl=", "fi=", "fe=", "ob="].contains(where: { bytes.has($0, at: line) }) {
      throw Self.damaged(lines, "it is no line that cachegrind writes")
    }
  }

  private static func name(
    _ bytes: [UInt8], _ range: Range<Int>, _ lines: TextLines
  ) throws(ForeignError) -> String {
    if range.count > nameBytesMax {
      throw damaged(lines, "a name is longer than \(nameBytesMax) bytes")
    }
    return bytes.text(range)
  }

  /// A source line's number, then its counts.
  private mutating func add(
    _ bytes: [UInt8], _ line: Range<Int>, to function: String, _ lines: TextLines
  ) throws(ForeignError) {
    guard !events.isEmpty else { throw Self.damaged(lines, "counts stand before their events") }
    guard let number = bytes.word(from: line.lowerBound, in: line), bytes.number(number) != nil
    else { throw Self.damaged(lines, "its number of a source line is none") }
    let counts = try counts(bytes, number.upperBound..<line.upperBound, lines)
    guard functions[function] != nil || functions.count < Self.functionsMax else {
      throw Self.damaged(lines, "there are more than \(Self.functionsMax) functions")
    }
    var sums = functions[function] ?? [Int](repeating: 0, count: events.count)
    for index in counts.indices {
      let (sum, overflow) = sums[index].addingReportingOverflow(counts[index])
      if overflow { throw Self.damaged(lines, "its counts are too large to be added up") }
      sums[index] = sum
    }
    functions[function] = sums
  }

  /// Fewer counts than events mean that the rest is zero; a point is a zero, too.
  private func counts(
    _ bytes: [UInt8], _ range: Range<Int>, _ lines: TextLines
  ) throws(ForeignError) -> [Int] {
    let words = bytes.words(range, limit: Self.eventsMax + 1)
    if words.count > events.count {
      throw Self.damaged(
        lines, "it has \(words.count) counts and there are \(events.count) events")
    }
    var counts = [Int](repeating: 0, count: events.count)
    for (index, word) in words.enumerated() {
      if word.count == 1, bytes[word.lowerBound] == UInt8(ascii: ".") { continue }
      guard let count = bytes.number(word), count >= 0 else {
        throw Self.damaged(lines, "`\(bytes.text(word.prefix(40)))` is no count")
      }
      counts[index] = Int(count)
    }
    return counts
  }

  /// `I1 cache:  32768 B, 64 B, 8-way associative`; nil for a description of something else.
  private static func cache(_ text: String) -> Cache? {
    let words = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == "\t" }
    guard words.count >= 7, words[1] == "cache", let bytes = Int(words[2]), words[3] == "B",
      let line = Int(words[4]), words[5] == "B", let ways = ways(words[6]), bytes > 0, line > 0,
      ways > 0
    else { return nil }
    return Cache(name: String(words[0].prefix(16)), bytes: bytes, lineBytes: line, ways: ways)
  }

  private static func ways(_ word: Substring) -> Int? {
    if word == "direct-mapped" { return 1 }
    return word.hasSuffix("-way") ? Int(word.dropLast(4)) : nil
  }

  // MARK: - Sums

  private func checkSum(_ lines: TextLines) throws(ForeignError) {
    if summary.isEmpty { throw Self.damaged(lines, "it ends without its summary") }
    for (index, event) in events.enumerated() {
      var sum = 0
      for counts in functions.values {
        let (next, overflow) = sum.addingReportingOverflow(counts[index])
        if overflow { throw Self.damaged(lines, "its counts are too large to be added up") }
        sum = next
      }
      if sum != summary[index] {
        throw Self.damaged(
          lines, "\(event) adds up to \(sum) and the summary says \(summary[index])")
      }
    }
  }

  private static func damaged(_ lines: TextLines, _ reason: String) -> ForeignError {
    .damagedReport(tool, lines.place, reason)
  }

  /// Where an event's counts stand; nil where the file has no such event.
  package func column(_ event: String) -> Int? { events.firstIndex(of: event) }
}
