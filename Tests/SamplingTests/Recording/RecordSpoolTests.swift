@testable import Sampling
import Testing

struct RecordSpoolTests {
  /// A record of `count` bytes `fill` at `start` of a buffer, with a stack of `filled` bytes.
  private func sample(
    _ tid: Int32, fill: UInt8, at start: Int, count: Int, filled: Int
  ) -> (record: PerfRecord, bytes: [UInt8], range: Range<Int>) {
    var sample = PerfRecord.Sample(kind: .cpuClock, instruction: 0, pid: 1, tid: tid, time: 0)
    sample.callChain = start + 8..<start + 16
    sample.registers = start + 16..<start + 24
    sample.stack = start + 24..<start + 24 + filled
    var bytes = [UInt8](repeating: 0xEE, count: start + count + 100)
    for index in start..<start + count { bytes[index] = fill }
    return (.sample(sample), bytes, start..<start + count)
  }

  @Test func `what is handed over is what came, in its order`() {
    var spool = RecordSpool()
    let ended = PerfRecord.died(pid: 1, tid: 9, time: 3)
    let first = sample(1, fill: 0xA1, at: 0, count: 200, filled: 40)
    let second = sample(2, fill: 0xB2, at: 16, count: 300, filled: 100)
    spool.keep(first.record, first.bytes, first.range)
    spool.keep(ended, [], 0..<0)
    spool.keep(second.record, second.bytes, second.range)
    #expect(spool.byteCount == 64 + 124, "the room behind a stack is not kept")
    var seen: [Int32] = []
    spool.empty { record, bytes in
      guard case .sample(let sample) = record else {
        #expect(record == ended)
        return seen.append(0)
      }
      let fill: UInt8 = sample.tid == 1 ? 0xA1 : 0xB2
      #expect(bytes[sample.callChain].allSatisfy { $0 == fill } && sample.callChain.count == 8)
      #expect(bytes[sample.registers].allSatisfy { $0 == fill } && sample.registers.count == 8)
      #expect(bytes[sample.stack].allSatisfy { $0 == fill })
      #expect(sample.stack.count == (sample.tid == 1 ? 40 : 100))
      #expect(sample.raw.isEmpty)
      seen.append(sample.tid)
    }
    #expect(seen == [1, 0, 2])
    spool.empty { _, _ in Issue.record("it was emptied") }
    #expect(spool.byteCount == 0)
  }

  @Test func `many records need many chunks, and none is lost`() {
    var spool = RecordSpool()
    for tid in 0..<300 {
      let one = sample(Int32(tid), fill: UInt8(tid % 251), at: 0, count: 60_000, filled: 40_000)
      spool.keep(one.record, one.bytes, one.range)
    }
    var next: Int32 = 0
    spool.empty { record, bytes in
      guard case .sample(let sample) = record else { return }
      #expect(sample.tid == next)
      #expect(bytes[sample.stack.lowerBound] == UInt8(next % 251))
      #expect(bytes[sample.stack.upperBound - 1] == UInt8(next % 251))
      next += 1
    }
    #expect(next == 300)
  }

  @Test func `switches are counted as long as nobody looked at them`() {
    var spool = RecordSpool()
    for direction in [PerfRecord.Switch.Direction.left, .entered, .preempted] {
      spool.keep(
        .switched(.init(direction: direction, pid: 1, tid: 1, time: 0)), [], 0..<0)
    }
    #expect(spool.switches == 2)
    spool.empty { _, _ in }
    #expect(spool.switches == 0)
  }
}
