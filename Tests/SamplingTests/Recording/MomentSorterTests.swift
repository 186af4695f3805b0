import Testing

@testable import Sampling

struct MomentSorterTests {
  @Test func `moments of two rings come out in the order in which they happened`() {
    var sorter = MomentSorter()
    for time in [10, 30, 50, 20, 40] { sorter.append(moment(at: UInt64(time))) }
    #expect(finish(&sorter) == [10, 20, 30, 40, 50])
  }

  @Test func `a round gives out only what was made before the round before it`() {
    var sorter = MomentSorter()
    for time in [50, 90, 120] { sorter.append(moment(at: UInt64(time))) }
    #expect(round(&sorter, startedAt: 100).isEmpty)
    // A ring that was read early in the first round may still hold something from before it.
    sorter.append(moment(at: 95))
    #expect(round(&sorter, startedAt: 200) == [50, 90, 95])
    #expect(finish(&sorter) == [120])
    #expect(sorter.late == 0)
  }

  @Test func `a moment that comes too late is given out and counted`() {
    var sorter = MomentSorter()
    sorter.append(moment(at: 50))
    _ = round(&sorter, startedAt: 100)
    #expect(round(&sorter, startedAt: 200) == [50])
    sorter.append(moment(at: 40))
    #expect(finish(&sorter) == [40])
    #expect(sorter.late == 1)
  }

  @Test func `moments of one instant keep the order of their ring`() {
    var sorter = MomentSorter()
    sorter.append(Moment(time: 7, tid: 1, event: .stack(StackID(index: 0))))
    sorter.append(Moment(time: 7, tid: 1, event: .left(isPreempted: false)))
    var events: [Moment.Event] = []
    sorter.finish { events.append($0.event) }
    #expect(events == [.stack(StackID(index: 0)), .left(isPreempted: false)])
  }

  private func moment(at time: UInt64) -> Moment { Moment(time: time, tid: 1, event: .entered) }

  private func round(_ sorter: inout MomentSorter, startedAt start: UInt64) -> [UInt64] {
    var times: [UInt64] = []
    sorter.finishRound(startedAt: start) { times.append($0.time) }
    return times
  }

  private func finish(_ sorter: inout MomentSorter) -> [UInt64] {
    var times: [UInt64] = []
    sorter.finish { times.append($0.time) }
    return times
  }
}
