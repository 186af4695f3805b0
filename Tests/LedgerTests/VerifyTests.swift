import Comparison
import Findings
import Ledger
import Measurement
import Reporting
import RunRecords
import Testing

/// Claims are tested again, and whatever moved is seen.
@Suite struct VerifyTests {
  private let day = "2026-11-21"

  /// A shelf with a run and a faster one, which pays with its slow tail when asked to.
  private func shelf(tail: Double = 0.002) -> Shelf {
    let shelf = Shelf()
    shelf.put(
      "Profiles/a",
      ["capacity": Shelf.around(1_000), "search.response.p99": Shelf.around(0.002)])
    shelf.put(
      "Profiles/b",
      ["capacity": Shelf.around(2_000), "search.response.p99": Shelf.around(tail)])
    return shelf
  }

  private func tracker(_ shelf: Shelf, _ state: TrackedItem.State = .done) throws -> Tracker {
    var tracker = Tracker()
    _ = try tracker.add("Twice as fast", on: day)
    let sides = state == .done ? ["Profiles/a", "Profiles/b"] : ["Profiles/b", "Profiles/a"]
    let proof = try ProofMaker(shelf: shelf.room).proof(
      of: "T1", as: state, base: [sides[0]], new: [sides[1]], metrics: [])
    _ = try tracker.close("T1", as: state, proof: proof, on: day)
    return tracker
  }

  private func check(_ tracker: Tracker, _ shelf: Shelf) -> TrackerCheck {
    let page = TrackerMarkdown.render(tracker)
    return TrackerVerifier(shelf: shelf.room).check(
      tracker, file: "tracker.txt", document: page, rendered: page)
  }

  private func kinds(_ check: TrackerCheck) -> [TrackerCheck.Kind] { check.problems.map(\.kind) }

  @Test func `a claim that holds is told to hold`() throws {
    let shelf = shelf()
    let check = check(try tracker(shelf), shelf)
    #expect(check.holds && check.items[0].holding == 1)
  }

  @Test func `a run whose files changed is noticed although its figures are the same`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.touch("Profiles/b")
    #expect(kinds(check(tracker, shelf)) == [.changed])
  }

  @Test func `a run that is gone is noticed`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.lose("Profiles/a")
    #expect(kinds(check(tracker, shelf)) == [.vanished])
  }

  @Test func `a comparison that is no longer significant is noticed`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.put("Profiles/b", ["capacity": [600, 900, 1_100, 1_500, 1_000]])
    #expect(kinds(check(tracker, shelf)) == [.notSignificant])
  }

  @Test func `a comparison that says the opposite is noticed`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.put("Profiles/b", ["capacity": Shelf.around(400)])
    #expect(kinds(check(tracker, shelf)) == [.reversed])
  }

  @Test func `too few trials are noticed`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.put("Profiles/b", ["capacity": [2_000, 2_010, 1_990]])
    let check = check(tracker, shelf)
    #expect(kinds(check) == [.notSignificant])
    #expect(check.problems[0].message.contains("not to be told"))
  }

  @Test func `a result that the runs no longer share is noticed`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    shelf.put("Profiles/b", ["search.response.p99": Shelf.around(0.002)])
    #expect(kinds(check(tracker, shelf)) == [.missing])
  }

  @Test(arguments: ["change", "low", "high"])
  func `an edited figure is noticed, to the hundredth`(which: String) throws {
    let shelf = shelf()
    var text = try tracker(shelf).fileText
    let claim = try #require(text.split(separator: "\n").first { $0.hasPrefix("claim") })
    let figures = claim.split(separator: " ").filter { $0.contains("%") }
    let figure = figures[["change": 0, "low": 1, "high": 2][which] ?? 0]
      .filter { !"()".contains($0) }
    let old = try #require(Percent(figure))
    let new = Percent(hundredths: old.hundredths + (which == "low" ? -1 : 1))
    text = text.replacing(figure, with: new.signed, maxReplacements: 1)
    let edited = try TrackerParserDoor.parse(text)
    #expect(kinds(check(edited, shelf)) == [.otherFigures])
  }

  @Test func `a price is claimed with the gain, and cannot be edited away`() throws {
    let shelf = shelf(tail: 0.004)
    let tracker = try tracker(shelf)
    let claims = try #require(tracker.items[0].proof).claims
    #expect(claims.map(\.metric) == ["capacity", "search.response.p99"])
    #expect(claims.map(\.verdict) == [.better, .worse])
    #expect(check(tracker, shelf).holds)
    let text = tracker.fileText.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("p99") }.joined(separator: "\n")
    #expect(kinds(check(try TrackerParserDoor.parse(text), shelf)) == [.concealed])
  }

  @Test func `a page that says something else is noticed, and one that is missing`() throws {
    let shelf = shelf()
    let tracker = try tracker(shelf)
    let page = TrackerMarkdown.render(tracker)
    for other in [nil, page + "x", page.replacing("better", with: "best")] {
      let check = TrackerVerifier(shelf: shelf.room).check(
        tracker, file: "t", document: other, rendered: page)
      #expect(!check.holds && check.document != nil)
    }
  }

  // MARK: - Entering

  @Test func `nothing is done without a comparison that says so now`() throws {
    let shelf = shelf()
    shelf.put("Profiles/c", ["capacity": Shelf.around(1_005)])
    shelf.put("Profiles/few", ["capacity": [2_000, 2_001]])
    let maker = ProofMaker(shelf: shelf.room)
    for new in ["Profiles/c", "Profiles/few", "Profiles/nowhere"] {
      #expect(throws: TrackerError.self, "\(new)") {
        _ = try maker.proof(of: "T1", as: .done, base: ["Profiles/a"], new: [new])
      }
    }
    #expect(throws: TrackerError.self, "the wrong way round") {
      _ = try maker.proof(of: "T1", as: .done, base: ["Profiles/b"], new: ["Profiles/a"])
    }
    #expect(throws: TrackerError.self, "a result that did not improve") {
      _ = try maker.proof(
        of: "T1", as: .done, base: ["Profiles/a"], new: ["Profiles/b"],
        metrics: ["search.response.p99"])
    }
  }

  @Test func `what was tried in vain is no gain and no riddle`() throws {
    let shelf = shelf()
    shelf.put("Profiles/c", ["capacity": Shelf.around(1_005)])
    shelf.put("Profiles/few", ["capacity": [1_000, 1_001]])
    let maker = ProofMaker(shelf: shelf.room)
    let proof = try maker.proof(of: "T1", as: .tried, base: ["Profiles/a"], new: ["Profiles/c"])
    #expect(proof.claims.map(\.verdict) == [.unseen])
    #expect(try #require(proof.claims[0].detectable).hundredths > 0)
    for new in ["Profiles/b", "Profiles/few"] {
      #expect(throws: TrackerError.self, "\(new)") {
        _ = try maker.proof(of: "T1", as: .tried, base: ["Profiles/a"], new: [new])
      }
    }
  }

  @Test func `other data is refused as not comparable`() throws {
    let shelf = shelf()
    #expect {
      // A run against a folder without any result in common.
      shelf.put("Profiles/d", ["other": [1, 1, 1, 1, 1]])
      _ = try ProofMaker(shelf: shelf.room).proof(
        of: "T1", as: .done, base: ["Profiles/a"], new: ["Profiles/d"])
    } throws: { error in
      if case .notComparable = error as? TrackerError { true } else { false }
    }
  }

  // MARK: - The page

  @Test func `the page is the same for the same tracker, and names every claim`() throws {
    let tracker = try tracker(shelf())
    let page = TrackerMarkdown.render(tracker)
    #expect(page == TrackerMarkdown.render(try TrackerParserDoor.parse(tracker.fileText)))
    for part in ["+100.0 %", "`capacity`", "sha256:aaaa", "vbench compare Profiles/a Profiles/b"] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test(arguments: ["</script>", "|", "`", "[x](http://evil)", "@you", "a\nb", "# head"])
  func `a hostile title cannot leave its line`(name: String) throws {
    var tracker = Tracker()
    _ = try tracker.add(
      "t" + name,
      asked: .init(run: name, key: FindingKey(rule: name, role: name), title: name), on: day)
    let page = TrackerMarkdown.render(tracker)
    // Names stand in backticks, where nothing is read; titles do not.
    let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("- [ ] **T1**") })
    #expect(!line.contains("</script>") && !line.contains("@you") && !line.contains("t[x]"))
    #expect(page.split(separator: "\n").count == 5, "\(page)")
  }
}
