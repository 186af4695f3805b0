/// Puts the records of several rings into the order in which they were made.
///
/// A thread leaves one processor and goes on at another, so its records lie in different rings.
/// Rings are drained in rounds. When a round is over, everything made before the *previous* round
/// began has surely been read from every ring, and can be given out in order; the rest waits.
/// A ring without records holds nobody back, because the clock decides and not the neighbor.
struct RecordSorter {
  private struct Entry {
    let time: UInt64
    let start: Int
    let size: Int
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  private var previousRound: UInt64 = 0
  private var latest: UInt64 = 0
  /// Records that came after younger ones had been given out.
  private(set) var late = 0

  /// Adds one record, header included.
  mutating func append(_ record: [UInt8]) {
    let start = bytes.count
    bytes += record
    // A record without a time goes out with the next batch.
    let time = RecordParser.time(of: bytes, start..<bytes.count) ?? 0
    entries.append(Entry(time: time, start: start, size: bytes.count - start))
  }

  /// Ends a round that began at `start` by the clock of the records.
  mutating func finishRound(startedAt start: UInt64, _ give: ([UInt8], Range<Int>) -> Void) {
    emit(through: previousRound, give)
    previousRound = start
  }

  /// Gives out all that is left: nothing will come any more.
  mutating func finish(_ give: ([UInt8], Range<Int>) -> Void) { emit(through: .max, give) }

  private mutating func emit(through limit: UInt64, _ give: ([UInt8], Range<Int>) -> Void) {
    // Stable, so that records of one instant keep the order of their ring.
    let order = entries.indices.sorted {
      (entries[$0].time, $0) < (entries[$1].time, $1)
    }
    let ready = order.prefix { entries[$0].time <= limit }
    for index in ready {
      let entry = entries[index]
      if entry.time < latest, entry.time != 0 { late += 1 }
      latest = max(latest, entry.time)
      give(bytes, entry.start..<(entry.start + entry.size))
    }
    keep(order.dropFirst(ready.count))
  }

  private mutating func keep(_ waiting: ArraySlice<Int>) {
    var kept: [UInt8] = []
    var rest: [Entry] = []
    for index in waiting {
      let entry = entries[index]
      rest.append(Entry(time: entry.time, start: kept.count, size: entry.size))
      kept += bytes[entry.start..<(entry.start + entry.size)]
    }
    (bytes, entries) = (kept, rest)
  }
}
