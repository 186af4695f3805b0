import Comparison
import Measurement
import RunRecords
import Testing
import Vocabulary

struct ComparabilityTests {
  private let values = [0.0101, 0.0099, 0.0102, 0.0098, 0.0100]

  private func maker(_ name: String) -> RunMaker {
    var maker = RunMaker()
    maker.name = name
    maker.results = [
      RunMaker.result("search.response.p50", values),
      RunMaker.result(
        "capacity", [800, 810, 790, 805, 795], unit: .perSecond, direction: .higherIsBetter),
    ]
    return maker
  }

  private func compare(
    allow: Set<String> = [], _ edit: (inout RunMaker) -> Void
  ) throws -> RunComparison {
    var new = maker("new")
    edit(&new)
    return try Comparer.compare(
      base: maker("base").folder(), new: new.folder(), options: ComparisonOptions(allow: allow))
  }

  @Test(arguments: ["top-k", "ef", "durability", "read-ratio", "a-knob-of-the-future"])
  func `a setting that belongs to the question is refused, and allowed on request`(
    name: String
  ) throws {
    let refused = try compare { $0.settings[name] = "other" }
    #expect(refused.outcome == .notComparable)
    #expect(refused.refusals.map(\.name) == [name])
    #expect(refused.results.allSatisfy { $0.change.verdict == .cannotTell })
    #expect(refused.headline.contains(name))
    let allowed = try compare(allow: [name]) { $0.settings[name] = "other" }
    #expect(allowed.refusals.isEmpty)
    #expect(allowed.differences.map(\.standing) == [.allowed])
    #expect(allowed.outcome == .noDifferenceSeen)
  }

  @Test(arguments: ["kernel", "scratch", "visited", "group-commit", "sync-interval"])
  func `a setting of how the engine works is the change under test`(name: String) throws {
    let comparison = try compare { $0.settings[name] = "other" }
    #expect(comparison.refusals.isEmpty)
    #expect(comparison.changesUnderTest.map(\.name) == [name])
    #expect(comparison.outcome == .noDifferenceSeen)
  }

  @Test func `another dataset, dimension, metric, command or sampling is refused`() throws {
    let edits: [(String, (inout RunMaker) -> Void)] = [
      ("dataset-digest", { $0.digest = "def" }), ("dims", { $0.dimensions = 384 }),
      ("metric", { $0.metric = .l2 }), ("command", { $0.command = "search-only" }),
      ("profiling", { $0.hertz = 0 }),
    ]
    for (name, edit) in edits {
      #expect(try compare(edit).refusals.map(\.name) == [name])
    }
  }

  @Test func `another machine is refused, another revision is under test`() throws {
    let machine = try compare {
      $0.environment?.cores = 8
      $0.environment?.fileSystem = "tmpfs"
    }
    #expect(machine.refusals.map(\.name) == ["cores", "file-system"])
    let revision = try compare { $0.environment?.gitRevision = "2222" }
    #expect(revision.refusals.isEmpty)
    #expect(revision.changesUnderTest.map(\.name) == ["revision"])
    let unknown = try compare { $0.environment = nil }
    #expect(unknown.refusals.isEmpty)
    #expect(unknown.notes.contains { $0.contains("which machine") })
  }

  @Test func `at unequal rates latencies are not compared and capacity is`() throws {
    let comparison = try compare { $0.settings["rate"] = "1300" }
    #expect(comparison.refusals.map(\.scope) == [.paced])
    let verdicts = Dictionary(
      uniqueKeysWithValues: comparison.results.map { ($0.name, $0.change.verdict) })
    #expect(verdicts == ["search.response.p50": .cannotTell, "capacity": .noDifferenceSeen])
    #expect(comparison.outcome == .noDifferenceSeen)
    #expect(try compare { $0.settings["rate"] = "1200.5" }.refusals.isEmpty)
  }

  @Test func `numbers spelled differently are the same setting`() throws {
    #expect(try compare { $0.settings["read-ratio"] = "0.90" }.differences.isEmpty)
  }

  private func withRecall(_ values: [Double]) throws -> RunComparison {
    func recall(_ values: [Double]) -> RunRecord.Result {
      RunMaker.result("search.recall", values, unit: .ratio, direction: .higherIsBetter)
    }
    var base = maker("base")
    base.results.append(recall([0.951, 0.949, 0.950, 0.952, 0.948]))
    var new = maker("new")
    new.results.append(recall(values))
    return try Comparer.compare(base: base.folder(), new: new.folder())
  }

  @Test func `recall half a point away is another product, and its own row says which way`() throws
  {
    let comparison = try withRecall([0.921, 0.919, 0.920, 0.922, 0.918])
    #expect(comparison.refusals.map(\.name) == ["recall"])
    let recall = try #require(comparison.results.first { $0.name == "search.recall" })
    #expect(recall.change.verdict == .worse)
    #expect(
      comparison.results.filter { $0.name != "search.recall" }
        .allSatisfy { $0.change.verdict == .cannotTell })
  }

  @Test func `recall within the band, or apart only by chance, is no obstacle`() throws {
    #expect(try withRecall([0.947, 0.946, 0.948, 0.949, 0.947]).refusals.isEmpty)
    let chance = try withRecall([0.90, 0.97, 0.99, 0.93, 0.92])
    #expect(chance.refusals.isEmpty)
    #expect(chance.differences.contains { $0.name == "recall" && $0.standing == .noted })
  }

  @Test func `runs with nothing in common cannot be compared at all`() throws {
    var other = RunMaker()
    other.name = "other"
    #expect(throws: ComparisonError.nothingInCommon(base: "base", new: "other", notes: [])) {
      try Comparer.compare(base: maker("base").folder(), new: other.folder())
    }
  }
}
