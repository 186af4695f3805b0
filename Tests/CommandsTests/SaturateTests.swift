import Testing

@testable import Commands

struct SaturateTests {
  /// Searches until there is an answer; `keeps` says what a rate does.
  private func search(
    start: Double, resolution: Double = 0.03, _ keeps: (Double, Int) -> Bool
  ) -> (answer: RateSearch.Step, steps: Int) {
    var search = RateSearch(start: start, floor: start / 64, resolution: resolution)
    for step in 0..<200 {
      switch search.next {
      case .probe(let rate), .confirm(let rate, _): search.tell(rate, kept: keeps(rate, step))
      case .found, .nothing: return (search.next, step)
      }
    }
    return (search.next, 200)
  }

  @Test(arguments: [20.0, 47, 333, 999, 1_000, 1_234, 1_980, 55_555])
  func `the border is found within the resolution, in few steps`(border: Double) {
    let (answer, steps) = search(start: 1_000) { rate, _ in rate <= border }
    guard case .found(let rate) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(rate <= border && rate > border / 1.04, "\(rate) for \(border)")
    #expect(steps <= 25, "\(steps) for \(border)")
  }

  @Test func `a promise that nothing keeps ends at the floor, soon`() {
    let (answer, steps) = search(start: 1_000) { _, _ in false }
    #expect(answer == .nothing(lowest: RateSearch.rounded(1_000 / 64)))
    #expect(steps <= 8)
  }

  @Test func `luck in the search does not pass the confirmation`() {
    // Once, and once only, a rate far too high seems to keep.
    let (answer, _) = search(start: 1_000) { rate, step in rate <= 1_200 || step == 1 }
    guard case .found(let rate) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(rate <= 1_200 && rate > 1_150, "\(rate)")
  }

  @Test func `a winner is confirmed twice in a row before it is one`() {
    var search = RateSearch(start: 100, floor: 1, resolution: 0.5)
    search.tell(100, kept: true)
    #expect(search.next == .probe(140))
    search.tell(140, kept: false)
    #expect(search.next == .confirm(100, done: 0))
    search.tell(100, kept: true)
    #expect(search.next == .confirm(100, done: 1))
    search.tell(100, kept: false)
    #expect(search.next == .probe(50), "nothing below it is known to keep")
  }

  private func promise(_ text: String, _ floor: Double? = nil) throws -> Promise {
    try Promise(
      text, standardKind: "search", recallFloor: floor, SaturateCommand.command)
  }

  @Test func `a promise is read term by term`() throws {
    let terms = try promise("p99=10ms,insert.p50=2s,err=0.1%", 0.95).terms
    #expect(
      terms.map(\.result) == [
        "search.response.p99", "insert.response.p50", "errors", "search.recall",
      ])
    #expect(terms.map(\.limit) == [0.01, 2, 0.001, 0.95])
    #expect(terms.map(\.isFloor) == [false, false, false, true])
  }

  @Test(arguments: [
    "p99", "p98=1ms", "p99=fast", "p99=-1s", "scan.p99=1ms", "err=2", "", "a.b.p99=1s",
  ])
  func `a promise that means nothing is refused`(text: String) {
    #expect(throws: Failure.self) { try promise(text) }
  }
}
