import Findings
import Ledger
import Testing

/// What an item may become, and what it must bring for it.
@Suite struct TrackerTests {
  private let day = "2026-11-21"
  private let proof = Proof(
    base: [.init(path: "Profiles/a", digest: "sha256:" + String(repeating: "0", count: 64))],
    new: [.init(path: "Profiles/b", digest: "sha256:" + String(repeating: "1", count: 64))],
    claims: [
      .init(
        metric: "capacity", verdict: .better, change: Percent(hundredths: 2_000),
        low: Percent(hundredths: 1_500), high: Percent(hundredths: 2_500))
    ])

  private func tracker() throws -> Tracker {
    var tracker = Tracker()
    _ = try tracker.add("One", on: day)
    _ = try tracker.add("Two", on: day)
    return tracker
  }

  @Test func `items are numbered on, also after the first ones are gone from the file`() throws {
    var tracker = try tracker()
    #expect(tracker.items.map(\.id) == ["T1", "T2"])
    var later = try TrackerParserDoor.parse(
      "vbench-tracker 1\n\nitem T9 Nine\nstate pending 2026-11-21\n")
    #expect(try later.add("Ten", on: day).id == "T10")
    #expect(try tracker.add("Three", on: day).id == "T3")
  }

  @Test func `open items can be closed, closed ones only reopened`() throws {
    var tracker = try tracker()
    #expect(try tracker.deferItem("T1", because: "later", on: day).state == .deferred)
    #expect(try tracker.close("T1", as: .done, proof: proof, on: day).state == .done)
    for verb in ["defer", "accept", "done", "tried"] {
      #expect(throws: TrackerError.self, "\(verb)") {
        switch verb {
        case "defer": _ = try tracker.deferItem("T1", because: "x", on: day)
        case "accept": _ = try tracker.accept("T1", because: "x", on: day)
        case "done": _ = try tracker.close("T1", as: .done, proof: proof, on: day)
        default: _ = try tracker.close("T1", as: .tried, proof: proof, on: day)
        }
      }
    }
    let again = try tracker.reopen("T1", because: "it came back", on: day)
    #expect(again.state == .pending && again.proof == nil)
    #expect(again.history.count == 2 && again.history[1].contains("capacity +20.00%"))
  }

  @Test func `to defer, accept or reopen wants a reason of more than blanks`() throws {
    var tracker = try tracker()
    #expect(throws: TrackerError.self) { _ = try tracker.deferItem("T1", because: " \n", on: day) }
    #expect(throws: TrackerError.self) { _ = try tracker.accept("T1", because: "", on: day) }
    #expect(throws: TrackerError.self) { _ = try tracker.reopen("T1", because: "x", on: day) }
    #expect(throws: TrackerError.self) { _ = try tracker.add("\u{200B} \t", on: day) }
    #expect(tracker.items.allSatisfy { $0.state == .pending })
  }

  @Test func `an item that is not there is named with those that are`() throws {
    var tracker = try tracker()
    #expect {
      try tracker.deferItem("T7", because: "x", on: day)
    } throws: {
      "\($0)".contains("no item T7") && "\($0)".contains("T1, T2")
    }
  }

  @Test func `a finding is answered by its key in any run, and only by its own`() throws {
    var tracker = try tracker()
    let key = FindingKey(rule: "C1", role: "engine", operation: "insert")
    let asked = TrackedItem.Asked(run: "Profiles/a", key: key, title: "it costs")
    _ = try tracker.link("T2", to: asked)
    _ = try tracker.link("T2", to: asked)
    #expect(try tracker.item("T2").asked.count == 1)
    #expect(tracker.notes(on: key).map(\.item) == ["T2"])
    #expect(tracker.notes(on: FindingKey(rule: "C1", role: "engine")).isEmpty)
    #expect(tracker.notes(on: FindingKey(rule: "C2", role: "engine", operation: "insert")).isEmpty)
  }
}
