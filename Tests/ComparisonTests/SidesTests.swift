import Comparison
import Measurement
import Pprof
import RunRecords
import Testing
import Vocabulary

/// Several runs a side, and folders whose services are replicas.
struct SidesTests {
  private func run(_ name: String, _ capacity: [Double], kernel: String = "automatic") -> RunFolder
  {
    var maker = RunMaker()
    maker.name = name
    maker.settings["kernel"] = kernel
    maker.results = [
      RunMaker.result("capacity", capacity, unit: .perSecond, direction: .higherIsBetter)
    ]
    return maker.folder()
  }

  /// Trials that agree, around a level of the run.
  private func runs(_ side: String, _ levels: [Double]) -> [RunFolder] {
    levels.enumerated().map { number, level in
      run("\(side)\(number)", [0.999, 1, 1.001, 1, 1].map { $0 * level })
    }
  }

  private func row(_ base: [RunFolder], _ new: [RunFolder]) throws -> (RunComparison, ResultRow) {
    let comparison = try Comparer.compare(base: base, new: new)
    return (comparison, try #require(comparison.results.first))
  }

  @Test func `with several runs a side, a run is one value and their own spread counts`() throws {
    // Trials agree to a tenth of a percent; runs differ by ten.
    let (comparison, row) = try row(
      runs("a", [100, 110, 95, 105]), runs("b", [103, 96, 108, 99]))
    #expect(comparison.procedure.design == .runs)
    #expect(row.baseTrials == 4 && row.newTrials == 4)
    #expect(row.change.verdict == .noDifferenceSeen)
    #expect(try #require(row.change.smallestDetectable) > 0.15)
  }

  @Test func `runs that agree show what the assumed spread would have hidden`() throws {
    let (base, new) = (
      runs("a", [100, 100.2, 99.9, 100.1, 100]), runs("b", [95, 95.1, 94.9, 95.2, 95])
    )
    #expect(try row(base, new).1.change.verdict == .worse)
    #expect(try row([base[0]], [new[0]]).1.change.verdict == .noDifferenceSeen)
  }

  @Test func `one run is held against the spread of five`() throws {
    let base = runs("a", [100, 102, 98, 101, 99])
    #expect(try row(base, runs("b", [101])).1.change.verdict == .noDifferenceSeen)
    #expect(try row(base, runs("b", [50])).1.change.verdict == .worse)
  }

  @Test func `arms of one experiment are tested as pairs, whoever compares them`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    (left.name, right.name) = ("a", "b")
    (left.trials, right.trials) = (8, 8)
    // What drifts touches both; the second is always slower by a tenth.
    let drift = [1, 1.3, 0.8, 1.1, 0.7, 1.4, 0.9, 1.2]
    left.results = [RunMaker.result("cpu.per.search", drift)]
    right.results = [RunMaker.result("cpu.per.search", drift.map { $0 * 1.1 })]
    #expect(try row([left.folder()], [right.folder()]).1.change.verdict == .noDifferenceSeen)
    (left.turns, right.turns) = ("one", "other")
    #expect(try row([left.folder()], [right.folder()]).0.procedure.design == .blocked)
    right.turns = "one"
    let (comparison, paired) = try row([left.folder()], [right.folder()])
    #expect(comparison.procedure.design == .paired && paired.change.verdict == .worse)
    #expect(comparison.notes.contains { $0.contains("ran in turns") })
  }

  @Test func `too few runs to show a spread keep the assumption and say so`() throws {
    let (comparison, row) = try row(runs("a", [100, 101]), runs("b", [99, 100]))
    #expect(comparison.procedure.design == .blocked)
    #expect(row.baseTrials == 10)
    #expect(comparison.notes.contains { $0.contains("too few to show their own spread") })
    // Averaged over two runs a side, it is smaller than for one.
    let single = try self.row(runs("a", [100]), runs("b", [99])).1.change
    #expect(
      try #require(row.change.smallestDetectable) < #require(single.smallestDetectable))
  }

  @Test func `what differs inside a side is no change under test`() throws {
    let mixed = [run("a", [1, 1, 1, 1, 1]), run("b", [1, 1, 1, 1, 1], kernel: "portable")]
    let comparison = try Comparer.compare(
      base: mixed, new: [run("c", [1, 1, 1, 1, 1], kernel: "portable")])
    let kernel = comparison.differences.filter { $0.name == "kernel" }
    #expect(kernel.count == 1)
    let alike = try Comparer.compare(
      base: [run("a", [1, 1, 1, 1, 1])], new: mixed)
    #expect(alike.differences.contains { $0.name == "kernel" })
  }

  // MARK: - Replicas

  /// A folder of somebody else's profiles.
  private func foreign(_ name: String, _ services: [(String, Int64)]) -> RunFolder {
    let profiles = Dictionary(
      uniqueKeysWithValues: services.map { service, samples in
        (
          "\(service)_cpu.pprof",
          RunMaker.profile([RunMaker.Stack(["search", "main"], samples, nil)], seconds: 10)
        )
      })
    return RunFolder(
      path: name, record: nil, environment: nil,
      profileFiles: services.map {
        RunFolder.ProfileFile(
          role: Role(rawValue: $0.0), kind: .cpu, trial: nil, relativePath: "\($0.0)_cpu.pprof")
      }
    ) { try #require(profiles[$0.relativePath]) }
  }

  @Test func `numbered replicas are pooled, per second of one of them, with their spread`() throws {
    let comparison = try Comparer.compare(
      base: foreign("a", [("worker1", 1_000), ("worker2", 3_000)]),
      new: foreign("b", [("worker1", 2_000), ("worker-2", 2_000), ("worker3", 2_000)]))
    let row = try #require(comparison.functions?.rows.first)
    #expect(comparison.functions?.basis == .perSecond)
    #expect(row.role == Role(rawValue: "worker"))
    // 4 s over 20 replica seconds, and 6 s over 30.
    #expect(abs(row.change.base - 0.2) < 1e-9 && abs(row.change.new - 0.2) < 1e-9)
    let spread = try #require(row.baseSpread)
    #expect(abs(spread - 0.7071) < 0.001 && row.newSpread == 0)
    #expect(comparison.base.replicas == ["worker: worker1, worker2"])
    #expect(row.change.verdict == .cannotTell)
  }

  @Test func `a name that ends in a digit stays alone`() throws {
    let comparison = try Comparer.compare(
      base: foreign("a", [("http2", 1_000)]), new: foreign("b", [("http2", 1_000)]))
    #expect(comparison.functions?.rows.first?.role == Role(rawValue: "http2"))
    #expect(comparison.base.replicas.isEmpty)
  }

  @Test func `counts without a unit of time are counts per second`() throws {
    var builder = ProfileBuilder(sampleTypes: [Profile.ValueType("samples", "count")])
    builder.add(stack: [ProfileBuilder.Frame(named: "f")], values: [500])
    builder.setTime(startNanoseconds: 0, durationNanoseconds: 10_000_000_000)
    let profile = builder.profile
    let folder = RunFolder(
      path: "a", record: nil, environment: nil,
      profileFiles: [
        RunFolder.ProfileFile(
          role: .engine, kind: .cpu, trial: nil, relativePath: "engine_cpu.pprof")
      ]
    ) { _ in profile }
    let row = try #require(Comparer.compare(base: folder, new: folder).functions?.rows.first)
    #expect(row.unit == .perSecond && row.change.base == 50)
  }

  @Test func `profiles of nothing are no profiles, and no crash`() throws {
    let empty = foreign("a", [("engine", 0)])
    #expect(throws: ComparisonError.self) {
      let comparison = try Comparer.compare(base: empty, new: empty)
      if comparison.functions?.rows.isEmpty == true {
        throw ComparisonError.nothingInCommon(base: "a", new: "a", notes: [])
      }
    }
  }
}
