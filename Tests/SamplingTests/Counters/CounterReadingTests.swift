import Testing

@testable import Sampling

struct CounterReadingTests {
  @Test func `a counter that had all the time says what it counted`() {
    #expect(CounterReading(value: 7, enabled: 100, running: 100).scaled == 7)
  }

  @Test func `a counter that took turns is stretched to the whole time`() {
    #expect(CounterReading(value: 30, enabled: 100, running: 25).scaled == 120)
    #expect(CounterReading(value: 10, enabled: 100, running: 30).scaled == 33)
    #expect(CounterReading(value: 11, enabled: 100, running: 30).scaled == 37)
  }

  @Test func `large counts are stretched without running over`() {
    let large = CounterReading(value: 1 << 62, enabled: 3_000_000_000, running: 2_000_000_000)
    #expect(large.scaled == 3 << 61)
    #expect(CounterReading(value: .max, enabled: .max, running: 1).scaled == nil)
  }

  @Test func `a counter that never had its turn says nothing`() {
    #expect(CounterReading(value: 0, enabled: 100, running: 0).scaled == nil)
  }

  @Test func `a difference never falls below zero`() {
    let reading = CounterReading(value: 10, enabled: 20, running: 5)
    let earlier = CounterReading(value: 4, enabled: 30, running: 5)
    #expect(reading.since(earlier) == CounterReading(value: 6, enabled: 0, running: 0))
  }

  @Test func `threads are scaled each by its own turns and added up`() {
    let state = CounterState(
      .cycles,
      [
        CounterReading(value: 30, enabled: 100, running: 50),
        CounterReading(value: 40, enabled: 300, running: 300), CounterReading(),
      ])
    #expect(state == .counted(value: 100, runningShare: 0.875))
  }

  @Test func `without a turn a processor's event is not counted`() {
    #expect(
      CounterState(.cycles, [CounterReading(value: 0, enabled: 9, running: 0)]) == .notCounted)
    #expect(CounterState(.cycles, [CounterReading()]) == .notCounted)
  }

  @Test func `a process that never ran has no faults, and that is a count`() {
    #expect(CounterState(.pageFaults, [CounterReading()]) == .counted(value: 0, runningShare: 1))
  }
}
