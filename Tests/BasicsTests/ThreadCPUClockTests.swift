import Basics
import Testing

@Suite struct ThreadCPUClockTests {
  @Test func `what is read, without what the host took, is the thread's own account`() {
    let began = Clock.threadCPU()
    let clock = ThreadCPUClock()
    let first = clock.read().cpu
    var number: UInt64 = 1
    while Clock.threadCPU() - began < 50_000_000 { number = number &* 48_271 &+ 11 }
    let counted = Double(clock.read().cpu - first) * clock.shareOfOwn
    let own = Double(Clock.threadCPU() - began)
    #expect(number != 0 && abs(counted / own - 1) < 0.05, "\(counted) of \(own)")
    #expect(clock.shareOfOwn > 0 && clock.shareOfOwn <= 1)
  }

  @Test func `a reading lies between its two moments`() {
    let before = Clock.now()
    let reading = ThreadCPUClock().read()
    #expect(before <= reading.beginning && before <= reading.end && reading.end <= Clock.now())
  }
}
