import Comparison
import Foundation
import Measurement
import Pprof
import RunRecords
import Testing
import Vocabulary

/// Runs of one and the same program, as a restless machine would give them.
///
/// Each run has a luck of its own (half of it common to all its rows), each trial another, and
/// functions are counted in samples. What the comparison claims about such pairs is false.
private struct EqualRuns {
  var dice: Dice
  /// The spread between runs, as a share.
  var luck: Double
  /// What the new run's quantity or function is multiplied with.
  var planted: [String: Double] = [:]

  static let searchFunctions = 30
  static let insertFunctions = 18

  /// Names, with the noise from trial to trial that such a quantity has.
  static let quantities: [(name: String, noise: Double)] = {
    let headline = Procedure.headlineNames.subtracting(["search.recall"]).sorted().map {
      ($0, $0.hasSuffix("p99") ? 0.1 : 0.02)
    }
    let others = (0..<32).map { ("other.\($0)", [0.02, 0.05, 0.12][$0 % 3]) }
    return headline + others
  }()

  mutating func run(_ name: String) -> RunFolder {
    let isNew = name == "new"
    let common = dice.normal()
    var maker = RunMaker()
    maker.name = name
    let pace = (0..<5).map { _ in dice.normal() }
    maker.results = Self.quantities.map { quantity in
      let own = runLuck(common)
      return RunMaker.result(
        quantity.name,
        pace.map { shared in
          let noise = quantity.noise * (0.55 * shared + 0.84 * dice.normal())
          return 100 * factor(own + noise) * (isNew ? planted[quantity.name] ?? 1 : 1)
        })
    }
    let functions = (0..<(Self.searchFunctions + Self.insertFunctions)).map { _ in runLuck(common) }
    maker.profiles = pace.map { shared in profile(functions, shared, isNew) }
    return maker.folder()
  }

  private mutating func runLuck(_ common: Double) -> Double {
    luck * (0.707 * common + 0.707 * dice.normal())
  }

  private mutating func profile(
    _ luck: [Double], _ shared: Double, _ isNew: Bool
  ) -> Profile {
    RunMaker.profile(
      luck.enumerated().map { index, own in
        let isSearch = index < Self.searchFunctions
        let rank = Double(isSearch ? index : index - Self.searchFunctions)
        let usual = (isSearch ? 1_600 : 900) / (rank + 1.5)
        let kind = isSearch ? "search" : "insert"
        let change = isNew ? planted["\(kind)\(index)"] ?? 1 : 1
        let mean = usual * change * factor(own + 0.02 * shared + 0.03 * dice.normal())
        return RunMaker.Stack(["\(kind)\(index)", "vb_op_\(kind)"], dice.count(mean), kind)
      })
  }

  private func factor(_ logarithm: Double) -> Double { max(0.01, 1 + logarithm) }
}

struct EqualRunsTests {
  private func claims(pairs: Int, seed: UInt64, luck: Double) throws -> (pairs: Int, rows: Int) {
    var runs = EqualRuns(dice: Dice(seed), luck: luck)
    var (claiming, rows) = (0, 0)
    for _ in 0..<pairs {
      let comparison = try Comparer.compare(base: runs.run("base"), new: runs.run("new"))
      let verdicts =
        comparison.results.map(\.change.verdict)
        + (comparison.functions?.rows.map(\.change.verdict) ?? [])
      #expect(verdicts.count > 70 && !verdicts.contains(.cannotTell))
      let found = verdicts.filter { $0 != .noDifferenceSeen }.count
      rows += found
      claiming += found > 0 ? 1 : 0
    }
    return (claiming, rows)
  }

  @Test(arguments: [(0.01, 41 as UInt64), (0.015, 42)])
  func `equal runs are hardly ever called different`(luck: Double, seed: UInt64) throws {
    let claimed = try claims(pairs: 40, seed: seed, luck: luck)
    // Two of forty is 5 %; the true rate is about 1 %.
    #expect(claimed.pairs <= 2, "\(claimed.pairs) of 40 pairs, \(claimed.rows) rows")
  }

  /// The table behind the numbers that `Procedure` documents; minutes long, so on request.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["VBENCH_EQUAL_PAIRS"] != nil,
      "set VBENCH_EQUAL_PAIRS to the number of pairs, such as 400; it takes minutes"))
  func `the table of false and true claims`() throws {
    let wanted = ProcessInfo.processInfo.environment["VBENCH_EQUAL_PAIRS"].flatMap { Int($0) }
    let pairs = try #require(wanted)
    for luck in [0, 0.01, 0.015, 0.02] {
      let claimed = try claims(pairs: pairs, seed: UInt64(1_000 * luck) + 7, luck: luck)
      print("luck \(luck): \(claimed.pairs) of \(pairs) pairs claim, \(claimed.rows) rows")
    }
    for (name, change) in [
      ("cpu.per.search", 1.1), ("cpu.per.search", 1.15), ("other.0", 1.15), ("search0", 1.15),
      ("search0", 1.25), ("search5", 1.25), ("search5", 1.5),
    ] {
      for luck in [0, 0.015] {
        let found = try found(name, change, pairs: pairs / 4, luck: luck)
        print("\(name) ×\(change), luck \(luck): found \(found) of \(pairs / 4)")
      }
    }
  }

  private func found(
    _ name: String, _ change: Double, pairs: Int, luck: Double
  ) throws -> Int {
    var runs = EqualRuns(dice: Dice(99), luck: luck)
    runs.planted = [name: change]
    return try (0..<pairs).filter { _ in
      let comparison = try Comparer.compare(base: runs.run("base"), new: runs.run("new"))
      return comparison.results.contains { $0.name == name && $0.change.verdict == .worse }
        || comparison.functions?.rows.contains { $0.name == name && $0.change.verdict == .worse }
          ?? false
    }.count
  }
}
