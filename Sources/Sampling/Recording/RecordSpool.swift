/// Records that are kept as they came, to be looked at when the watched program is through.
///
/// Unwinding takes a core, and what lies in its caches, from whoever is being timed there. Of a
/// sample only the part of the stack is kept that was filled.
struct RecordSpool {
  private struct Kept {
    let record: PerfRecord
    let chunk: Int
  }

  private var records: [Kept] = []
  /// Chunks, because one array that grows is copied again and again.
  private var chunks: [[UInt8]] = []
  private(set) var byteCount = 0
  /// How often a thread left its core.
  private(set) var switches = 0

  private static let chunkBytes = 4 << 20

  mutating func keep(_ record: PerfRecord, _ bytes: [UInt8], _ range: Range<Int>) {
    guard case .sample(var sample) = record else {
      if case .switched(let change) = record, change.direction != .entered { switches += 1 }
      records.append(Kept(record: record, chunk: 0))
      return
    }
    // The stack is the last long part of a record.
    let end = sample.stack.isEmpty ? range.upperBound : sample.stack.upperBound
    let count = end - range.lowerBound
    if chunks.isEmpty || chunks[chunks.count - 1].count + count > Self.chunkBytes {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkBytes)
    }
    let last = chunks.count - 1
    sample.move(by: chunks[last].count - range.lowerBound)
    chunks[last] += bytes[range.lowerBound..<end]
    byteCount += count
    records.append(Kept(record: .sample(sample), chunk: last))
  }

  /// Hands over what is kept, in its order, and forgets it.
  mutating func empty(_ take: (PerfRecord, [UInt8]) -> Void) {
    let (records, chunks) = (records, chunks)
    self = RecordSpool()
    for kept in records {
      take(kept.record, chunks.indices.contains(kept.chunk) ? chunks[kept.chunk] : [])
    }
  }
}

extension PerfRecord.Sample {
  fileprivate mutating func move(by distance: Int) {
    func moved(_ range: Range<Int>) -> Range<Int> {
      range.isEmpty ? 0..<0 : range.lowerBound + distance..<range.upperBound + distance
    }
    (callChain, raw) = (moved(callChain), moved(raw))
    (registers, stack) = (moved(registers), moved(stack))
  }
}
