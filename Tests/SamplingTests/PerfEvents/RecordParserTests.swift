import Basics
import Testing

@testable import Sampling

struct RecordParserTests {
  private static let mask: UInt64 = 0b11

  private var parser: RecordParser {
    var layouts = EventLayouts()
    layouts.add(7, .cpuClock)
    layouts.add(8, .waking)
    return RecordParser(layouts: layouts, registerMask: Self.mask)
  }

  @Test func `a clock sample gives thread, period, call chain, registers and the real stack`()
    throws
  {
    let bytes = RecordBuilder.clockSample(tid: 42, time: 1_000, stack: Array(1...16), used: 10)
    let record = try parser.parse(bytes, bytes.indices)
    guard case .sample(let sample) = record else {
      Issue.record("not a sample: \(String(describing: record))")
      return
    }
    #expect(sample.kind == .cpuClock)
    #expect(sample.tid == 42)
    #expect(sample.time == 1_000)
    #expect(sample.period == 1_001_001)
    #expect(sample.callChain.count == 16)
    #expect(sample.registers.count == 16)
    #expect(Array(bytes[sample.stack]) == Array(1...10))
  }

  @Test func `a waking sample has its payload and no period`() throws {
    let bytes = RecordBuilder.wakingSample(time: 5, payload: [9, 8, 7, 6])
    guard case .sample(let sample) = try parser.parse(bytes, bytes.indices) else {
      Issue.record("not a sample")
      return
    }
    #expect(sample.kind == .waking)
    #expect(sample.period == 0)
    #expect(Array(bytes[sample.raw]) == [9, 8, 7, 6])
  }

  @Test(arguments: [
    (UInt16(0), PerfRecord.Switch.Direction.entered), (0x2000, .left), (0x6000, .preempted),
  ])
  func `a switch says whether the thread came, went or was pushed`(
    misc: UInt16, direction: PerfRecord.Switch.Direction
  ) throws {
    let bytes = RecordBuilder.switched(misc: misc, tid: 3, time: 77)
    let expected = PerfRecord.Switch(direction: direction, pid: 1, tid: 3, time: 77)
    #expect(try parser.parse(bytes, bytes.indices) == .switched(expected))
  }

  @Test func `lost records come with their count`() throws {
    let bytes = RecordBuilder.lost(1_234)
    #expect(try parser.parse(bytes, bytes.indices) == .lost(count: 1_234))
  }

  @Test func `a mapping carries its build id and its path`() throws {
    let bytes = RecordBuilder.mapping(path: "/lib/x.so", buildID: [1, 2, 3, 4])
    guard case .mapping(let mapping) = try parser.parse(bytes, bytes.indices) else {
      Issue.record("not a mapping")
      return
    }
    #expect(mapping.path == "/lib/x.so")
    #expect(mapping.buildID == [1, 2, 3, 4])
    #expect(mapping.isExecutable)
    #expect(mapping.time == 99)
  }

  @Test func `a sample of an event we did not open is left alone`() throws {
    var bytes = RecordBuilder.clockSample(tid: 1, time: 1, stack: [], used: 0)
    bytes[8] = 200
    #expect(try parser.parse(bytes, bytes.indices) == nil)
  }

  @Test func `a sample cut at any byte is an error or nothing, never a trap`() {
    let whole = RecordBuilder.clockSample(tid: 42, time: 1, stack: Array(1...16), used: 16)
    for length in 0..<whole.count {
      let cut = Array(whole[..<length])
      #expect(throws: RecordError.self) { try parser.parse(cut, cut.indices) }
    }
  }

  @Test(arguments: 0..<8) func `mutated records never yield a range outside the record`(
    seed: Int
  ) {
    var random = SeededRandom(UInt64(seed))
    let originals = [
      RecordBuilder.clockSample(tid: 42, time: 1, stack: Array(1...16), used: 16),
      RecordBuilder.wakingSample(time: 5, payload: [9, 8, 7, 6]),
      RecordBuilder.mapping(path: "/lib/x.so", buildID: [1, 2, 3, 4]),
      RecordBuilder.switched(misc: 0x2000, tid: 3, time: 77), RecordBuilder.lost(3),
    ]
    for _ in 0..<4_000 {
      var bytes = originals[random.below(originals.count)]
      for _ in 0...random.below(6) {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      guard let record = try? parser.parse(bytes, bytes.indices),
        case .sample(let sample) = record
      else { continue }
      for range in [sample.callChain, sample.raw, sample.registers, sample.stack] {
        #expect(
          range.isEmpty || (range.lowerBound >= 0 && range.upperBound <= bytes.count),
          "seed \(seed): \(bytes)")
      }
    }
  }
}
