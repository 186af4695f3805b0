import Testing

@testable import Sampling

struct RecordSorterTests {
  @Test func `records of two rings come out in the order in which they were made`() {
    var sorter = RecordSorter()
    for time in [10, 30, 50] { sorter.append(switched(at: UInt64(time))) }
    for time in [20, 40] { sorter.append(switched(at: UInt64(time))) }
    #expect(finish(&sorter) == [10, 20, 30, 40, 50])
  }

  @Test func `a round gives out only what was made before the round before it`() {
    var sorter = RecordSorter()
    for time in [50, 90, 120] { sorter.append(switched(at: UInt64(time))) }
    #expect(round(&sorter, startedAt: 100).isEmpty)
    // A ring that was read early in the first round may still hold something from before it.
    sorter.append(switched(at: 95))
    #expect(round(&sorter, startedAt: 200) == [50, 90, 95])
    #expect(finish(&sorter) == [120])
    #expect(sorter.late == 0)
  }

  @Test func `a record that comes too late is given out and counted`() {
    var sorter = RecordSorter()
    sorter.append(switched(at: 50))
    _ = round(&sorter, startedAt: 100)
    #expect(round(&sorter, startedAt: 200) == [50])
    sorter.append(switched(at: 40))
    #expect(finish(&sorter) == [40])
    #expect(sorter.late == 1)
  }

  private func switched(at time: UInt64) -> [UInt8] {
    RecordBuilder.switched(misc: 0, tid: 1, time: time)
  }

  private func round(_ sorter: inout RecordSorter, startedAt start: UInt64) -> [UInt64] {
    var times: [UInt64] = []
    sorter.finishRound(startedAt: start) { times.append(RecordParser.time(of: $0, $1) ?? 0) }
    return times
  }

  private func finish(_ sorter: inout RecordSorter) -> [UInt64] {
    var times: [UInt64] = []
    sorter.finish { times.append(RecordParser.time(of: $0, $1) ?? 0) }
    return times
  }
}
