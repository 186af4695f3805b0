import Comparison
import Measurement
import RunRecords
import Testing

struct GateTests {
  private func gate(
    _ base: RunFolder, _ new: RunFolder, _ limit: Double = 0.03
  ) throws -> (comparison: RunComparison, gate: Gate) {
    var options = ComparisonOptions()
    options.gate = limit
    let comparison = try Comparer.compare(base: base, new: new, options: options)
    return (comparison, try #require(comparison.gate))
  }

  @Test func `sixty pairs of equal runs make at most three claims and never fail the gate`() throws
  {
    var runs = SimulatedRuns(seed: 1)
    var (claims, failures) = (0, 0)
    for _ in 0..<60 {
      let (comparison, gate) = try gate(runs.run("base"), runs.run("new"))
      #expect(comparison.results.count == 37)
      claims += comparison.results.count {
        $0.change.verdict == .better || $0.change.verdict == .worse
      }
      failures += gate.outcome == .failed ? 1 : 0
    }
    #expect(claims <= 3, "\(claims) claims")
    #expect(failures == 0)
  }

  @Test func `a fifth slower fails the gate, and faster does not`() throws {
    var runs = SimulatedRuns(seed: 2)
    var failures = 0
    for _ in 0..<30 {
      failures +=
        try gate(runs.run("base"), runs.run("new", speed: 0.8)).gate.outcome == .failed
        ? 1 : 0
      #expect(try gate(runs.run("base"), runs.run("new", speed: 1.3)).gate.outcome != .failed)
    }
    #expect(failures >= 27, "\(failures) of 30")
  }

  @Test func `a loss that is not there the second time leaves the gate open, and says so`() throws {
    var runs = SimulatedRuns(seed: 5)
    var failing = try gate(runs.run("base"), runs.run("new", speed: 0.6)).gate
    #expect(failing.outcome == .failed)
    failing.confirm(by: try gate(runs.run("base-2"), runs.run("new-2", speed: 1)).comparison)
    #expect(failing.outcome == .open && failing.failed.isEmpty)
    #expect(failing.sentence.contains("not again in base-2 against new-2 (capacity: "))
  }

  @Test func `a loss that is there again fails the gate`() throws {
    var runs = SimulatedRuns(seed: 6)
    var failing = try gate(runs.run("base"), runs.run("new", speed: 0.6)).gate
    failing.confirm(by: try gate(runs.run("base-2"), runs.run("new-2", speed: 0.6)).comparison)
    #expect(failing.outcome == .failed && failing.failed.contains("capacity"))
    #expect(failing.sentence.contains("and again in base-2 against new-2"))
  }

  @Test func `a gate that nothing could have tripped is open, and says by how much`() throws {
    var runs = SimulatedRuns(seed: 3)
    let (_, gate) = try gate(runs.run("base"), runs.run("new"))
    #expect(gate.outcome == .open)
    #expect(gate.open.allSatisfy { ($0.worst ?? 1) >= 0.03 } && !gate.open.isEmpty)
    #expect(gate.sentence.contains("none ruled out"))
  }

  @Test func `a headline result that is gone, or a run that failed, leaves a gate open`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    let steady = [1, 1.001, 0.999, 1, 1]
    left.results = [
      RunMaker.result("capacity", steady, unit: .perSecond, direction: .higherIsBetter),
      RunMaker.result("cpu.per.search", steady),
    ]
    right.results = left.results
    #expect(try gate(left.folder(), right.folder(), 0.25).gate.outcome == .passed)
    right.status = .failed
    let failed = try gate(left.folder(), right.folder(), 0.25).gate
    #expect(failed.outcome == .open && failed.sentence.contains("run did not end well"))
    right.status = .complete
    right.results.removeFirst()
    let gone = try gate(left.folder(), right.folder(), 0.25).gate
    #expect(gone.outcome == .open && gone.sentence.contains("capacity is gone"))
    // What only the new side has was never promised.
    #expect(try gate(right.folder(), left.folder(), 0.25).gate.outcome == .passed)
  }

  @Test func `what falls to nothing is worse, and nothing on both sides passes`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    func capacity(_ values: [Double]) -> [RunRecord.Result] {
      [RunMaker.result("capacity", values, unit: .perSecond, direction: .higherIsBetter)]
    }
    left.results = capacity([640, 642, 639, 644, 641])
    right.results = capacity([0, 0, 0, 0, 0])
    let (comparison, gate) = try gate(left.folder(), right.folder())
    #expect(comparison.outcome == .worse && gate.outcome == .failed)
    left.results = [RunMaker.result("Foo B/op", [0, 0, 0, 0, 0], unit: .bytes)]
    right.results = left.results
    #expect(try self.gate(left.folder(), right.folder()).gate.outcome == .passed)
    right.results = [RunMaker.result("Foo B/op", [64, 64, 64, 64, 64], unit: .bytes)]
    #expect(try self.gate(left.folder(), right.folder()).gate.outcome == .failed)
  }

  @Test func `a wide gate is passed by equal runs`() throws {
    var runs = SimulatedRuns(seed: 4, luck: 0.001, noise: 0.002)
    #expect(try gate(runs.run("base"), runs.run("new"), 0.25).gate.outcome == .passed)
  }

  @Test func `runs that may not be compared pass no gate`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    right.digest = "other"
    left.results = [RunMaker.result("capacity", [1, 1, 1, 1, 1])]
    right.results = left.results
    #expect(try gate(left.folder(), right.folder()).gate.outcome == .refused)
  }

  @Test func `a verdict of worse fails the gate only when it is surer than a verdict need be`()
    throws
  {
    let base = [1, 1.02, 0.98, 1.01, 0.99, 1]
    var seen: Set<Gate.Outcome> = []
    for step in 1...20 {
      let factor = 1.03 + Double(step) * 0.01
      var (left, right) = (RunMaker(), RunMaker())
      left.results = [RunMaker.result("search.response.p50", base)]
      right.results = [
        RunMaker.result(
          "search.response.p50",
          zip(base, [1.05, 0.97, 1.04, 0.95, 1.02, 0.97]).map {
            $0 * $1 * factor
          })
      ]
      let (comparison, gate) = try gate(left.folder(), right.folder())
      let row = try #require(comparison.results.first)
      guard row.change.verdict == .worse, let p = row.change.correctedP else { continue }
      #expect(gate.outcome == (p <= 0.01 ? .failed : .open))
      seen.insert(gate.outcome)
    }
    #expect(seen == [.failed, .open])
  }
}
